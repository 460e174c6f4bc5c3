/* SPDX-License-Identifier: GPL-2.0-only */
/* The watch descriptor */
#ifndef KV_WATCH_H
#define KV_WATCH_H

#include <linux/types.h>

struct file;
struct kv_store;
struct user_namespace;

struct file *kv_watch_open(struct kv_store *store, struct user_namespace *owner, bool admin,
			   const void *prefix, unsigned int prefix_len, u64 rev);

#endif
