// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hash table of one namespace, and how it changes.
 *
 * Readers hold RCU and nothing else. A writer takes store->lock and stages a
 * transaction: each change is checked against what the ones before it would
 * leave, and all that can fail is done, while the table stays as it is. Then
 * the outcome becomes visible between commit_begin() and commit_end(), where
 * nothing fails. An entry never changes once it is linked: a put links a new
 * one in the place of the old.
 *
 * A bucket holds its entries in the order in which their keys were created,
 * newest first, and a put keeps the place; list.c stands on that.
 */
#include <linux/build_bug.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "log.h"
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

void kv_store_init(struct kv_store *store, const struct kv_limits *limits)
{
	/* kv_entry.key_len and kv_entry.value_len */
	BUILD_BUG_ON(KV_KEY_MAX > U8_MAX);
	BUILD_BUG_ON(KV_VALUE_MAX > U16_MAX);

	mutex_init(&store->lock);
	seqcount_init(&store->seq);
	store->limits = limits;
}

/* The table */

static u32 hash_of(const struct kv_table *table, const u8 *key, unsigned int len)
{
	return hsiphash(key, len, &table->key) & table->mask;
}

static struct kv_entry *find(const struct kv_store *store, struct hlist_head *bucket,
			     const u8 *key, unsigned int len)
{
	struct kv_entry *entry;

	hlist_for_each_entry_rcu(entry, bucket, link, lockdep_is_held(&store->lock))
		if (entry->key_len == len && !memcmp(entry->data, key, len))
			return entry;
	return NULL;
}

/**
 * kv_store_find() - the entry of a key
 * @store: store
 * @key: its bytes
 * @len: number of them
 *
 * Context: under RCU, in which alone the entry lasts; any.
 * Return: the entry or NULL.
 */
struct kv_entry *kv_store_find(const struct kv_store *store, const u8 *key, unsigned int len)
{
	struct kv_table *table = rcu_dereference(store->table);

	return table ? find(store, &table->buckets[hash_of(table, key, len)], key, len) : NULL;
}

/**
 * kv_store_buckets() - the buckets, store->limits->buckets of them
 * @store: store
 *
 * Context: any.
 * Return: the first bucket; they last as long as the store. NULL before the first write.
 */
struct hlist_head *kv_store_buckets(const struct kv_store *store)
{
	struct hlist_head *buckets;
	struct kv_table *table;

	rcu_read_lock();
	table = rcu_dereference(store->table);
	buckets = table ? table->buckets : NULL;
	rcu_read_unlock();
	return buckets;
}

static struct kv_table *table_locked(struct kv_store *store)
{
	return rcu_dereference_protected(store->table, lockdep_is_held(&store->lock));
}

/* The log, made now if nobody needed it before; NULL without memory. */
static struct kv_log *log_make(struct kv_store *store)
{
	lockdep_assert_held(&store->lock);
	if (!store->log)	/* with release, since INFO looks at it without the lock */
		smp_store_release(&store->log,
				  kv_log_alloc(store->limits->log_entries, store->rev));
	return store->log;
}

/* The table, made now if this is the store's first write, and the log; NULL without memory. */
static struct kv_table *table_make(struct kv_store *store)
{
	struct kv_table *table = table_locked(store);

	if (table)
		return table;
	if (!log_make(store))
		return NULL;
	table = kv_buffer_zalloc(struct_size(table, buckets, store->limits->buckets));
	if (!table)
		return NULL;
	get_random_bytes(&table->key, sizeof(table->key));
	table->mask = store->limits->buckets - 1;
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

	for (i = 0; table && i <= table->mask; i++) {
		hlist_for_each_entry_safe(entry, next, &table->buckets[i], link)
			kv_entry_put(entry);
		cond_resched();
	}
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

/* Commits */

static void commit_begin(struct kv_store *store)
{
	lockdep_assert_held(&store->lock);
	kv_log_begin(store->log);
	raw_write_seqcount_begin(&store->seq);
}

static void commit_end(struct kv_store *store)
{
	store->rev++;
	raw_write_seqcount_end(&store->seq);
	kv_log_end(store->log, store->rev);
}

/*
 * What is replaced and deleted stays charged to the writers until readers are
 * done with it, and whoever puts fast makes more of it than RCU frees by
 * itself. So of so much that is put, the writer waits for the rest to go.
 */
#define KV_UNSETTLED_MAX 1048576	/* bytes */

static bool is_unsettled(struct kv_store *store)
{
	lockdep_assert_held(&store->lock);
	if (store->unsettled < KV_UNSETTLED_MAX)
		return false;
	store->unsettled = 0;
	return true;
}

static void link_entry(struct kv_store *store, struct hlist_head *bucket, struct kv_entry *entry,
		       struct kv_entry *old)
{
	store->unsettled += sizeof(*entry) + kv_entry_bytes(entry);
	store->bytes += kv_entry_bytes(entry);
	if (old) {
		entry->created = old->created;
		hlist_replace_rcu(&old->link, &entry->link);
		store->bytes -= kv_entry_bytes(old);
	} else {
		entry->created = ++store->created;
		hlist_add_head_rcu(&entry->link, bucket);
		store->entries++;
	}
	kv_log_add(store->log, KV_OP_PUT, entry, store->rev + 1);
	if (old)
		kv_entry_put(old);
}

static void unlink_entry(struct kv_store *store, struct kv_entry *entry)
{
	hlist_del_rcu(&entry->link);
	store->bytes -= kv_entry_bytes(entry);
	store->entries--;
	kv_log_add(store->log, KV_OP_DELETE, entry, store->rev + 1);
	kv_entry_put(entry);
}

/**
 * struct staged - what the changes so far would leave
 * @store: store
 * @table: its table; NULL before the first write
 * @page: room for the records of KV_OP_GET
 * @index: first changes, by the hash of their keys
 * @mask: size of @index less one
 * @bytes: as store->bytes
 * @entries: as store->entries
 */
struct staged {
	struct kv_store *store;
	struct kv_table *table;
	struct kv_page *page;
	struct kv_change **index;
	u32 mask;
	u64 bytes;
	unsigned int entries;
};

/* The first change of the same key; of a key that is new here, the change itself. */
static struct kv_change *first_of_key(struct staged *staged, struct kv_change *change)
{
	struct kv_change *first, **chain;
	u32 hash = 0;

