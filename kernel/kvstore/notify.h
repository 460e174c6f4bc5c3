/* SPDX-License-Identifier: GPL-2.0-only */
/* Telling other modules of changes */
#ifndef KV_NOTIFY_H
#define KV_NOTIFY_H

#include <linux/types.h>

#include "callback.h"

struct kv_entry;
struct kv_notifier;
struct kv_store;

/**
 * struct kv_telling - a commit that is being told
 * @store: its store
 * @anybody: there is somebody to tell
 * @caller: whose callbacks are called
 */
struct kv_telling {
	const struct kv_store *store;
	bool anybody;
	struct kv_caller caller;
};

void kv_notify_begin(struct kv_telling *telling, const struct kv_store *store);
void kv_notify(const struct kv_telling *telling, const struct kv_entry *old,
	       const struct kv_entry *new);
void kv_notify_end(struct kv_telling *telling);

void kv_notifier_add(struct kv_store *store, struct kv_notifier *notifier);
void kv_notifier_del(struct kv_store *store, struct kv_notifier *notifier);

#endif
