/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The log: the last changes of a store, for its watchers. It is a ring of fixed
 * size. A watcher holds a position in it, and needs no memory for each change.
 */
#ifndef KV_LOG_H
#define KV_LOG_H

#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "store/entry.h"

struct kv_info;
struct page;

/**
 * struct kv_event - one change of one key
 * @entry: KV_OP_PUT: the new entry; KV_OP_DELETE: the deleted one, for its key
 * @rev: revision of the change
 * @op: KV_OP_PUT or KV_OP_DELETE
 */
struct kv_event {
	struct kv_entry *entry;
	u64 rev;
	enum kv_op op;
};

/**
 * struct kv_log - the log of a store; outlives the store while watches are open
 * @users: references of the store and of each watch
 * @lock: protects everything below, unless noted; nests inside store->lock
 * @wait: watchers, woken after a commit; has its own lock
 * @page: for mmap(): its first 8 bytes are the store's revision; constant pointer
 * @next: number of the next event; event n is in events[n & mask]
 * @rev: the store's revision after the last logged commit
 * @compacted: revision of the newest event that has been overwritten
 * @watches: open watches
 * @dead: the namespace has been destroyed
 * @netns: number of the namespace; constant
 * @mask: size of the ring less one; constant
 * @events: the ring
 */
struct kv_log {
	refcount_t users;
	struct mutex lock;	/* the events and watches */
	wait_queue_head_t wait;
	struct page *page;
	u64 next;
	u64 rev;
	u64 compacted;
	unsigned int watches;
	bool dead;
	unsigned int netns;
	unsigned int mask;
	struct kv_event events[];
};

struct kv_log *kv_log_alloc(unsigned int size, u64 rev, unsigned int netns);
void kv_log_get(struct kv_log *log);
void kv_log_put(struct kv_log *log);
void kv_log_close(struct kv_log *log);

void kv_log_begin(struct kv_log *log);
void kv_log_add(struct kv_log *log, enum kv_op op, struct kv_entry *entry, u64 rev);
void kv_log_end(struct kv_log *log, u64 rev);

u64 kv_log_after(struct kv_log *log, u64 rev);
void kv_log_info(struct kv_log *log, struct kv_info *info);
u64 kv_log_oldest(const struct kv_log *log);

#endif
