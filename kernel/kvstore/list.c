// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers that must see each commit whole or not at all: listings, counters and
 * transactions that only read.
 *
 * The cursor of a listing is (bucket, creation number of the last key returned).
 * Whatever is changed between two pages, older keys are still behind it in the
 * bucket; and a key that was deleted and created again has moved in front of
 * it, and is not met a second time.
 */
#include <linux/nospec.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "log.h"
#include "store.h"

/* Tries of a reader to see no commit under way before it waits for the writers. */
#define KV_READ_TRIES 3

/*
 * Keys and buckets that a page looks at, at most: a reader may hold the writers
 * up for so long, and a page may be short for it.
 */
#define KV_LIST_STEPS 16384

/*
 * Run @fill so that it sees each commit whole or not at all. It may be run
 * several times, and starts afresh each time. Without a lock at first; where
 * commits come too fast for that, it waits for its turn among the writers.
 * Returns 0, or -EINTR if a fatal signal comes meanwhile.
 */
static int read_whole(struct kv_store *store,
		      void (*fill)(const struct kv_store *store, void *arg), void *arg)
{
	unsigned int try, seq;
	bool odd = false;

	for (try = 0; try < KV_READ_TRIES && !odd; try++) {
		seq = raw_read_seqcount(&store->seq);
		odd = seq & 1;
		if (!odd)
			fill(store, arg);
		if (!read_seqcount_retry(&store->seq, seq) && !odd)
			return 0;
	}
	if (mutex_lock_killable(&store->lock))
		return -EINTR;
	fill(store, arg);
	mutex_unlock(&store->lock);
	return 0;
}

/*
 * Append what is older than the creation number, as far as the listing's steps
 * go; false if that was not all of the bucket.
 */
static bool list_bucket(struct kv_listing *listing, struct hlist_head *heads, u64 bucket,
			u64 created)
{
	const struct kv_entry *entry;
	bool all = true;

	/* There is at least one step left, and the page ends with the last. */
	rcu_read_lock();
	hlist_for_each_entry_rcu(entry, &heads[bucket], link) {
		if (entry->created >= created)
			continue;
		listing->full = kv_entry_starts_with(entry, listing->prefix, listing->prefix_len) &&
				!kv_page_add_entry(&listing->page, KV_OP_NONE, entry);
		all = !listing->full;
		if (!all)
			break;
		listing->cursor[1] = entry->created;
		all = --listing->steps;
		if (!all)
			break;
	}
	rcu_read_unlock();
	return all;
}

static void list_fill(const struct kv_store *store, void *arg)
{
	struct kv_listing *listing = arg;
	struct hlist_head *heads = kv_store_buckets(store);
	u64 *bucket = &listing->cursor[0], *created = &listing->cursor[1];

	listing->page.len = 0;
	listing->page.count = 0;
	listing->full = false;
	listing->more = false;
	listing->steps = KV_LIST_STEPS;
	memcpy(listing->cursor, listing->from, sizeof(listing->cursor));
	listing->rev = store->rev;
	while (heads && !listing->more) {
		if (!list_bucket(listing, heads, *bucket, *created ?: U64_MAX)) {
			listing->more = true;
			break;
		}
		if (*bucket + 1 == store->limits->buckets)
			break;
		++*bucket;
		*created = 0;
		listing->more = !--listing->steps;
		cond_resched();
	}
}

/**
 * kv_store_list() - fill one page of a listing
 * @store: store
 * @listing: what is wanted and what is found
 *
 * Context: may sleep.
 * Return: 0; -EINVAL for a cursor outside the table; -ERANGE if there is a key
 * to return and no room for it; -EINTR.
 */
int kv_store_list(struct kv_store *store, struct kv_listing *listing)
{
	unsigned long buckets = store->limits->buckets;
	int err;

	if (listing->from[0] >= buckets)
		return -EINVAL;
	listing->from[0] = array_index_nospec((unsigned long)listing->from[0], buckets);
	err = read_whole(store, list_fill, listing);
	if (err)
		return err;
	return listing->full && !listing->page.count ? -ERANGE : 0;
}

/**
 * struct fetch - a transaction that only reads
 * @txn: transaction
 * @err: what became of it
 */
struct fetch {
	struct kv_transaction *txn;
	int err;
};

static void fetch_fill(const struct kv_store *store, void *arg)
{
	struct fetch *fetch = arg;
	struct kv_transaction *txn = fetch->txn;
	unsigned int i;
	int err = 0;

	txn->page.len = 0;
	txn->page.count = 0;
	txn->failed = KV_NO_RECORD;
	txn->rev = store->rev;
	for (i = 0; i < txn->count && !err; i++) {
		rcu_read_lock();
		err = kv_change_read(store, &txn->changes[i], &txn->page,
				     kv_store_find(store, txn->changes[i].key,
						   txn->changes[i].key_len));
		rcu_read_unlock();
	}
	if (err && err != -ERANGE)
		txn->failed = i - 1;
	fetch->err = err;
}

/**
 * kv_store_fetch() - do a transaction that only reads
 * @store: store
 * @txn: of KV_OP_GET and KV_OP_CHECK
 *
 * Context: may sleep. Takes no lock unless commits come fast.
 * Return: as kv_store_commit(); -EINTR.
 */
int kv_store_fetch(struct kv_store *store, struct kv_transaction *txn)
{
	struct fetch fetch = { .txn = txn };
	int err = read_whole(store, fetch_fill, &fetch);

	return err ? err : fetch.err;
}

static void info_fill(const struct kv_store *store, void *arg)
{
	struct kv_info *info = arg;

	info->entries = store->entries;
	info->bytes = store->bytes;
	info->rev = store->rev;
	info->flags = store->sealed ? KV_INFO_SEALED : 0;
}

/**
 * kv_store_info() - what a store is and holds
 * @store: store
 * @info: filled
 *
 * Context: may sleep.
 * Return: 0 or -EINTR.
 */
int kv_store_info(struct kv_store *store, struct kv_info *info)
{
	/* with acquire, since the lock is not taken: see log_make() */
	struct kv_log *log = smp_load_acquire(&store->log);
	int err;

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
	err = read_whole(store, info_fill, info);
	if (!err && log)
		kv_log_info(log, info);
	return err;
}
