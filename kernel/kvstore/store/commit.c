// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a store changes: one path for every request that may write.
 *
 * A writer takes store->lock and stages the operations: each is checked against
 * the results of those before it, and by the module that declared the key.
 * Everything that can fail is done before the table changes. Then the fields of
 * declared parameters are written, the changes become visible between
 * commit_begin() and commit_end(), and notifiers are called; none of this fails.
 * A put links a new entry in the place of the old.
 */
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "store/store.h"
#include "trace.h"

/**
 * struct kv_change - an operation while it is staged
 * @operation: operation
 * @entry: KV_OP_PUT: the new entry; NULL once it is linked
 * @bucket: the key's bucket
 * @first: the first change of the same key; only that one uses the fields below
 * @old: the key's entry before the transaction
 * @now: its entry after the operations so far
 * @chain: next first change with the same hash in the index
 */
struct kv_change {
	const struct kv_operation *operation;
	struct kv_entry *entry;
	struct hlist_head *bucket;
	struct kv_change *first;
	struct kv_entry *old;
	struct kv_entry *now;
	struct kv_change *chain;
};

/**
 * struct staged - a transaction while it is staged
 * @store: store
 * @txn: the transaction
 * @table: the store's table
 * @changes: one for each operation
 * @index: first changes, by the hash of their keys
 * @mask: size of @index less one
 * @puts: one of the operations is a put
 * @bytes: store->bytes after the operations so far
 * @entries: store->entries after the operations so far
 */
struct staged {
	struct kv_store *store;
	struct kv_transaction *txn;
	struct kv_table *table;
	struct kv_change *changes;
	struct kv_change **index;
	u32 mask;
	bool puts;
	u64 bytes;
	unsigned int entries;
};

/* Making changes visible */

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

/* Set or clear the bit of a bucket that has changed. */
static void update_used_bit(struct kv_store *store, const struct hlist_head *bucket)
{
	struct kv_table *table = kv_table_locked(store);
	unsigned int i = bucket - table->buckets;
	unsigned long *word = &table->used[i / BITS_PER_LONG];
	unsigned long bit = BIT(i % BITS_PER_LONG);

	WRITE_ONCE(*word, hlist_empty(bucket) ? *word & ~bit : *word | bit);
}

/* Log and trace one change. */
static inline void record_change(struct kv_store *store, enum kv_op op, struct kv_entry *entry)
{
	kv_log_add(store->log, op, entry, store->rev + 1);
	trace_kv_commit(store->netns, store->rev + 1, op, entry->record.data,
			entry->record.key_len, op == KV_OP_PUT ? entry->record.value_len : 0);
}

/* Link an entry, in the place of @old if there is one; the caller drops the reference to @old. */
static void link_entry(struct kv_store *store, struct hlist_head *bucket, struct kv_entry *entry,
		       struct kv_entry *old)
{
	store->reclaimable += sizeof(*entry) + kv_entry_bytes(entry);
	store->bytes += kv_entry_bytes(entry);
	if (old) {
		entry->created = old->created;
		hlist_replace_rcu(&old->link, &entry->link);
		store->bytes -= kv_entry_bytes(old);
	} else {
		entry->created = ++store->created;
		hlist_add_head_rcu(&entry->link, bucket);
		update_used_bit(store, bucket);
		store->entries++;
	}
	record_change(store, KV_OP_PUT, entry);
}

/* Unlink an entry; the caller drops the reference to it. */
static void unlink_entry(struct kv_store *store, struct hlist_head *bucket,
			 struct kv_entry *entry)
{
	hlist_del_rcu(&entry->link);
	update_used_bit(store, bucket);
	store->bytes -= kv_entry_bytes(entry);
	store->entries--;
	record_change(store, KV_OP_DELETE, entry);
}

/* Operations on single keys */

/* The first change of the same key: @change itself if there is none before it. */
static struct kv_change *find_first(struct staged *staged, struct kv_change *change)
{
	const struct kv_operation *operation = change->operation;
	u32 bucket = kv_table_bucket(staged->table, operation->key, operation->key_len);
	struct kv_change *first, **chain = &staged->index[bucket & staged->mask];

