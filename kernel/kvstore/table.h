/* SPDX-License-Identifier: GPL-2.0-only */
/* The buckets of a store; between store.c and commit.c */
#ifndef KV_TABLE_H
#define KV_TABLE_H

#include <linux/rculist.h>
#include <linux/siphash.h>
#include <linux/string.h>

#include "store.h"

/**
 * struct kv_table - the buckets of a store
 * @key: random, so that nobody can foretell which keys share a bucket
 * @mask: number of buckets less one
 * @buckets: heads; writers hold store->lock, readers RCU
 */
struct kv_table {
	hsiphash_key_t key;
	unsigned int mask;
	struct hlist_head buckets[];
};

static inline u32 kv_table_hash(const struct kv_table *table, const u8 *key, unsigned int len)
{
	return hsiphash(key, len, &table->key) & table->mask;
}

/* The entry of a key in its bucket, or NULL. Under RCU or store->lock. */
static inline struct kv_entry *kv_bucket_find(const struct kv_store *store,
					      struct hlist_head *bucket, const u8 *key,
					      unsigned int len)
{
	struct kv_entry *entry;

	hlist_for_each_entry_rcu(entry, bucket, link, lockdep_is_held(&store->lock))
		if (entry->key_len == len && !memcmp(entry->data, key, len))
			return entry;
	return NULL;
}

/* The table, or NULL before the first write; under store->lock. */
static inline struct kv_table *kv_table_locked(struct kv_store *store)
{
	return rcu_dereference_protected(store->table, lockdep_is_held(&store->lock));
}

#endif
