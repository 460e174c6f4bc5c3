// SPDX-License-Identifier: GPL-2.0-only
/* The log: the last changes of a store */
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "store/log.h"

/**
 * kv_log_alloc() - allocate an empty log
 * @size: events that it can hold, a power of two
 * @rev: the store's current revision
 * @netns: number of the store's namespace
 *
 * Context: may sleep. Charged to the caller's memory cgroup.
 * Return: the log, with one reference, or NULL.
 */
struct kv_log *kv_log_alloc(unsigned int size, u64 rev, unsigned int netns)
{
	struct kv_log *log;

	log = kv_zalloc(struct_size(log, events, size));
	if (!log)
		return NULL;
	log->page = alloc_page(KV_GFP | __GFP_ZERO);
	if (!log->page) {
		kvfree(log);
		return NULL;
	}
	refcount_set(&log->users, 1);
	mutex_init(&log->lock);
	init_waitqueue_head(&log->wait);
	log->mask = size - 1;
	log->rev = rev;
	log->compacted = rev;
	log->netns = netns;
	WRITE_ONCE(*(u64 *)page_address(log->page), rev);
	return log;
}

/**
 * kv_log_oldest() - the number of the oldest event in the log
 * @log: log
 *
 * Context: any; log->lock, unless the log has no other users.
 * Return: the number; log->next if the log is empty.
 */
u64 kv_log_oldest(const struct kv_log *log)
{
	return log->next > log->mask ? log->next - log->mask - 1 : 0;
}

/**
 * kv_log_get() - take a reference
 * @log: log
 *
 * Context: any.
 */
void kv_log_get(struct kv_log *log)
{
	refcount_inc(&log->users);
}

/**
 * kv_log_put() - drop a reference; the last one frees the log
 * @log: log
 *
 * Context: may sleep.
 */
void kv_log_put(struct kv_log *log)
{
	u64 n;

	if (!refcount_dec_and_test(&log->users))
		return;
	for (n = kv_log_oldest(log); n < log->next; n++) {
		kv_entry_put(log->events[n & log->mask].entry);
		cond_resched();
	}
	put_page(log->page);
	kvfree(log);
}

/**
 * kv_log_close() - give all watches an end of file, when the namespace is destroyed
 * @log: log; the caller's reference is dropped
 *
 * Context: may sleep.
 */
void kv_log_close(struct kv_log *log)
{
	mutex_lock(&log->lock);
	log->dead = true;
	mutex_unlock(&log->lock);
	wake_up_all(&log->wait);
	kv_log_put(log);
}

/**
 * kv_log_begin() - begin to append the events of one commit
 * @log: log; locked until kv_log_end(), so that readers get the events together
 *
 * Context: may sleep; store->lock.
 */
void kv_log_begin(struct kv_log *log)
{
	mutex_lock(&log->lock);
}

/**
 * kv_log_add() - append an event, which overwrites the oldest if the log is full
 * @log: log, between kv_log_begin() and kv_log_end()
 * @op: KV_OP_PUT or KV_OP_DELETE
 * @entry: the entry that was put or deleted; the log takes a reference
 * @rev: revision of the commit
 *
 * Context: any; log->lock.
 */
void kv_log_add(struct kv_log *log, enum kv_op op, struct kv_entry *entry, u64 rev)
{
	struct kv_event *event = &log->events[log->next & log->mask];

	lockdep_assert_held(&log->lock);
	if (event->entry) {
		log->compacted = event->rev;
		kv_entry_put(event->entry);
	}
	refcount_inc(&entry->refs);
	event->op = op;
	event->entry = entry;
	event->rev = rev;
	log->next++;
}

/**
 * kv_log_end() - complete a commit and wake the watchers
 * @log: log
 * @rev: revision of the commit
 *
 * Context: may sleep; store->lock.
 */
void kv_log_end(struct kv_log *log, u64 rev)
{
	log->rev = rev;
	/*
	 * The entries must be visible before the revision: libkv caches values
	 * under the revision that it sees in the page.
	 */
	smp_wmb();
	WRITE_ONCE(*(u64 *)page_address(log->page), rev);
	mutex_unlock(&log->lock);
	/* A watcher joins the queue before it looks for events under the lock. */
	if (wq_has_sleeper(&log->wait))
		wake_up_all(&log->wait);
}

/**
 * kv_log_after() - the number of the first event after a revision
 * @log: log
 * @rev: revision
 *
 * Context: any; log->lock.
 * Return: the number; U64_MAX if later events were overwritten, or if the store has
 * not reached the revision.
 */
u64 kv_log_after(struct kv_log *log, u64 rev)
{
	u64 low = kv_log_oldest(log), high = log->next;

	lockdep_assert_held(&log->lock);
	if (rev < log->compacted || rev > log->rev)
		return U64_MAX;
	/* Events below low are of rev or an older revision, those from high on are newer. */
	while (low < high) {
		u64 middle = low + (high - low) / 2;

		if (log->events[middle & log->mask].rev <= rev)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/**
 * kv_log_info() - fill in the fields of INFO that belong to the log
 * @log: log
 * @info: out: oldest_rev and watches
 *
 * Context: may sleep.
 */
void kv_log_info(struct kv_log *log, struct kv_info *info)
{
	mutex_lock(&log->lock);
	info->oldest_rev = log->compacted;
	info->watches = log->watches;
	mutex_unlock(&log->lock);
}