	for (first = *chain; first; first = first->chain)
		if (first->operation->key_len == operation->key_len &&
		    !memcmp(first->operation->key, operation->key, operation->key_len))
			return first;
	change->chain = *chain;
	*chain = change;
	change->bucket = &staged->table->buckets[bucket];
	change->old = kv_bucket_find(staged->store, change->bucket, operation->key,
				     operation->key_len);
	change->now = change->old;
	return change;
}

/* Check the limits with @entry in the place of @now, and account for it. */
static int stage_put(struct staged *staged, struct kv_entry *entry, const struct kv_entry *now)
{
	const struct kv_limits *limits = staged->store->limits;
	u64 bytes = staged->bytes - (now ? kv_entry_bytes(now) : 0) + kv_entry_bytes(entry);

	if (!now && staged->entries >= limits->max_entries)
		return -ENOSPC;
	if (bytes > limits->max_bytes)
		return -EDQUOT;
	entry->record.rev = staged->store->rev + 1;
	staged->bytes = bytes;
	staged->entries += !now;
	return 0;
}

static int stage(struct staged *staged, struct kv_change *change)
{
	const struct kv_operation *operation = change->operation;
	struct kv_change *first = find_first(staged, change);
	struct kv_store *store = staged->store;
	struct kv_entry *now = first->now;
	int err;

	change->first = first;
	if (operation->op == KV_OP_GET)
		return kv_store_answer(store, now, operation, &staged->txn->reply);
	err = kv_check_condition(now, operation);
	if (operation->op == KV_OP_CHECK)
		return err;
	if (!err && operation->op == KV_OP_PUT)
		err = stage_put(staged, change->entry, now);
	if (!err && unlikely(store->declared))
		err = store->hooks->stage(store, operation, change->entry);
	if (err)
		return err;
	if (operation->op == KV_OP_DELETE) {
		staged->bytes -= kv_entry_bytes(now);
		staged->entries--;
	}
	first->now = change->entry;
	return 0;
}

/* Stage all operations; on failure txn->failed is the one at fault, if any is. */
static int stage_all(struct staged *staged)
{
	struct kv_transaction *txn = staged->txn;
	unsigned int i;
	int err = 0;

	for (i = 0; i < txn->count && !err; i++)
		err = stage(staged, &staged->changes[i]);
	if (err && err != -ERANGE && err != -ENOMEM)
		txn->failed = i - 1;
	return err;
}

static bool has_changed(const struct kv_change *change)
{
	return change->first == change && change->now != change->old;
}

static bool any_has_changed(const struct staged *staged)
{
	const struct kv_change *change, *end = staged->changes + staged->txn->count;

	for (change = staged->changes; change < end; change++)
		if (has_changed(change))
			return true;
	return false;
}

/*
 * Notifiers of all namespaces are registered without store->lock. One that this
 * misses was registered after the commit became visible, and can read the changes.
 */
static bool has_notifiers(const struct kv_store *store)
{
	return store->notifiers || READ_ONCE(*store->hooks->global_notifiers);
}

static void notify_changes(struct staged *staged)
{
	struct kv_change *change, *end = staged->changes + staged->txn->count;
	struct kv_store *store = staged->store;

	store->hooks->notify_begin(store);
	for (change = staged->changes; change < end; change++)
		if (has_changed(change))
			store->hooks->notify(store, change->old, change->now);
	store->hooks->notify_end(store);
}

/* Make the staged operations visible, and call notifiers. */
static void apply_all(struct staged *staged)
{
	struct kv_change *change, *end = staged->changes + staged->txn->count;
	struct kv_store *store = staged->store;

	commit_begin(store);
	for (change = staged->changes; change < end; change++) {
		if (!has_changed(change))
			continue;
		if (change->now)
			link_entry(store, change->bucket, change->now, change->old);
		else
			unlink_entry(store, change->bucket, change->old);
	}
	commit_end(store);
	if (unlikely(has_notifiers(store)))
		notify_changes(staged);
	for (change = staged->changes; change < end; change++) {
		if (change->old && has_changed(change))
			kv_entry_put(change->old);
		/* If a key was put several times, only its last entry is linked. */
		if (change->entry == change->first->now)
			change->entry = NULL;
	}
}