	if (staged->table)
		hash = hash_of(staged->table, change->key, change->key_len);
	chain = &staged->index[hash & staged->mask];
	for (first = *chain; first; first = first->chain)
		if (first->key_len == change->key_len &&
		    !memcmp(first->key, change->key, change->key_len))
			return first;
	change->chain = *chain;
	*chain = change;
	if (staged->table) {
		change->bucket = &staged->table->buckets[hash];
		change->old = find(staged->store, change->bucket, change->key, change->key_len);
	}
	change->now = change->old;
	return change;
}

/* Whether @entry, the key's or NULL, is what the caller wants it to be. */
static int check(const struct kv_entry *entry, const struct kv_change *change)
{
	if (!entry)
		return change->op == KV_OP_DELETE ||
		       change->flags & (KV_F_REPLACE | KV_F_IF_REV) ? -ENOENT : 0;
	if (change->flags & KV_F_CREATE)
		return -EEXIST;
	if (change->flags & KV_F_IF_REV && entry->changed != change->rev)
		return -ESTALE;
	return 0;
}

/* Whether the entry may come into the store, in the place of @now if that is not NULL. */
static int stage_put(struct staged *staged, struct kv_entry *entry, const struct kv_entry *now)
{
	const struct kv_limits *limits = staged->store->limits;
	u64 bytes = staged->bytes - (now ? kv_entry_bytes(now) : 0) + kv_entry_bytes(entry);

	if (!now && staged->entries >= limits->max_entries)
		return -ENOSPC;
	if (bytes > limits->max_bytes)
		return -EDQUOT;
	entry->changed = staged->store->rev + 1;
	staged->bytes = bytes;
	staged->entries += !now;
	return 0;
}

/**
 * kv_change_read() - do a change that changes nothing: KV_OP_GET or KV_OP_CHECK
 * @change: change
 * @page: where the record goes
 * @entry: the key's entry or NULL
 *
 * Context: under RCU or store->lock.
 * Return: 0, -EEXIST, -ENOENT, -ESTALE, -EPERM or -ERANGE.
 */
int kv_change_read(const struct kv_change *change, struct kv_page *page,
		   const struct kv_entry *entry)
{
	struct kv_record none = { .op = KV_OP_GET, .key_len = change->key_len };

	if (change->op == KV_OP_CHECK)
		return check(entry, change);
	if (entry && entry->flags & KV_F_PRIVATE && !page->show_private)
		return -EPERM;
	if (!(entry ? kv_page_add_entry(page, KV_OP_GET, entry) :
		      kv_page_add(page, &none, change->key)))
		return -ERANGE;
	return 0;
}

static int stage(struct staged *staged, struct kv_change *change)
{
	struct kv_change *first = first_of_key(staged, change);
	struct kv_entry *now = first->now;
	int err;

	change->first = first;
	if (change->op != KV_OP_PUT && change->op != KV_OP_DELETE)
		return kv_change_read(change, staged->page, now);
	err = check(now, change);
	if (!err && change->op == KV_OP_PUT)
		err = stage_put(staged, change->entry, now);
	if (err)
		return err;
	if (change->op == KV_OP_DELETE) {
		staged->bytes -= kv_entry_bytes(now);
		staged->entries--;
	}
	first->now = change->entry;	/* of a KV_OP_DELETE, NULL */
	return 0;
}

static bool has_changed(const struct kv_change *change)
{
	return change->first == change && change->now != change->old;
}

/* Make what was staged visible. Nothing fails here. */
static void commit(struct kv_store *store, struct kv_transaction *txn)
{
	struct kv_change *change, *end = txn->changes + txn->count;

	commit_begin(store);
	for (change = txn->changes; change < end; change++) {
		if (!has_changed(change))
			continue;
		if (change->now)
			link_entry(store, change->bucket, change->now, change->old);
		else
			unlink_entry(store, change->old);
	}
	commit_end(store);
	/* Of several puts of one key, the last entry is the store's. */
	for (change = txn->changes; change < end; change++)
		if (change->entry == change->first->now)
			change->entry = NULL;
}

static int commit_locked(struct kv_store *store, struct kv_transaction *txn,
			 struct kv_change **index, u32 mask)
{
	struct staged staged = {
		.store = store,
		.page = &txn->page,
		.index = index,
		.mask = mask,
		.bytes = store->bytes,
		.entries = store->entries,
	};
	bool changed = false, puts = false;
	unsigned int i;
	int err = 0;

