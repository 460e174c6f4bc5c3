// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a store changes.
 *
 * A writer takes store->lock and stages a transaction: each change is checked
 * against what the ones before it would leave, and by those who declared the
 * key, and all that can fail is done, while the table stays as it is. Then the
 * parameters follow, the outcome becomes visible between commit_begin() and
 * commit_end(), and whoever asked for it is told; nothing of that fails. A put
 * links a new entry in the place of the old.
 */
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "answer.h"
#include "buffer.h"
#include "log.h"
#include "notify.h"
#include "param.h"
#include "store.h"
#include "table.h"
#include "trace.h"

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

/* What they take out of the table, the caller gives up when all have been told of it. */
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
		kv_table_note(kv_table_locked(store), bucket);
		store->entries++;
	}
	kv_log_add(store->log, KV_OP_PUT, entry, store->rev + 1);
	trace_kv_commit(store->netns, store->rev + 1, KV_OP_PUT, entry->record.data,
			entry->record.key_len, entry->record.value_len);
}

static void unlink_entry(struct kv_store *store, struct hlist_head *bucket,
			 struct kv_entry *entry)
{
	hlist_del_rcu(&entry->link);
	kv_table_note(kv_table_locked(store), bucket);
	store->bytes -= kv_entry_bytes(entry);
	store->entries--;
	kv_log_add(store->log, KV_OP_DELETE, entry, store->rev + 1);
	trace_kv_commit(store->netns, store->rev + 1, KV_OP_DELETE, entry->record.data,
			entry->record.key_len, 0);
}

/**
 * struct staged - what the changes so far would leave
 * @store: store
 * @table: its table
 * @page: room for the records of KV_OP_GET
 * @index: first changes, by the hash of their keys
 * @mask: size of @index less one
 * @bytes: as store->bytes
 * @entries: as store->entries
 * @updates: of declared parameters
 */
struct staged {
	struct kv_store *store;
	struct kv_table *table;
	struct kv_page *page;
	struct kv_change **index;
	u32 mask;
	u64 bytes;
	unsigned int entries;
	struct list_head updates;
};

/* The first change of the same key; of a key that is new here, the change itself. */
static struct kv_change *first_of_key(struct staged *staged, struct kv_change *change)
{
	struct kv_change *first, **chain;
	u32 hash = kv_table_hash(staged->table, change->key, change->key_len);

	chain = &staged->index[hash & staged->mask];
	for (first = *chain; first; first = first->chain)
		if (first->key_len == change->key_len &&
		    !memcmp(first->key, change->key, change->key_len))
			return first;
	change->chain = *chain;
	*chain = change;
	change->bucket = &staged->table->buckets[hash];
	change->old = kv_bucket_find(staged->store, change->bucket, change->key, change->key_len);
	change->now = change->old;
	return change;
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
	entry->record.rev = staged->store->rev + 1;
	staged->bytes = bytes;
	staged->entries += !now;
	return 0;
}

/* Ask those who declared the key. */
static int stage_parameter(struct staged *staged, struct kv_change *change)
{
	struct kv_slot *slot;

	if (likely(list_empty(&staged->store->declared)))
		return 0;
	slot = kv_slot_find(staged->store, change->key, change->key_len);
	if (!slot)
		return 0;
	if (change->entry)	/* a read-only one refuses it */
		change->entry->record.flags |= KV_F_DECLARED;
	return kv_update_put(&staged->updates, slot, change->entry);
}

