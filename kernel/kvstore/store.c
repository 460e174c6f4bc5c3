// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hash table of one namespace.
 *
 * Readers hold RCU and nothing else. Writers take store->lock, prepare all that
 * can fail, and then make the change visible between commit_begin() and
 * commit_end(), where nothing fails. An entry never changes once it is linked:
 * a put links a new one in the place of the old.
 *
 * A bucket holds its entries in the order in which their keys were created,
 * newest first, and a put keeps the place. So the cursor of a listing is
 * (bucket, creation number of the last key returned): whatever is changed
 * between two pages, older keys are still behind it, and a key that was deleted
 * and created again has moved in front of it and is not met a second time.
 */
#include <linux/align.h>
#include <linux/build_bug.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "store.h"

/* Tries of a reader to see no commit under way before it waits for the writers. */
#define KV_READ_TRIES 3

/**
 * struct kv_table - the buckets of a store
 * @key: random, so that nobody can choose keys that share a bucket
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

/* Entries */

/**
 * kv_entry_alloc() - an entry that is not linked yet
 * @key_len: 1 to KV_KEY_MAX
 * @value_len: 0 to KV_VALUE_MAX
 * @flags: KV_F_PRIVATE or 0
 *
 * The caller fills data with the key and the value, then gives the entry to
 * kv_store_put() or kv_entry_free(). Charged to the memory cgroup of the
 * caller.
 *
 * Context: may sleep.
 * Return: the entry or NULL.
 */
struct kv_entry *kv_entry_alloc(unsigned int key_len, unsigned int value_len, unsigned int flags)
{
	struct kv_entry *entry;

	entry = kmalloc(struct_size(entry, data, key_len + value_len), KV_GFP);
	if (!entry)
		return NULL;
	entry->key_len = key_len;
	entry->value_len = value_len;
	entry->flags = flags;
	return entry;
}

/**
 * kv_entry_free() - free an entry that no reader can have seen, or can see any more
 * @entry: from kv_entry_alloc()
 *
 * Context: any.
 */
void kv_entry_free(struct kv_entry *entry)
{
	if (entry->flags & KV_F_PRIVATE)
		kfree_sensitive(entry);
	else
		kfree(entry);
}

static void entry_free_cb(struct rcu_head *rcu)
{
	kv_entry_free(container_of(rcu, struct kv_entry, rcu));
}

/* Free an entry that was unlinked just now: readers may still be at it. */
static void entry_free_rcu(struct kv_entry *entry)
{
	if (entry->flags & KV_F_PRIVATE)
		call_rcu(&entry->rcu, entry_free_cb);
	else
		kfree_rcu(entry, rcu);
}

static u64 entry_bytes(const struct kv_entry *entry)
{
	return entry->key_len + entry->value_len;
}

static bool entry_starts_with(const struct kv_entry *entry, const void *prefix, unsigned int len)
{
	return entry->key_len >= len && !memcmp(entry->data, prefix, len);
}

/**
 * kv_key_valid() - whether all bytes are among those that a key may have
 * @key: bytes
 * @len: number of them
 *
 * Context: any.
 */
bool kv_key_valid(const u8 *key, unsigned int len)
{
	static const char punctuation[] = "_.:/@+-";
	unsigned int i;

	for (i = 0; i < len; i++)
		if (!(key[i] >= 'a' && key[i] <= 'z') && !(key[i] >= 'A' && key[i] <= 'Z') &&
		    !(key[i] >= '0' && key[i] <= '9') &&
		    !memchr(punctuation, key[i], sizeof(punctuation) - 1))
			return false;
	return true;
}

/* The table */

static struct hlist_head *bucket_of(struct kv_table *table, const u8 *key, unsigned int len)
{
	return &table->buckets[hsiphash(key, len, &table->key) & table->mask];
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

static struct kv_table *table_locked(struct kv_store *store)
{
	return rcu_dereference_protected(store->table, lockdep_is_held(&store->lock));
}

/* The table, made now if this is the store's first write; NULL without memory. */
static struct kv_table *table_make(struct kv_store *store)
{
	struct kv_table *table = table_locked(store);

	if (table)
		return table;
	table = kvzalloc(struct_size(table, buckets, store->limits->buckets), KV_GFP);
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