/* Deleting all keys with a prefix, which needs no memory unless some are declared */

static int stage_prefix(struct staged *staged)
{
	const struct kv_operation *delete = staged->txn->operations;
	struct kv_table *table = staged->table;
	struct kv_store *store = staged->store;
	struct kv_operation one = { .op = KV_OP_DELETE };
	struct kv_prefix prefix;
	struct kv_entry *entry;
	bool found = false;
	unsigned int i;
	int err;

	kv_prefix_init(&prefix, delete->key, delete->key_len);
	for_each_set_bit(i, table->used, table->mask + 1) {
		hlist_for_each_entry(entry, &table->buckets[i], link) {
			if (!kv_entry_has_prefix(entry, &prefix))
				continue;
			found = true;
			if (!(entry->record.flags & KV_F_DECLARED))
				continue;
			one.key = entry->record.data;
			one.key_len = entry->record.key_len;
			err = store->hooks->stage(store, &one, NULL);
			if (err)
				goto refused;
		}
		cond_resched();
	}
	if (found)
		return 0;
	err = -ENOENT;

refused:
	if (err != -ENOMEM)
		staged->txn->failed = 0;
	return err;
}

/* Unlink the entries with the prefix; returns them as a chain. */
static struct kv_entry *unlink_prefix(struct staged *staged)
{
	const struct kv_operation *delete = staged->txn->operations;
	struct kv_table *table = staged->table;
	struct kv_entry *entry, *chain = NULL;
	struct kv_prefix prefix;
	struct hlist_node *next;
	unsigned int i;

	kv_prefix_init(&prefix, delete->key, delete->key_len);
	for_each_set_bit(i, table->used, table->mask + 1) {
		hlist_for_each_entry_safe(entry, next, &table->buckets[i], link) {
			if (!kv_entry_has_prefix(entry, &prefix))
				continue;
			unlink_entry(staged->store, &table->buckets[i], entry);
			entry->chain = chain;
			chain = entry;
		}
		cond_resched();
	}
	return chain;
}

static void apply_prefix(struct staged *staged)
{
	struct kv_store *store = staged->store;
	struct kv_entry *entry, *next;
	bool notify;

	commit_begin(store);
	entry = unlink_prefix(staged);
	commit_end(store);
	notify = has_notifiers(store);
	if (notify)
		store->hooks->notify_begin(store);
	for (; entry; entry = next) {
		next = entry->chain;
		if (notify)
			store->hooks->notify(store, entry, NULL);
		kv_entry_put(entry);
		cond_resched();
	}
	if (notify)
		store->hooks->notify_end(store);
}

/* The transaction */

/* Trace the refused operation, and copy the reason for the caller. */
static void report_refusal(const struct staged *staged, int err)
{
	const struct kv_transaction *txn = staged->txn;
	const struct kv_operation *refused = &txn->operations[txn->failed];
	const struct kv_store *store = staged->store;
	const char *reason = err == -EDOM ? store->reason.text : "";

	trace_kv_refuse(store->netns, refused->key, refused->key_len, -err,
			refused->flags & KV_F_PRIVATE ? "" : reason);
	if (txn->reason)
		strscpy(txn->reason, reason, KV_REASON_SIZE);
}

/* Stage the operations and call prepare(). Sets *apply if something changes. */
static int stage_and_prepare(struct staged *staged, bool prefix, bool *apply)
{
	struct kv_store *store = staged->store;
	int err = prefix ? stage_prefix(staged) : stage_all(staged);

	*apply = !err && (prefix || any_has_changed(staged));
	if (*apply && unlikely(store->declared))
		err = store->hooks->prepare(store, staged->txn);
	if (err)
		*apply = false;
	return err;
}

