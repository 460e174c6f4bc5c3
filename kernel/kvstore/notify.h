/* SPDX-License-Identifier: GPL-2.0-only */
/* Telling other modules of changes */
#ifndef KV_NOTIFY_H
#define KV_NOTIFY_H

#include <linux/types.h>

struct kv_entry;
struct kv_notifier;
struct kv_store;

bool kv_notify_anybody(const struct kv_store *store);
void kv_notify(const struct kv_store *store, const struct kv_entry *old,
	       const struct kv_entry *new);

void kv_notifier_add(struct kv_store *store, struct kv_notifier *notifier);
void kv_notifier_del(struct kv_store *store, struct kv_notifier *notifier);

#endif
