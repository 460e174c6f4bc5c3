/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hash table of one namespace, its revision and its limits. It knows no
 * sockets, no user memory and no permissions.
 */
#ifndef KV_STORE_H
#define KV_STORE_H

#include <linux/gfp.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/seqlock.h>
#include <linux/types.h>

#include <kv_proto.h>

/* A writer whose memory cgroup is full gets ENOMEM, not the OOM killer. */
#define KV_GFP (GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

struct kv_table;

/**
 * struct kv_limits - what a store may grow to; the same for all, fixed at load
 * @buckets: size of the hash table, a power of two
 * @max_entries: keys
 * @max_bytes: bytes of all keys and values
 */
struct kv_limits {
	unsigned int buckets;
	unsigned int max_entries;
	unsigned long long max_bytes;
};

/**
 * struct kv_entry - one key and its value; immutable once linked
 * @link: place in its bucket, newest key first; writers hold store->lock,
 *        readers RCU
 * @rcu: for the grace period between unlinking and freeing
 * @created: number of the key's creation in this store; orders the bucket and
 *           survives a put
 * @changed: revision of the last put
 * @value_len: bytes of value in @data, after the key
 * @key_len: bytes of key in @data
 * @flags: KV_F_PRIVATE or none
 * @data: the key, then the value
 */
struct kv_entry {
	struct hlist_node link;
	struct rcu_head rcu;
	u64 created;
	u64 changed;
	u16 value_len;
	u8 key_len;
	u8 flags;
	u8 data[];
};

/**
 * struct kv_store - the keys of one network namespace
 * @table: NULL until the first write, then the same to the end; written under
 *         @lock, read under RCU
 * @limits: constant
 * @lock: writers, one at a time; may be held while sleeping
 * @seq: odd while a commit is becoming visible; written under @lock. Readers
 *       that must not see one by half compare it, and none ever spins on it:
 *       the holder of @lock may be preempted in between
 * @rev: revision, one more for each commit; @lock, read with @seq
 * @created: creations so far; @lock
 * @bytes: bytes of all keys and values; @lock, read with @seq
 * @entries: keys; @lock, read with @seq
 */
struct kv_store {
	struct kv_table __rcu *table;
	const struct kv_limits *limits;
	struct mutex lock;	/* writers */
	seqcount_t seq;
	u64 rev;
	u64 created;
	u64 bytes;
	unsigned int entries;
};

/**
 * struct kv_value - where kv_store_get() puts what it found
 * @buf: room for the value
 * @size: bytes of it
 * @len: out: bytes of the value, also where it did not fit
 * @flags: out: flags of the entry
 * @rev: out: revision of the last put
 */
struct kv_value {
	void *buf;
	unsigned int size;
	unsigned int len;
	unsigned int flags;
	u64 rev;
};

/**
 * struct kv_page - one page of a listing
 * @prefix: what the keys start with
 * @prefix_len: bytes of it, 0 for all keys
 * @show_private: give private values too
 * @from: cursor to go on from; zeros for the first page
 * @buf: room for the records, aligned to 8
 * @size: bytes of it
 * @len: out: bytes of the records, a multiple of 8
 * @cursor: out: where the next page goes on; @from if no record was added
 * @rev: out: the store's revision when the page was taken
 * @count: out: records
 * @more: out: a key did not fit
 * @secret: out: a private value is among them
 */
struct kv_page {
	const void *prefix;
	unsigned int prefix_len;
	bool show_private;
	u64 from[2];
	void *buf;
	size_t size;
	size_t len;
	u64 cursor[2];
	u64 rev;
	unsigned int count;
	bool more;
	bool secret;
};

void kv_store_init(struct kv_store *store, const struct kv_limits *limits);
void kv_store_destroy(struct kv_store *store);

bool kv_key_valid(const u8 *key, unsigned int len);

struct kv_entry *kv_entry_alloc(unsigned int key_len, unsigned int value_len, unsigned int flags);
void kv_entry_free(struct kv_entry *entry);

int __must_check kv_store_put(struct kv_store *store, struct kv_entry *entry,
			      unsigned int conditions, u64 rev);
int __must_check kv_store_delete(struct kv_store *store, const u8 *key, unsigned int len,
				 unsigned int conditions, u64 rev);
int __must_check kv_store_delete_prefix(struct kv_store *store, const u8 *prefix,
					unsigned int len);
int __must_check kv_store_get(const struct kv_store *store, const u8 *key, unsigned int len,
			      struct kv_value *value);
int __must_check kv_store_list(struct kv_store *store, struct kv_page *page);
void kv_store_info(struct kv_store *store, struct kv_info *info);

#endif