static int commit_locked(struct staged *staged)
{
	struct kv_transaction *txn = staged->txn;
	bool prefix = txn->operations->flags & KV_F_PREFIX, apply;
	struct kv_store *store = staged->store;
	int err;

	txn->rev = store->rev;
	if (store->sealed)
		return -EROFS;
	staged->table = staged->puts ? kv_store_table(store) : kv_table_locked(store);
	if (!staged->table)
		return -ENOMEM;
	staged->bytes = store->bytes;
	staged->entries = store->entries;
	err = stage_and_prepare(staged, prefix, &apply);
	if (unlikely(store->declared)) {
		if (apply)
			store->hooks->commit(store);
		else
			store->hooks->abort(store);
	}
	if (apply && prefix)
		apply_prefix(staged);
	else if (apply)
		apply_all(staged);
	if (txn->failed != KV_NO_RECORD)
		report_refusal(staged, err);
	txn->rev = store->rev;
	return err;
}

/*
 * Replaced and deleted entries stay charged to their writers until a grace period
 * has passed, and a fast writer replaces entries faster than RCU frees them. So a
 * writer waits for RCU each time KV_RECLAIM_BYTES more have been put.
 */
#define KV_RECLAIM_BYTES 1048576

static bool take_reclaim_due(struct kv_store *store)
{
	lockdep_assert_held(&store->lock);
	if (store->reclaimable < KV_RECLAIM_BYTES)
		return false;
	store->reclaimable = 0;
	return true;
}

/* Make the entries of the puts. free_entries() frees those that are not linked. */
static int make_entries(struct staged *staged)
{
	const struct kv_transaction *txn = staged->txn;
	struct kv_change *change = staged->changes;
	bool waited = false;
	unsigned int i;

	for (i = 0; i < txn->count; i++, change++) {
		const struct kv_operation *operation = &txn->operations[i];

		change->operation = operation;
		if (operation->op != KV_OP_PUT)
			continue;
		staged->puts = true;
		change->entry = kv_entry_make(operation, &waited);
		if (!change->entry)
			return -ENOMEM;
	}
	return 0;
}

static void free_entries(struct staged *staged)
{
	struct kv_change *change, *end = staged->changes + staged->txn->count;

	for (change = staged->changes; change < end; change++)
		if (change->entry)
			kv_entry_free(change->entry);
}

static int lock_and_commit(struct staged *staged)
{
	struct kv_store *store = staged->store;
	bool reclaim;
	int err = mutex_lock_killable(&store->lock);

	if (err)
		return err;
	err = commit_locked(staged);
	reclaim = take_reclaim_due(store);
	mutex_unlock(&store->lock);
	if (reclaim)
		rcu_barrier();
	return err;
}

/* Allocate the changes and their index, for more than one operation: 0 or -ENOMEM. */
static int alloc_changes(struct staged *staged, unsigned int count)
{
	u32 size = roundup_pow_of_two(count);

	staged->changes = kv_zalloc(array_size(count, sizeof(*staged->changes)) +
				    size * sizeof(*staged->index));
	if (!staged->changes)
		return -ENOMEM;
	staged->index = (struct kv_change **)(staged->changes + count);
	staged->mask = size - 1;
	return 0;
}

/**
 * kv_store_commit() - do a transaction that may write, all or nothing
 * @store: store
 * @txn: each operation sees the results of those before it
 *
 * Context: may sleep. A delete with KV_F_PREFIX needs no memory, unless one of
 * the keys is declared.
 * Return: 0; an operation's -EEXIST, -ENOENT, -ESTALE, -ENOSPC, -EDQUOT, -EDOM or
 * -EPERM, with txn->failed; or -EROFS; -ENOMEM; -EINTR if a fatal signal arrives
 * before the lock is taken; -ERANGE if txn->reply is too small.
 */
int kv_store_commit(struct kv_store *store, struct kv_transaction *txn)
{
	struct kv_change single = { }, *index = NULL;
	struct staged staged = {
		.store = store, .txn = txn, .changes = &single, .index = &index,
	};
	int err;

	txn->failed = KV_NO_RECORD;
	if (txn->count > 1 && alloc_changes(&staged, txn->count))
		return -ENOMEM;
	err = make_entries(&staged);
	if (!err)
		err = lock_and_commit(&staged);
	free_entries(&staged);
	if (txn->count > 1)
		kvfree(staged.changes);
	return err;
}