static int stage(struct staged *staged, struct kv_change *change)
{
	struct kv_change *first = first_of_key(staged, change);
	struct kv_entry *now = first->now;
	int err;

	change->first = first;
	if (change->op == KV_OP_GET)
		return kv_answer_get(staged->store, now, change->key, change->key_len,
				     staged->page);
	err = kv_answer_check(now, change->op, change->flags, change->rev);
	if (change->op == KV_OP_CHECK)
		return err;
	if (!err && change->op == KV_OP_PUT)
		err = stage_put(staged, change->entry, now);
	if (!err)
		err = stage_parameter(staged, change);
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

/* Tell of what has become visible. */
static noinline void tell(struct kv_store *store, const struct kv_transaction *txn)
{
	const struct kv_change *change, *end = txn->changes + txn->count;
	struct kv_caller caller;

	kv_callback_begin(&caller);
	for (change = txn->changes; change < end; change++)
		if (has_changed(change))
			kv_notify(store, change->old, change->now);
	kv_callback_end(&caller);
}

/* Make what was staged visible, and tell of it. Nothing fails here. */
static void commit(struct kv_store *store, struct kv_transaction *txn, struct staged *staged)
{
	struct kv_change *change, *end = txn->changes + txn->count;

	if (!list_empty(&staged->updates))
		kv_updates_commit(&staged->updates);
	commit_begin(store);
	for (change = txn->changes; change < end; change++) {
		if (!has_changed(change))
			continue;
		if (change->now)
			link_entry(store, change->bucket, change->now, change->old);
		else
			unlink_entry(store, change->bucket, change->old);
	}
	commit_end(store);
	if (unlikely(kv_notify_anybody(store)))
		tell(store, txn);
	for (change = txn->changes; change < end; change++) {
		if (change->old && has_changed(change))
			kv_entry_put(change->old);
		/* Of several puts of one key, the last entry is the store's. */
		if (change->entry == change->first->now)
			change->entry = NULL;
	}
}

/* Stage the records; on failure txn->failed is the one that is at fault, if any is. */
static int stage_all(struct staged *staged, struct kv_transaction *txn)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < txn->count && !err; i++)
		err = stage(staged, &txn->changes[i]);
	if (err && err != -ERANGE && err != -ENOMEM)
		txn->failed = i - 1;
	return err;
}

/*
 * The record whose value was refused when all had been staged: the last one of
 * the parameter that was named, or else of any that is declared.
 */
static u32 refused_record(const struct kv_store *store, const struct kv_transaction *txn)
{
	const struct kv_param *param = store->reason.param;
	const struct kv_change *change;
	u32 any = KV_NO_RECORD, i;
	struct kv_slot *slot;

	for (i = txn->count; i-- > 0;) {
		change = &txn->changes[i];
		if (change->op != KV_OP_PUT && change->op != KV_OP_DELETE)
			continue;
		slot = kv_slot_find(store, change->key, change->key_len);
		if (slot && slot->param == param)
			return i;
		if (slot && any == KV_NO_RECORD)
			any = i;
	}
	return any;
}

static int prepare(struct staged *staged, struct kv_transaction *txn)
{
	int err = kv_updates_prepare(&staged->updates);

	if (err == -EDOM)
		txn->failed = refused_record(staged->store, txn);
	return err;
}

static bool changes_any(const struct kv_transaction *txn)
{
	unsigned int i;

	for (i = 0; i < txn->count; i++)
		if (has_changed(&txn->changes[i]))
			return true;
	return false;
}

/* Keep what was refused and why, for the caller and for those who trace. */
static void refuse(const struct kv_store *store, struct kv_transaction *txn, int err)
{
	const char *reason = err == -EDOM ? store->reason.text : "";
	const struct kv_change *change = &txn->changes[txn->failed];
	bool is_private = change->entry && change->entry->record.flags & KV_F_PRIVATE;

	trace_kv_refuse(store->netns, change->key, change->key_len, -err,
			is_private ? "" : reason);
	if (txn->reason)
		strscpy(txn->reason, reason, KV_REASON_MAX + 1);
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
		.updates = LIST_HEAD_INIT(staged.updates),
	};
	bool puts = false;
	unsigned int i;
	int err;

	txn->rev = store->rev;
	if (store->sealed)
		return -EROFS;
	for (i = 0; i < txn->count && !puts; i++)
		puts = txn->changes[i].entry;
	staged.table = puts ? kv_store_table(store) : kv_table_locked(store);
	if (!staged.table)
		return -ENOMEM;
	err = stage_all(&staged, txn);
	if (!err && changes_any(txn)) {
		err = prepare(&staged, txn);
		if (!err)
			commit(store, txn, &staged);
	}
	if (!list_empty(&staged.updates))	/* they are not done */
		kv_updates_abort(&staged.updates);
	if (txn->failed != KV_NO_RECORD)
		refuse(store, txn, err);
	txn->rev = store->rev;
	return err;
}

/**
 * kv_store_commit() - do a transaction that may write, all or nothing
 * @store: store
 * @txn: keys of KV_OP_PUT valid, their entries filled; each record sees what
 *       those before it did
 *
 * Context: may sleep.
 * Return: 0; a record's -EEXIST, -ENOENT, -ESTALE, -ENOSPC, -EDQUOT, -EDOM or
 * -EPERM, with txn->failed; or -EROFS, -ENOMEM, -EINTR if a fatal signal came
 * before its turn, or -ERANGE if txn->page is too small.
 */
