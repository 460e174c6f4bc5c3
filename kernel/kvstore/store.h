/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hash table of one namespace, its revision and its limits. It knows no
 * sockets, no user memory and no permissions.
 */
#ifndef KV_STORE_H
#define KV_STORE_H

#include <linux/mutex.h>
#include <linux/seqlock.h>
#include <linux/types.h>

#include "entry.h"
#include "page.h"
#include "param.h"

struct kv_log;
struct kv_table;
struct net;

/**
 * struct kv_limits - what a store may grow to; the same for all, fixed at load
 * @buckets: size of the hash table, a power of two
 * @max_entries: keys
 * @max_bytes: bytes of all keys and values
 * @log_entries: changes that are kept for watchers, a power of two
 * @max_watches: watches
 */
struct kv_limits {
	unsigned int buckets;
	unsigned int max_entries;
	unsigned long long max_bytes;
	unsigned int log_entries;
	unsigned int max_watches;
};

/**
 * struct kv_store - the keys of one network namespace
 * @table: kv_no_table until the first write, then the same to the end; written
 *         under @lock, read under RCU
 * @log: NULL until the first write or watch, then the same to the end; @lock
 * @limits: constant
 * @lock: writers, one at a time; may be held while sleeping
 * @seq: odd while a commit is becoming visible; written under @lock. Readers
 *       that must not see one by half compare it, and none ever spins on it:
 *       the holder of @lock may be preempted in between
 * @rev: revision, one more for each commit; @lock, read with @seq
 * @created: creations so far; @lock
 * @bytes: bytes of all keys and values; @lock, read with @seq
 * @entries: keys; @lock, read with @seq
 * @sealed: no writes any more; @lock, read with @seq
 * @unsettled: bytes put since the last wait for what they replaced; @lock
 * @net: the namespace; constant
 * @netns: its number, as /proc/PID/ns/net shows it; constant
 * @declared: struct kv_declared; written under @lock, read under RCU
 * @ending: those that are being undeclared; @lock
 * @shown: read-only parameters among them; written under @lock
 * @notifiers: struct kv_notifier of this namespace; @lock
 * @reason: why the last value was refused; @lock
 */
struct kv_store {
	struct kv_table __rcu *table;
	struct kv_log *log;
	const struct kv_limits *limits;
	struct mutex lock;	/* writers */
	seqcount_t seq;
	u64 rev;
	u64 created;
	u64 bytes;
	unsigned int entries;
	bool sealed;
	size_t unsettled;
	struct net *net;
	unsigned int netns;
	struct list_head declared;
	struct list_head ending;
	unsigned int shown;
	struct list_head notifiers;
	struct kv_reason reason;
};

/**
 * struct kv_value - where kv_slot_show() puts what a module makes
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
 * struct kv_listing - one page of a listing
 * @prefix: what the keys start with
 * @prefix_len: bytes of it, 0 for all keys
 * @from: cursor to go on from; zeros for the first page
 * @page: room for the records
 * @cursor: out: where the next page goes on
 * @rev: out: the store's revision when the page was taken
 * @more: out: this is not the end
 * @full: out: a key did not fit
 * @steps: what the page may still look at
 *
 * The rest belongs to the store.
 *
 * @first: the first bytes of the prefix, as a word
 * @first_mask: ones where they are
 */
struct kv_listing {
	const void *prefix;
	unsigned int prefix_len;
	u64 from[2];
	struct kv_page page;
	u64 cursor[2];
	u64 rev;
	bool more;
	bool full;
	unsigned int steps;

	u64 first;
	u64 first_mask;
};

/**
 * struct kv_change - one record of a transaction
 * @op: KV_OP_GET, KV_OP_PUT, KV_OP_DELETE or KV_OP_CHECK
 * @flags: conditions: KV_F_CREATE, KV_F_REPLACE, KV_F_IF_REV
 * @rev: for KV_F_IF_REV
 * @key: the key, of @key_len bytes
 * @key_len: 1 to KV_KEY_MAX
 * @entry: KV_OP_PUT: the new entry; the store's (and NULL) once it is linked
 *
 * The rest belongs to the store.
 *
 * @bucket: the key's bucket
 * @first: the first change of the same key, which holds what follows
 * @old: the key's entry before the transaction
 * @now: its entry after the changes so far
 * @chain: the next first change in the index
 */
struct kv_change {
	enum kv_op op;
	unsigned int flags;
	u64 rev;
	const u8 *key;
	unsigned int key_len;
	struct kv_entry *entry;

	struct hlist_head *bucket;
	struct kv_change *first;
	struct kv_entry *old;
	struct kv_entry *now;
	struct kv_change *chain;
};

/* kv_txn.failed: no record is at fault */
#define KV_NO_RECORD U32_MAX

/**
 * struct kv_transaction - changes that happen together or not at all
 * @changes: @count of them; not for kv_store_fetch()
 * @count: 1 at least
 * @page: room for a record for each KV_OP_GET
 * @failed: out: index of the change that was refused, or KV_NO_RECORD
 * @rev: out: the store's revision
 * @reason: NULL, or KV_REASON_MAX + 1 bytes for the words of an -EDOM
 */
struct kv_transaction {
	struct kv_change *changes;
	unsigned int count;
	struct kv_page page;
	u32 failed;
	u64 rev;
	char *reason;
};

void kv_store_init(struct kv_store *store, const struct kv_limits *limits, struct net *net,
		   unsigned int netns);
void kv_store_destroy(struct kv_store *store);

int __must_check kv_store_commit(struct kv_store *store, struct kv_transaction *txn);
int __must_check kv_store_fetch(struct kv_store *store, struct kv_transaction *txn,
				const struct kv_record *records);
int __must_check kv_store_delete_prefix(struct kv_store *store, const u8 *prefix,
					unsigned int len);
int __must_check kv_store_list(struct kv_store *store, struct kv_listing *listing);
int __must_check kv_store_info(struct kv_store *store, struct kv_info *info);
void kv_store_seal(struct kv_store *store);
struct kv_log *kv_store_log(struct kv_store *store);

/* Between the files of the store */
struct kv_table *kv_store_table(struct kv_store *store);
struct kv_entry *kv_store_find(const struct kv_store *store, const u8 *key, unsigned int len);

/* Whether a module may have declared that the key, with this entry or none, is read-only. */
static inline bool kv_is_shown(const struct kv_store *store, const struct kv_entry *entry)
{
	return entry ? kv_entry_is_shown(entry) : READ_ONCE(store->shown);
}

#endif