	if (!table)
		return;
	for (i = 0; i <= table->mask; i++) {
		hlist_for_each_entry_safe(entry, next, &table->buckets[i], link)
			kv_entry_free(entry);
		cond_resched();
	}
	kvfree(table);
}

/* Commits */

static void commit_begin(struct kv_store *store)
{
	lockdep_assert_held(&store->lock);
	raw_write_seqcount_begin(&store->seq);
}

static void commit_end(struct kv_store *store)
{
	store->rev++;
	raw_write_seqcount_end(&store->seq);
}

/* Whether @entry, the key's or NULL, is what the caller wants it to be. */
static int check(const struct kv_entry *entry, unsigned int conditions, u64 rev)
{
	if (!entry)
		return conditions & (KV_F_REPLACE | KV_F_IF_REV) ? -ENOENT : 0;
	if (conditions & KV_F_CREATE)
		return -EEXIST;
	if (conditions & KV_F_IF_REV && entry->changed != rev)
		return -ESTALE;
	return 0;
}

/* Whether @entry may come into the store, in the place of @old if that is not NULL. */
static int check_limits(const struct kv_store *store, const struct kv_entry *entry,
			const struct kv_entry *old)
{
	if (!old && store->entries >= store->limits->max_entries)
		return -ENOSPC;
	if (store->bytes - (old ? entry_bytes(old) : 0) + entry_bytes(entry) >
	    store->limits->max_bytes)
		return -EDQUOT;
	return 0;
}

static void link_entry(struct kv_store *store, struct hlist_head *bucket, struct kv_entry *entry,
		       struct kv_entry *old)
{
	commit_begin(store);
	entry->changed = store->rev + 1;
	store->bytes += entry_bytes(entry);
	if (old) {
		entry->created = old->created;
		hlist_replace_rcu(&old->link, &entry->link);
		store->bytes -= entry_bytes(old);
	} else {
		entry->created = ++store->created;
		hlist_add_head_rcu(&entry->link, bucket);
		store->entries++;
	}
	commit_end(store);
	if (old)
		entry_free_rcu(old);
}

static void unlink_entry(struct kv_store *store, struct kv_entry *entry)
{
	hlist_del_rcu(&entry->link);
	store->bytes -= entry_bytes(entry);
	store->entries--;
	entry_free_rcu(entry);
}

static int put_locked(struct kv_store *store, struct kv_entry *entry, unsigned int conditions,
		      u64 rev)
{
	struct kv_table *table = table_make(store);
	struct hlist_head *bucket;
	struct kv_entry *old;
	int err;

	if (!table)
		return -ENOMEM;
	bucket = bucket_of(table, entry->data, entry->key_len);
	old = find(store, bucket, entry->data, entry->key_len);
	err = check(old, conditions, rev);
	if (!err)
		err = check_limits(store, entry, old);
	if (!err)
		link_entry(store, bucket, entry, old);
	return err;
}

/**
 * kv_store_put() - store an entry under its key
 * @store: store
 * @entry: filled, its key valid; the store's from now on unless this fails
 * @conditions: of KV_F_CREATE, KV_F_REPLACE, KV_F_IF_REV
 * @rev: for KV_F_IF_REV
 *
 * Context: may sleep.
 * Return: 0, -EEXIST, -ENOENT, -ESTALE, -ENOSPC, -EDQUOT or -ENOMEM.
 */
int kv_store_put(struct kv_store *store, struct kv_entry *entry, unsigned int conditions, u64 rev)
{
	int err;

	mutex_lock(&store->lock);
	err = put_locked(store, entry, conditions, rev);
	mutex_unlock(&store->lock);
	return err;
}

static int delete_locked(struct kv_store *store, const u8 *key, unsigned int len,
			 unsigned int conditions, u64 rev)
{
	struct kv_table *table = table_locked(store);
	struct kv_entry *entry;
	int err;

	entry = table ? find(store, bucket_of(table, key, len), key, len) : NULL;
	err = check(entry, conditions | KV_F_REPLACE, rev);
	if (err)
		return err;
	commit_begin(store);
	unlink_entry(store, entry);
	commit_end(store);
	return 0;
}

/**
 * kv_store_delete() - delete a key
 * @store: store
 * @key: its bytes
 * @len: number of them
 * @conditions: 0 or KV_F_IF_REV
 * @rev: for KV_F_IF_REV
 *
 * Context: may sleep. Needs no memory.
 * Return: 0, -ENOENT or -ESTALE.
 */
int kv_store_delete(struct kv_store *store, const u8 *key, unsigned int len,
		    unsigned int conditions, u64 rev)
{
	int err;

	mutex_lock(&store->lock);
	err = delete_locked(store, key, len, conditions, rev);
	mutex_unlock(&store->lock);
	return err;
}

static int delete_prefix_locked(struct kv_store *store, const u8 *prefix, unsigned int len)
{
	struct kv_table *table = table_locked(store);
	struct hlist_node *next;
	struct kv_entry *entry;
	bool found = false;
	unsigned int i;

	for (i = 0; table && i <= table->mask; i++) {
		hlist_for_each_entry_safe(entry, next, &table->buckets[i], link) {
			if (!entry_starts_with(entry, prefix, len))
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
 * Return: 0 or -ENOENT if no key starts so.
 */
int kv_store_delete_prefix(struct kv_store *store, const u8 *prefix, unsigned int len)
{
	int err;

	mutex_lock(&store->lock);
	err = delete_prefix_locked(store, prefix, len);
	mutex_unlock(&store->lock);
	return err;
}

/* Reading */

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
	const struct kv_entry *entry = NULL;
	struct kv_table *table;
	int err = -ENOENT;

	rcu_read_lock();
	table = rcu_dereference(store->table);
	if (table)
		entry = find(store, bucket_of(table, key, len), key, len);
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

/*
 * Run @fill so that it sees each commit whole or not at all. It may be run
 * several times, and starts afresh each time. Without a lock at first; where
 * commits come too fast for that, it waits for its turn among the writers.
 */
static void read_whole(struct kv_store *store,
		       void (*fill)(const struct kv_store *store, void *arg), void *arg)
{
	unsigned int try, seq;

	for (try = 0; try < KV_READ_TRIES; try++) {
		seq = raw_read_seqcount(&store->seq);
		if (seq & 1)
			break;
		fill(store, arg);
		if (!read_seqcount_retry(&store->seq, seq))
			return;
	}
	mutex_lock(&store->lock);
	fill(store, arg);
	mutex_unlock(&store->lock);
}

/* Append the entry's record to the page; false if it does not fit. */
static bool page_add(struct kv_page *page, const struct kv_entry *entry)
{
	bool hidden = entry->flags & KV_F_PRIVATE && !page->show_private;
	unsigned int value_len = hidden ? 0 : entry->value_len;
	size_t len = sizeof(struct kv_record) + entry->key_len + value_len;
	struct kv_record *record = page->buf + page->len;

	if (ALIGN(len, 8) > page->size - page->len)
		return false;
	*record = (struct kv_record){
		.flags = entry->flags,
		.key_len = entry->key_len,
		.value_len = value_len,
		.rev = entry->changed,
	};
	memcpy(record->data, entry->data, entry->key_len + value_len);
	memset((void *)record + len, 0, ALIGN(len, 8) - len);
	page->len += ALIGN(len, 8);
	page->count++;
	page->secret |= entry->flags & KV_F_PRIVATE;
	return true;
}

/* Append what is older than the creation number; false if not all of it fits. */
static bool page_add_bucket(struct kv_page *page, struct kv_table *table, u64 bucket, u64 created)
{
	const struct kv_entry *entry;
	bool fits = true;

	rcu_read_lock();
	hlist_for_each_entry_rcu(entry, &table->buckets[bucket], link) {
		if (entry->created >= created ||
		    !entry_starts_with(entry, page->prefix, page->prefix_len))
			continue;
		fits = page_add(page, entry);
		if (!fits)
			break;
		page->cursor[0] = bucket;
		page->cursor[1] = entry->created;
	}
	rcu_read_unlock();
	return fits;
}

static void page_fill(const struct kv_store *store, void *arg)
{
	struct kv_page *page = arg;
	struct kv_table *table;
	u64 bucket, created;

	page->len = 0;
	page->count = 0;
	page->more = false;
	memcpy(page->cursor, page->from, sizeof(page->cursor));
	page->rev = store->rev;

	/* Once there, the table lasts as long as the store: RCU is only needed to fetch it. */
	rcu_read_lock();
	table = rcu_dereference(store->table);
	rcu_read_unlock();
	if (!table)
		return;
	created = page->from[1] ?: U64_MAX;
	for (bucket = page->from[0]; bucket <= table->mask; bucket++) {
		page->more = !page_add_bucket(page, table, bucket, created);
		if (page->more)
			break;
		created = U64_MAX;
		cond_resched();
	}
}

/**
 * kv_store_list() - fill one page of a listing
 * @store: store
 * @page: what is wanted and what is found
 *
 * Context: may sleep.
 * Return: 0; -EINVAL for a cursor outside the table; -ERANGE if there is a key
 * to return and no room for it.
 */
int kv_store_list(struct kv_store *store, struct kv_page *page)
{
	if (page->from[0] >= store->limits->buckets)
		return -EINVAL;
	page->secret = false;
	read_whole(store, page_fill, page);
	return page->more && !page->count ? -ERANGE : 0;
}

static void info_fill(const struct kv_store *store, void *arg)
{
	struct kv_info *info = arg;

	info->entries = store->entries;
	info->bytes = store->bytes;
	info->rev = store->rev;
	info->oldest_rev = store->rev;
}

/**
 * kv_store_info() - what a store is and holds
 * @store: store
 * @info: filled
 *
 * Context: may sleep.
 */
void kv_store_info(struct kv_store *store, struct kv_info *info)
{
	*info = (struct kv_info){
		.size = sizeof(*info),
		.abi = KV_ABI,
		.key_max = KV_KEY_MAX,
		.value_max = KV_VALUE_MAX,
		.msg_max = KV_MSG_MAX,
		.buckets = store->limits->buckets,
		.max_entries = store->limits->max_entries,
		.max_bytes = store->limits->max_bytes,
	};
	read_whole(store, info_fill, info);
}
