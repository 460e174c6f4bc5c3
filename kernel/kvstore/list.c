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

#include "answer.h"
#include "log.h"
#include "store.h"
#include "table.h"

/* Tries of a reader to see no commit under way before it waits for the writers. */
#define KV_READ_TRIES 3

/*
 * Keys without the prefix and words of the bitmap that a page looks at, at most:
 * a reader may hold the writers up for so long, and a page may be short for it.
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

/* Whether the key starts with the prefix. */
static __always_inline bool list_wants(const struct kv_listing *listing,
				       const struct kv_entry *entry)
{
	const u8 *key = entry->record.data;

	/* What follows a key that is too short may look like the rest of the prefix. */
	if (entry->record.key_len < listing->prefix_len ||
	    (kv_load64(key) ^ listing->first) & listing->first_mask)
		return false;
	return listing->prefix_len <= sizeof(u64) ||
	       !memcmp(key + sizeof(u64), listing->prefix + sizeof(u64),
		       listing->prefix_len - sizeof(u64));
}

/*
 * Append what is in the cursor's bucket, as far as there is room and the listing
 * has steps; false if that was not all. Where @before is not 0, only what is
 * older than that.
 */
static __always_inline bool list_bucket(struct kv_listing *listing, const struct kv_table *table,
					u64 bucket, u64 before)
{
	const struct kv_entry *entry;

	hlist_for_each_entry_rcu(entry, &table->buckets[bucket], link) {
		if (before && entry->created >= before)
			continue;
		if (list_wants(listing, entry)) {
			if (likely(kv_page_add_entry(&listing->page, KV_OP_NONE, entry)))
				continue;
			listing->full = true;
		} else if (--listing->steps) {
			continue;
		}
		/* Go on with this one, if it did not fit, or behind it. */
		listing->cursor[0] = bucket;
		listing->cursor[1] = entry->created + listing->full;
		return false;
	}
	return true;
}

/* What is left of the bucket that the last page ended in. */
static noinline bool list_rest(struct kv_listing *listing, const struct kv_table *table)
{
	return list_bucket(listing, table, listing->cursor[0], listing->cursor[1]);
}

/* The same with the buckets that share a word of the bitmap with the cursor's, from that on. */
static bool list_buckets(struct kv_listing *listing, const struct kv_table *table)
{
	unsigned int first = round_down(listing->cursor[0], BITS_PER_LONG);
	unsigned int skip = listing->cursor[0] - first;
	unsigned long used = kv_table_used(table, first / BITS_PER_LONG) >> skip << skip;

	if (unlikely(listing->cursor[1])) {
		if (!list_rest(listing, table))
			return false;
		used &= ~BIT(skip);
	}
	for (; used; used &= used - 1)
		if (!list_bucket(listing, table, first + __ffs(used), 0))
			return false;
	return true;
}

static void list_fill(const struct kv_store *store, void *arg)
{
	struct kv_listing *listing = arg;
	const struct kv_table *table;
	u64 next;

	kv_page_begin(&listing->page);
	listing->full = false;
	listing->more = false;
	listing->steps = KV_LIST_STEPS;
	memcpy(listing->cursor, listing->from, sizeof(listing->cursor));
	listing->rev = store->rev;
	while (!listing->more) {
		rcu_read_lock();
		table = rcu_dereference(store->table);
		if (table != &kv_no_table)
			listing->more = !list_buckets(listing, table);
		rcu_read_unlock();
		next = round_down(listing->cursor[0], BITS_PER_LONG) + BITS_PER_LONG;
		if (listing->more || next > table->mask)
			break;
		listing->cursor[0] = next;
		listing->cursor[1] = 0;
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
	size_t first_len = min_t(size_t, listing->prefix_len, sizeof(u64));
	int err;

	if (listing->from[0] >= buckets)
		return -EINVAL;
	listing->from[0] = array_index_nospec((unsigned long)listing->from[0], buckets);
	listing->first = 0;
	listing->first_mask = 0;
	memcpy(&listing->first, listing->prefix, first_len);
	memset(&listing->first_mask, 0xff, first_len);
	err = read_whole(store, list_fill, listing);
	if (err)
		return err;
	return listing->full && !listing->page.count ? -ERANGE : 0;
}

/**
 * struct fetch - a transaction that only reads
 * @txn: transaction
 * @records: its records
 * @err: what became of it
 */
struct fetch {
	struct kv_transaction *txn;
	const struct kv_record *records;
	int err;
};

static noinline int fetch_check(const struct kv_store *store, const struct kv_record *record)
{
	return kv_answer_check(kv_table_find(store, record->data, record->key_len), KV_OP_CHECK,
			       record->flags, record->rev);
}

static __always_inline int fetch_record(const struct kv_store *store,
					const struct kv_record *record, size_t key_len,
					struct kv_page *page)
{
	if (unlikely(record->op == KV_OP_CHECK))
		return fetch_check(store, record);
	return kv_answer_get(store, kv_table_find(store, record->data, key_len), record->data,
			     key_len, page);
}

/* A request holds so few records that RCU need not be left between them. */
static void fetch_fill(const struct kv_store *store, void *arg)
{
	struct fetch *fetch = arg;
	struct kv_transaction *txn = fetch->txn;
	const struct kv_record *record = fetch->records;
	unsigned int i;
	size_t key_len;
	int err = 0;

	kv_page_begin(&txn->page);
	txn->failed = KV_NO_RECORD;
	txn->rev = store->rev;
	rcu_read_lock();
	for (i = 0; i < txn->count; i++) {
		key_len = record->key_len;
		err = fetch_record(store, record, key_len, &txn->page);
		if (unlikely(err))
			break;
		/* There is no value in these. */
		record = (const void *)record + ALIGN(sizeof(*record) + key_len, 8);
	}
	rcu_read_unlock();
	if (err && err != -ERANGE)
		txn->failed = i;
	fetch->err = err;
}

/**
 * kv_store_fetch() - do a transaction that only reads
 * @store: store
 * @txn: where its outcome goes
 * @records: txn->count records of KV_OP_GET and KV_OP_CHECK, as they came
 *
 * Context: may sleep. Takes no lock unless commits come fast.
 * Return: as kv_store_commit(); -EINTR.
 */
int kv_store_fetch(struct kv_store *store, struct kv_transaction *txn,
		   const struct kv_record *records)
{
	struct fetch fetch = { .txn = txn, .records = records };
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