int kv_store_commit(struct kv_store *store, struct kv_transaction *txn)
{
	struct kv_change *single = NULL, **index = &single;
	u32 size = roundup_pow_of_two(txn->count);
	bool unsettled = false;
	int err;

	txn->failed = KV_NO_RECORD;
	if (size > 1)
		index = kv_zalloc(array_size(size, sizeof(*index)));
	if (!index)
		return -ENOMEM;
	err = mutex_lock_killable(&store->lock);
	if (!err) {
		err = commit_locked(store, txn, index, size - 1);
		unsettled = is_unsettled(store);
		mutex_unlock(&store->lock);
	}
	if (unsettled)
		rcu_barrier();
	if (size > 1)
		kvfree(index);
	return err;
}

/* Ask those who declared a key that starts with the prefix; -ENOENT if no key does. */
static int stage_prefix(struct kv_store *store, const u8 *prefix, unsigned int len,
			struct list_head *updates)
{
	struct kv_table *table = kv_table_locked(store);
	struct kv_entry *entry;
	struct kv_slot *slot;
	bool found = false;
	unsigned int i;
	int err = 0;

	for_each_set_bit(i, table->used, table->mask + 1) {
		hlist_for_each_entry(entry, &table->buckets[i], link) {
			if (!kv_entry_starts_with(entry, prefix, len))
				continue;
			found = true;
			if (!(entry->record.flags & KV_F_DECLARED))
				continue;
			slot = kv_slot_find(store, entry->record.data, entry->record.key_len);
			err = slot ? kv_update_put(updates, slot, NULL) : 0;
			if (err)
				return err;
		}
		cond_resched();
	}
	return found ? 0 : -ENOENT;
}

/* Take the entries that start with the prefix out of the table, and chain them. */
static struct kv_entry *unlink_prefix(struct kv_store *store, const u8 *prefix, unsigned int len)
{
	struct kv_table *table = kv_table_locked(store);
	struct kv_entry *entry, *chain = NULL;
	struct hlist_node *next;
	unsigned int i;

	for_each_set_bit(i, table->used, table->mask + 1) {
		hlist_for_each_entry_safe(entry, next, &table->buckets[i], link) {
			if (!kv_entry_starts_with(entry, prefix, len))
				continue;
			unlink_entry(store, &table->buckets[i], entry);
			entry->chain = chain;
			chain = entry;
		}
		cond_resched();
	}
	return chain;
}

static void delete_prefix(struct kv_store *store, const u8 *prefix, unsigned int len,
			  struct list_head *updates)
{
	bool anybody = kv_notify_anybody(store);
	struct kv_entry *entry, *next;
	struct kv_caller caller;

	kv_updates_commit(updates);
	commit_begin(store);
	entry = unlink_prefix(store, prefix, len);
	commit_end(store);
	if (anybody)
		kv_callback_begin(&caller);
	for (; entry; entry = next) {
		next = entry->chain;
		if (anybody)
			kv_notify(store, entry, NULL);
		kv_entry_put(entry);
		cond_resched();
	}
	if (anybody)
		kv_callback_end(&caller);
}

static int delete_prefix_locked(struct kv_store *store, const u8 *prefix, unsigned int len)
{
	LIST_HEAD(updates);
	int err;

	if (store->sealed)
		return -EROFS;
	err = stage_prefix(store, prefix, len, &updates);
	if (!err)
		err = kv_updates_prepare(&updates);
	if (!err)
		delete_prefix(store, prefix, len, &updates);
	kv_updates_abort(&updates);	/* unless they are done */
	if (err == -EDOM)
		trace_kv_refuse(store->netns, prefix, len, EDOM, store->reason.text);
	return err;
}

/**
 * kv_store_delete_prefix() - delete all keys that start with a prefix, as one change
 * @store: store
 * @prefix: its bytes
 * @len: number of them
 *
 * Context: may sleep. Needs no memory, unless some of the keys are declared.
 * Return: 0; -ENOENT if no key starts so; -EROFS; -EDOM and -ENOMEM for keys
 * that are declared; -EINTR.
 */
int kv_store_delete_prefix(struct kv_store *store, const u8 *prefix, unsigned int len)
{
	int err = mutex_lock_killable(&store->lock);

	if (err)
		return err;
	err = delete_prefix_locked(store, prefix, len);
	mutex_unlock(&store->lock);
	return err;
}
