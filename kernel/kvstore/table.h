/* SPDX-License-Identifier: GPL-2.0-only */
/* The buckets of a store; between store.c and commit.c */
#ifndef KV_TABLE_H
#define KV_TABLE_H

#include <linux/bitops.h>
#include <linux/rculist.h>

#include "hash.h"
#include "store.h"

/**
 * struct kv_table - the buckets of a store
 * @mask: number of buckets less one
 * @used: bits of those that are not empty; written under store->lock, read by
 *        those who compare store->seq
 * @key: of the hash
 * @buckets: heads; writers hold store->lock, readers RCU
 */
struct kv_table {
	unsigned int mask;
	unsigned long *used;
	struct kv_hash_key key;
	struct hlist_head buckets[];
};

/* That of all stores before their first write: nothing is found in it, and nothing linked. */
extern struct kv_table kv_no_table;

static __always_inline u32 kv_table_hash(const struct kv_table *table, const u8 *key,
					 unsigned int len)
{
	return kv_hash(&table->key, key, len) & table->mask;
}

/* The entry of a key in its bucket, or NULL. Under RCU of any kind or store->lock. */
static __always_inline struct kv_entry *kv_bucket_find(const struct kv_store *store,
						       struct hlist_head *bucket, const u8 *key,
						       unsigned int len)
{
	struct kv_entry *entry;

	hlist_for_each_entry_rcu(entry, bucket, link, lockdep_is_held(&store->lock))
		if (entry->record.key_len == len && kv_same_bytes(entry->record.data, key, len))
			return entry;
	return NULL;
}

/* The entry of a key, or NULL. Under RCU of any kind. */
static __always_inline struct kv_entry *kv_table_find(const struct kv_store *store, const u8 *key,
						      unsigned int len)
{
	struct kv_table *table = rcu_dereference_check(store->table, rcu_read_lock_any_held());

	return kv_bucket_find(store, &table->buckets[kv_table_hash(table, key, len)], key, len);
}

/* The bits of a word of the bitmap of buckets that are not empty. */
static inline unsigned long kv_table_used(const struct kv_table *table, unsigned int word)
{
	return READ_ONCE(table->used[word]);
}

/* Note whether a bucket that has changed is empty; under store->lock. */
static inline void kv_table_note(struct kv_table *table, const struct hlist_head *bucket)
{
	unsigned int i = bucket - table->buckets;
	unsigned long *word = &table->used[i / BITS_PER_LONG];
	unsigned long bit = BIT(i % BITS_PER_LONG);

	WRITE_ONCE(*word, hlist_empty(bucket) ? *word & ~bit : *word | bit);
}

/* The table; under store->lock. */
static inline struct kv_table *kv_table_locked(struct kv_store *store)
{
	return rcu_dereference_protected(store->table, lockdep_is_held(&store->lock));
}

#endif
