// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store of one network namespace: its allocation and destruction, and reads of
 * single keys. commit.c changes it, snapshot.c reads several keys at one revision.
 *
 * A lookup needs RCU only. A linked entry never changes, except for KV_F_DECLARED in
 * its flags and KV_SIZE_COMPUTED in its size.
 *
 * The entries of a bucket are in the order in which their keys were created, the
 * newest first; a put links the new entry in the place of the old one. The cursor of
 * listings relies on this order.
 */
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "store/store.h"

static unsigned long no_bits;
struct kv_table kv_no_table __ro_after_init = {
	.used = &no_bits,
	.buckets = { HLIST_HEAD_INIT },
};

/**
 * kv_store_init() - initialise an empty store
 * @store: zeroed
 * @limits: limits of all stores
 * @netns: number of its namespace
 * @hooks: declared parameters and notifiers
 * @params: state of @hooks for this store
 *
 * Context: any.
 */
void kv_store_init(struct kv_store *store, const struct kv_limits *limits, unsigned int netns,
		   const struct kv_hooks *hooks, struct kv_params *params)
{
	mutex_init(&store->lock);
	seqcount_init(&store->seq);
	RCU_INIT_POINTER(store->table, &kv_no_table);
	store->limits = limits;
	store->netns = netns;
	store->hooks = hooks;
	store->params = params;
}

/**
 * kv_store_destroy() - free everything that a store holds
 * @store: store of a namespace that has no sockets and no readers any more
 *
 * Context: may sleep.
 */
void kv_store_destroy(struct kv_store *store)
{
	struct kv_table *table = rcu_dereference_protected(store->table, true);
	struct hlist_node *next;
	struct kv_entry *entry;
	unsigned int i;

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

/* The log, allocated at the first call; NULL without memory. */
static struct kv_log *log_get_or_create(struct kv_store *store)
{
	lockdep_assert_held(&store->lock);
	if (!store->log)	/* with release, since INFO reads it without the lock */
		smp_store_release(&store->log,
				  kv_log_alloc(store->limits->log_entries, store->rev,
					       store->netns));
	return store->log;
}

static struct kv_table *table_alloc(unsigned int buckets)
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
 * kv_store_table() - the table, with a log; both are allocated at the first write
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
	if (!log_get_or_create(store))
		return NULL;
	table = table_alloc(store->limits->buckets);
	if (!table)
		return NULL;
	rcu_assign_pointer(store->table, table);
	return table;
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
	log = log_get_or_create(store);
	if (log)
		kv_log_get(log);
	mutex_unlock(&store->lock);
	return log;
}

/**
 * kv_store_seal() - make the store read-only, which nothing undoes
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

/**
 * kv_store_find() - the entry of a key
 * @store: store
 * @key: @len bytes
 * @len: 1 to KV_KEY_MAX
 *
 * Context: any; under RCU or store->lock, which keep the entry.
 * Return: the entry or NULL.
 */
struct kv_entry *kv_store_find(const struct kv_store *store, const u8 *key, unsigned int len)
{
	return kv_table_find(store, key, len);
}

/* Append the record of a computed key: 0, -ERANGE, or -ENOENT if it is not computed. */
static int get_computed(const struct kv_store *store, const struct kv_operation *get,
			struct kv_records *reply)
{
	u8 value[KV_COMPUTED_MAX];
	int len = store->hooks->compute(store, get->key, get->key_len, value);
	struct kv_record head = {
		.op = KV_OP_GET,
		.flags = KV_F_DECLARED,
		.key_len = get->key_len,
		.value_len = len,
	};

	if (len < 0)
		return len;
	return kv_records_append(reply, &head, get->key, value) ? 0 : -ERANGE;
}

/**
 * kv_store_get() - append the record that answers a KV_OP_GET
 * @store: store
 * @entry: the key's entry, or NULL
 * @get: operation
 * @reply: buffer
 *
 * Context: any; under RCU or store->lock.
 * Return: 0; -ENOENT if there is no such key; -EPERM for a private value, unless
 * reply->show_private; -ERANGE if the record does not fit.
 */
int kv_store_get(const struct kv_store *store, const struct kv_entry *entry,
		 const struct kv_operation *get, struct kv_records *reply)
{
	if (kv_may_be_computed(store, entry)) {
		int err = get_computed(store, get, reply);

		if (err != -ENOENT)
			return err;
	}
	if (!entry)
		return -ENOENT;
	if (kv_entry_is_private(entry) && !reply->show_private)
		return -EPERM;
	return kv_entry_append(reply, KV_OP_GET, entry) ? 0 : -ERANGE;
}

/* Slow path of kv_store_answer(): missing, private or computed keys, records that do not fit. */
int kv_store_answer_slow(const struct kv_store *store, const struct kv_entry *entry,
			 const struct kv_operation *get, struct kv_records *reply)
{
	struct kv_record none = { .op = KV_OP_GET, .key_len = get->key_len };
	int err = kv_store_get(store, entry, get, reply);

	if (err != -ENOENT)
		return err;
	return kv_records_append(reply, &none, get->key, NULL) ? 0 : -ERANGE;
}
