/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The store of one network namespace: its table, revision and limits, and the
 * commands on it. Knows neither sockets nor user memory, and calls declared
 * parameters and notifiers through struct kv_hooks.
 */
#ifndef KV_STORE_H
#define KV_STORE_H

#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/seqlock.h>
#include <linux/types.h>

#include "store/entry.h"
#include "store/hash.h"
#include "store/log.h"
#include "record.h"

struct kv_param;
struct kv_params;
struct kv_store;
struct kv_transaction;

/* The most bytes of a value that a module computes. */
#define KV_COMPUTED_MAX 128

/**
 * struct kv_limits - limits of every store; fixed when the module loads
 * @buckets: buckets of the hash table, a power of two
 * @max_entries: keys
 * @max_bytes: bytes of all keys and values
 * @log_entries: changes that are kept for watchers, a power of two
 * @max_watches: open watches
 */
struct kv_limits {
	unsigned int buckets;
	unsigned int max_entries;
	unsigned long long max_bytes;
	unsigned int log_entries;
	unsigned int max_watches;
};

/* A reason and its NUL byte */
#define KV_REASON_SIZE (KV_REASON_MAX + 1)

/**
 * struct kv_reason - why a module refused a value
 * @param: the parameter at fault, or NULL
 * @text: the reason in words; "" if the module gave none
 */
struct kv_reason {
	const struct kv_param *param;
	char text[KV_REASON_SIZE];
};

/**
 * struct kv_hooks - how a store calls declared parameters and notifiers
 * @stage: stage a change: the key gets @entry or, with NULL, loses its entry. Called
 *         if store->declared is not 0. Marks the entry of a declared key. Returns 0,
 *         -EDOM with store->reason, or -ENOMEM
 * @prepare: do everything that can still fail, after all changes were staged.
 *           Returns 0; -EDOM with store->reason, and txn->failed if a record is at
 *           fault; -ENOMEM
 * @commit: apply the staged changes, which then become visible; cannot fail
 * @abort: drop the staged changes
 * @global_notifiers: number of notifiers of all namespaces
 * @notify_begin: begin to notify of a visible commit; called if there are notifiers
 * @notify: call the notifiers of a key whose entry @old was replaced by @new; either
 *          may be NULL
 * @notify_end: end what @notify_begin began
 * @compute: write the value of a computed key to @buf, of KV_COMPUTED_MAX bytes.
 *           Returns its length; -ENOENT if the key is not computed
 *
 * Context: @compute: any. All others: store->lock is held; may sleep.
 */
struct kv_hooks {
	int (*stage)(struct kv_store *store, const struct kv_operation *operation,
		     struct kv_entry *entry);
	int (*prepare)(struct kv_store *store, struct kv_transaction *txn);
	void (*commit)(struct kv_store *store);
	void (*abort)(struct kv_store *store);
	const unsigned int *global_notifiers;
	void (*notify_begin)(struct kv_store *store);
	void (*notify)(struct kv_store *store, const struct kv_entry *old,
		       const struct kv_entry *new);
	void (*notify_end)(struct kv_store *store);
	int (*compute)(const struct kv_store *store, const u8 *key, unsigned int len, u8 *buf);
};

/**
 * struct kv_table - the buckets of a store
 * @mask: number of buckets less one
 * @used: a bit for each bucket that is not empty; written under store->lock, read
 *        by readers that compare store->seq
 * @key: hash key
 * @buckets: heads; writers hold store->lock, readers RCU
 */
struct kv_table {
	unsigned int mask;
	unsigned long *used;
	struct kv_hash_key key;
	struct hlist_head buckets[];
};

/* The table of every store before its first write: one empty bucket. */
extern struct kv_table kv_no_table;

/**
 * struct kv_store - the keys of one network namespace
 * @table: kv_no_table until the first write, constant afterwards; written under
 *         @lock, read under RCU
 * @log: NULL until the first write or watch, constant afterwards; written under
 *       @lock, read under it or with acquire
 * @limits: constant
 * @hooks: constant
 * @params: state of @hooks; constant
 * @lock: the writers' lock: its holder may change the store, and may sleep
 * @seq: odd while a commit is becoming visible; written under @lock. Readers that
 *       must see each commit whole compare it. None ever spins on it: the holder
 *       of @lock may be preempted
 * @rev: revision, incremented by each commit; written under @lock, read with @seq
 * @created: creations so far; @lock
 * @bytes: bytes of all keys and values; written under @lock, read with @seq
 * @entries: keys; written under @lock, read with @seq
 * @sealed: the store is read-only; written under @lock, read with @seq
 * @reclaimable: bytes put since a writer last waited for replaced entries to be
 *               freed; @lock
 * @netns: number of the namespace, as /proc/PID/ns/net shows it; constant
 * @declared: declared keys; @lock
 * @computed: computed keys among them; written under @lock
 * @notifiers: notifiers of this namespace; @lock
 * @reason: why the last value was refused; @lock
 */
struct kv_store {
	struct kv_table __rcu *table;
	struct kv_log *log;
	const struct kv_limits *limits;
	const struct kv_hooks *hooks;
	struct kv_params *params;
	struct mutex lock;	/* the writer */
	seqcount_t seq;
	u64 rev;
	u64 created;
	u64 bytes;
	unsigned int entries;
	bool sealed;
	size_t reclaimable;
	unsigned int netns;
	unsigned int declared;
	unsigned int computed;
	unsigned int notifiers;
	struct kv_reason reason;
};

