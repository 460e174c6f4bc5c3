// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hash table of one namespace: what is in it and how it is found. commit.c
 * changes it.
 *
 * Readers hold RCU and nothing else. An entry never changes once it is linked,
 * but for KV_F_DECLARED in its flags and KV_SIZE_SHOWN in its size.
 *
 * A bucket holds its entries in the order in which their keys were created,
 * newest first, and a put keeps the place; list.c stands on that.
 */
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "buffer.h"
#include "log.h"
#include "param.h"
#include "store.h"
#include "table.h"

/**
 * kv_store_init() - an empty store
 * @store: zeroed
 * @limits: of all stores
 * @net: its namespace; NULL in a test
 * @netns: the namespace's number
 */
void kv_store_init(struct kv_store *store, const struct kv_limits *limits, struct net *net,
		   unsigned int netns)
{
	mutex_init(&store->lock);
	seqcount_init(&store->seq);
	INIT_LIST_HEAD(&store->declared);
	INIT_LIST_HEAD(&store->ending);
	INIT_LIST_HEAD(&store->notifiers);
	RCU_INIT_POINTER(store->table, &kv_no_table);
	store->limits = limits;
	store->net = net;
	store->netns = netns;
}

/* The table */

static unsigned long no_bits;
struct kv_table kv_no_table __ro_after_init = {
	.used = &no_bits,
	.buckets = { HLIST_HEAD_INIT },
};

/**
 * kv_store_find() - the entry of a key
 * @store: store
 * @key: its bytes
 * @len: number of them, 1 to KV_KEY_MAX
 *
 * Context: under RCU, in which alone the entry lasts; any.
 * Return: the entry or NULL.
 */
struct kv_entry *kv_store_find(const struct kv_store *store, const u8 *key, unsigned int len)
{
	return kv_table_find(store, key, len);
}

/* The log, made now if nobody needed it before; NULL without memory. */
static struct kv_log *log_make(struct kv_store *store)
{
	lockdep_assert_held(&store->lock);
	if (!store->log)	/* with release, since INFO looks at it without the lock */
		smp_store_release(&store->log,
				  kv_log_alloc(store->limits->log_entries, store->rev,
					       store->netns));
	return store->log;
}

static struct kv_table *kv_table_alloc(unsigned int buckets)
{
	struct kv_table *table;
	size_t size = struct_size(table, buckets, buckets);

	table = kv_zalloc(size + BITS_TO_LONGS(buckets) * sizeof(long));
	if (!table)
		return NULL;
	table->mask = buckets - 1;
	table->used = (unsigned long *)(table->buckets + buckets);
	kv_hash_key_init(&table->key);
	return table;
}

/**
 * kv_store_table() - the table, made now if this is the store's first write, and the log
 * @store: store
 *
 * Context: may sleep; store->lock.
 * Return: the table, or NULL without memory.
 */
struct kv_table *kv_store_table(struct kv_store *store)
{
	struct kv_table *table = kv_table_locked(store);

	if (table != &kv_no_table)
		return table;
	if (!log_make(store))
		return NULL;
	table = kv_table_alloc(store->limits->buckets);
	if (!table)
		return NULL;
	rcu_assign_pointer(store->table, table);
	return table;
}

/**
 * kv_store_destroy() - free all that a store holds
 * @store: of a namespace that has no sockets and no readers any more
 *
 * Context: may sleep.
 */
void kv_store_destroy(struct kv_store *store)
{
	struct kv_table *table = rcu_dereference_protected(store->table, true);
	struct hlist_node *next;
	struct kv_entry *entry;
	unsigned int i;

	WARN_ON(!list_empty(&store->declared) || !list_empty(&store->notifiers));
	for (i = 0; i <= table->mask; i++) {
		hlist_for_each_entry_safe(entry, next, &table->buckets[i], link)
			kv_entry_put(entry);
		cond_resched();
	}
	if (table != &kv_no_table)
		kvfree(table);
	if (store->log)
		kv_log_close(store->log);
}

/**
 * kv_store_log() - the log of the store
 * @store: store
 *
 * Context: may sleep.
 * Return: the log, referenced for the caller, or NULL without memory.
 */
struct kv_log *kv_store_log(struct kv_store *store)
{
	struct kv_log *log;

	mutex_lock(&store->lock);
	log = log_make(store);
	if (log)
		kv_log_get(log);
	mutex_unlock(&store->lock);
	return log;
}

/**
 * kv_store_seal() - no writes from now on
 * @store: store
 *
 * Context: may sleep.
 */
void kv_store_seal(struct kv_store *store)
{
	mutex_lock(&store->lock);
	raw_write_seqcount_begin(&store->seq);
	store->sealed = true;
	raw_write_seqcount_end(&store->seq);
	mutex_unlock(&store->lock);
}