	txn->rev = store->rev;
	if (store->sealed)
		return -EROFS;
	for (i = 0; i < txn->count && !puts; i++)
		puts = txn->changes[i].entry;
	staged.table = puts ? table_make(store) : table_locked(store);
	if (puts && !staged.table)
		return -ENOMEM;
	for (i = 0; i < txn->count && !err; i++)
		err = stage(&staged, &txn->changes[i]);
	if (err) {
		if (err != -ERANGE)
			txn->failed = i - 1;
		return err;
	}
	for (i = 0; i < txn->count && !changed; i++)
		changed = has_changed(&txn->changes[i]);
	if (changed)
		commit(store, txn);
	txn->rev = store->rev;
	return 0;
}

/**
 * kv_store_commit() - do a transaction that may write, all or nothing
 * @store: store
 * @txn: keys of KV_OP_PUT valid, their entries filled; each record sees what
 *       those before it did
 *
 * Context: may sleep.
 * Return: 0; a record's -EEXIST, -ENOENT, -ESTALE, -ENOSPC, -EDQUOT or -EPERM,
 * with txn->failed; or -EROFS, -ENOMEM, or -ERANGE if txn->page is too small.
 */
int kv_store_commit(struct kv_store *store, struct kv_transaction *txn)
{
	struct kv_change *single = NULL, **index = &single;
	u32 size = roundup_pow_of_two(txn->count);
	bool unsettled;
	int err;

	txn->failed = KV_NO_RECORD;
	if (size > 1)
		index = kv_buffer_zalloc(array_size(size, sizeof(*index)));
	if (!index)
		return -ENOMEM;
	mutex_lock(&store->lock);
	err = commit_locked(store, txn, index, size - 1);
	unsettled = is_unsettled(store);
	mutex_unlock(&store->lock);
	if (unsettled)
		rcu_barrier();
	if (size > 1)
		kvfree(index);
	return err;
}

static int delete_prefix_locked(struct kv_store *store, const u8 *prefix, unsigned int len)
{
	struct kv_table *table = table_locked(store);
	struct hlist_node *next;
	struct kv_entry *entry;
	bool found = false;
	unsigned int i;

	if (store->sealed)
		return -EROFS;
	for (i = 0; table && i <= table->mask; i++) {
		hlist_for_each_entry_safe(entry, next, &table->buckets[i], link) {
			if (!kv_entry_starts_with(entry, prefix, len))
				continue;
			if (!found)
				commit_begin(store);
			found = true;
			unlink_entry(store, entry);
		}
		cond_resched();
	}
	if (!found)
		return -ENOENT;
	commit_end(store);
	return 0;
}

/**
 * kv_store_delete_prefix() - delete all keys that start with a prefix, as one change
 * @store: store
 * @prefix: its bytes
 * @len: number of them
 *
 * Context: may sleep. Needs no memory.
 * Return: 0; -ENOENT if no key starts so; -EROFS.
 */
int kv_store_delete_prefix(struct kv_store *store, const u8 *prefix, unsigned int len)
{
	int err;

	mutex_lock(&store->lock);
	err = delete_prefix_locked(store, prefix, len);
	mutex_unlock(&store->lock);
	return err;
}

/**
 * kv_store_get() - copy the value of a key
 * @store: store
 * @key: its bytes
 * @len: number of them
 * @value: where it goes
 *
 * Takes no lock and writes no shared memory.
 *
 * Context: any, softirq included.
 * Return: 0; -ENOENT; -ERANGE if the value is longer than value->size, with
 * all of @value but the bytes filled in.
 */
int kv_store_get(const struct kv_store *store, const u8 *key, unsigned int len,
		 struct kv_value *value)
{
	const struct kv_entry *entry;
	int err = -ENOENT;

	rcu_read_lock();
	entry = kv_store_find(store, key, len);
	if (entry) {
		value->len = entry->value_len;
		value->flags = entry->flags;
		value->rev = entry->changed;
		err = value->len > value->size ? -ERANGE : 0;
		if (!err)
			memcpy(value->buf, entry->data + entry->key_len, entry->value_len);
	}
	rcu_read_unlock();
	return err;
}