/* kv_transaction.failed: no record is at fault */
#define KV_NO_RECORD U32_MAX

/**
 * struct kv_transaction - operations that happen together or not at all
 * @operations: @count of them, accepted by kv_operation_check()
 * @count: 1 at least
 * @reply: a record for each KV_OP_GET is appended here
 * @reason: NULL, or KV_REASON_SIZE bytes for the reason of an -EDOM
 * @failed: out: index of the operation that was refused, or KV_NO_RECORD
 * @rev: out: the store's revision
 */
struct kv_transaction {
	const struct kv_operation *operations;
	unsigned int count;
	struct kv_records reply;
	char *reason;
	u32 failed;
	u64 rev;
};

/**
 * struct kv_listing - one page of a listing
 * @prefix: prefix of the keys
 * @from: cursor of the page; zeros for the first page
 * @page: buffer for the records
 * @cursor: out: cursor of the next page
 * @rev: out: the store's revision when the page was taken
 * @more: out: there is a next page
 * @full: private to the listing: an entry did not fit
 * @steps: private: steps that the page may still take
 */
struct kv_listing {
	struct kv_prefix prefix;
	u64 from[2];
	struct kv_records page;
	u64 cursor[2];
	u64 rev;
	bool more;
	bool full;
	unsigned int steps;
};

/* store.c */
void kv_store_init(struct kv_store *store, const struct kv_limits *limits, unsigned int netns,
		   const struct kv_hooks *hooks, struct kv_params *params);
void kv_store_destroy(struct kv_store *store);
struct kv_table *kv_store_table(struct kv_store *store);
struct kv_log *kv_store_log(struct kv_store *store);
void kv_store_seal(struct kv_store *store);
struct kv_entry *kv_store_find(const struct kv_store *store, const u8 *key, unsigned int len);
int kv_store_get(const struct kv_store *store, const struct kv_entry *entry,
		 const struct kv_operation *get, struct kv_records *reply);
int kv_store_answer_slow(const struct kv_store *store, const struct kv_entry *entry,
			 const struct kv_operation *get, struct kv_records *reply);

/* commit.c and snapshot.c */
int __must_check kv_store_commit(struct kv_store *store, struct kv_transaction *txn);
int __must_check kv_store_read(struct kv_store *store, struct kv_transaction *txn);
int __must_check kv_store_list(struct kv_store *store, struct kv_listing *listing);
int __must_check kv_store_info(struct kv_store *store, struct kv_info *info);

/* True if a key with this entry, or with none, may be computed by a module. */
static inline bool kv_may_be_computed(const struct kv_store *store, const struct kv_entry *entry)
{
	return entry ? kv_entry_is_computed(entry) : READ_ONCE(store->computed);
}

/**
 * kv_store_answer() - append the record that answers a KV_OP_GET of a transaction
 * @store: store
 * @entry: the key's entry, or NULL
 * @get: operation
 * @reply: buffer
 *
 * Context: any; under RCU or store->lock.
 * Return: as kv_store_get(), except that a missing key gets a record without a value
 * and with revision 0.
 */
static __always_inline int kv_store_answer(const struct kv_store *store,
					   const struct kv_entry *entry,
					   const struct kv_operation *get,
					   struct kv_records *reply)
{
	if (likely(entry && kv_entry_append_public(reply, KV_OP_GET, entry)))
		return 0;
	return kv_store_answer_slow(store, entry, get, reply);
}

/* Evaluate the condition of an operation against the entry of its key, or NULL. */
static __always_inline int kv_check_condition(const struct kv_entry *entry,
					      const struct kv_operation *operation)
{
	if (!entry)
		return operation->op == KV_OP_DELETE ||
		       operation->flags & (KV_F_REPLACE | KV_F_IF_REV) ? -ENOENT : 0;
	if (operation->flags & KV_F_CREATE)
		return -EEXIST;
	if (operation->flags & KV_F_IF_REV && entry->record.rev != operation->rev)
		return -ESTALE;
	return 0;
}

/* The table; under store->lock. */
static inline struct kv_table *kv_table_locked(struct kv_store *store)
{
	return rcu_dereference_protected(store->table, lockdep_is_held(&store->lock));
}

/* The bucket of a key. */
static __always_inline u32 kv_table_bucket(const struct kv_table *table, const u8 *key,
					   unsigned int len)
{
	return kv_hash(&table->key, key, len) & table->mask;
}

/* The entry of a key in its bucket, or NULL. Under any kind of RCU or store->lock. */
static __always_inline struct kv_entry *kv_bucket_find(const struct kv_store *store,
						       struct hlist_head *bucket, const u8 *key,
						       unsigned int len)
{
	struct kv_entry *entry;

	hlist_for_each_entry_rcu(entry, bucket, link, lockdep_is_held(&store->lock))
		if (kv_entry_has_key(entry, key, len))
			return entry;
	return NULL;
}

/* kv_store_find() as an inline function. */
static __always_inline struct kv_entry *kv_table_find(const struct kv_store *store, const u8 *key,
						      unsigned int len)
{
	struct kv_table *table = rcu_dereference_check(store->table,
						       rcu_read_lock_any_held() ||
						       lockdep_is_held(&store->lock));

	return kv_bucket_find(store, &table->buckets[kv_table_bucket(table, key, len)], key, len);
}

#endif
