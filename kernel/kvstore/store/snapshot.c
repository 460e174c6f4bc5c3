// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads that see each commit whole or not at all: transactions that only read,
 * listings and counters.
 *
 * The cursor of a listing is (bucket, creation number of the last key returned).
 * A bucket has its newest key first. Whatever changes between two pages, older keys
 * still come after the cursor; a key that was deleted and created again comes before
 * it, and is not returned twice.
 */
#include <linux/nospec.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "store/store.h"

/* How often a reader tries without the lock; it stops trying if a commit is under way. */
#define KV_READ_TRIES 3

/*
 * The most steps of one page of a listing: keys without the prefix, and words of the
 * bitmap. They bound how long a reader that holds the lock delays writers; a page
 * that they end may be short or empty. Keys that are newer than the cursor, in its
 * bucket, are passed over without a step.
 */
#define KV_LIST_STEPS 16384

/*
 * Run @fill so that it sees each commit whole or not at all. It may run several
 * times, and must start afresh each time. It runs without a lock first, and under
 * the writers' lock if a commit is under way or commits come too fast. Returns 0, or
 * -EINTR if a fatal signal arrives while waiting for the lock.
 */
static int read_consistent(struct kv_store *store,
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

/**
 * struct reading - a transaction that only reads
 * @txn: transaction
 * @err: its result
 */
struct reading {
	struct kv_transaction *txn;
	int err;
};

static int read_one(const struct kv_store *store, const struct kv_operation *operation,
		    struct kv_records *reply)
{
	const struct kv_entry *entry = kv_table_find(store, operation->key, operation->key_len);

	if (unlikely(operation->op == KV_OP_CHECK))
		return kv_check_condition(entry, operation);
	return kv_store_answer(store, entry, operation, reply);
}

/* KV_MSG_MAX bounds the operations, so one RCU section is short enough for all. */
static void read_fill(const struct kv_store *store, void *arg)
{
	struct reading *reading = arg;
	struct kv_transaction *txn = reading->txn;
	const struct kv_operation *operation = txn->operations, *end = operation + txn->count;
	int err = 0;

	kv_records_begin(&txn->reply);
	txn->failed = KV_NO_RECORD;
	txn->rev = store->rev;
	rcu_read_lock();
	for (; operation < end; operation++) {
		err = read_one(store, operation, &txn->reply);
		if (unlikely(err))
			break;
	}
	rcu_read_unlock();
	if (err && err != -ERANGE)
		txn->failed = operation - txn->operations;
	reading->err = err;
}

/**
 * kv_store_read() - do a transaction that only reads
 * @store: store
 * @txn: operations KV_OP_GET and KV_OP_CHECK only
 *
 * Takes the writers' lock only if a commit is under way or commits come too fast.
 *
 * Context: may sleep.
 * Return: as kv_store_commit().
 */
int kv_store_read(struct kv_store *store, struct kv_transaction *txn)
{
	struct reading reading = { .txn = txn };
	int err = read_consistent(store, read_fill, &reading);

	return err ? err : reading.err;
}

/*
 * Append the entries of a bucket that have the prefix and, unless @before is 0, are
 * older than it. Returns false if the page ends here: an entry does not fit, or the
 * steps are used up. Inlined with @before 0, which saves 22 % of a listing.
 */
static __always_inline bool list_bucket(struct kv_listing *listing, const struct kv_table *table,
					u64 bucket, u64 before)
{
	const struct kv_entry *entry;

	hlist_for_each_entry_rcu(entry, &table->buckets[bucket], link) {
		if (before && entry->created >= before)
			continue;
		if (kv_entry_has_prefix(entry, &listing->prefix)) {
			if (likely(kv_entry_append(&listing->page, KV_OP_NONE, entry)))
				continue;
			listing->full = true;
		} else if (--listing->steps) {
			continue;
		}
		/* Go on at this entry if it did not fit, otherwise after it. */
		listing->cursor[0] = bucket;
		listing->cursor[1] = entry->created + listing->full;
		return false;
	}
	return true;
}

/* List the rest of the bucket in which the last page ended. */
static noinline bool list_rest(struct kv_listing *listing, const struct kv_table *table)
{
	return list_bucket(listing, table, listing->cursor[0], listing->cursor[1]);
}

/* List the buckets from the cursor's on that share a word of the bitmap with it. */
static bool list_word(struct kv_listing *listing, const struct kv_table *table)
{
	unsigned int first = round_down(listing->cursor[0], BITS_PER_LONG);
	unsigned int skip = listing->cursor[0] - first;
	unsigned long used = READ_ONCE(table->used[first / BITS_PER_LONG]) >> skip << skip;

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

	kv_records_begin(&listing->page);
	listing->full = false;
	listing->more = false;
	listing->steps = KV_LIST_STEPS;
	memcpy(listing->cursor, listing->from, sizeof(listing->cursor));
	listing->rev = store->rev;
	while (!listing->more) {
		rcu_read_lock();
		table = rcu_dereference(store->table);
		if (table != &kv_no_table)
			listing->more = !list_word(listing, table);
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
 * @listing: what to list, and the page
 *
 * Context: may sleep.
 * Return: 0; -EINVAL for a cursor outside the table; -ERANGE if there is a key to
 * return and no room for it; -EINTR.
 */
int kv_store_list(struct kv_store *store, struct kv_listing *listing)
{
	unsigned long buckets = store->limits->buckets;
	int err;

	if (listing->from[0] >= buckets)
		return -EINVAL;
	listing->from[0] = array_index_nospec((unsigned long)listing->from[0], buckets);
	err = read_consistent(store, list_fill, listing);
	if (err)
		return err;
	return listing->full && !listing->page.count ? -ERANGE : 0;
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
 * kv_store_info() - the counters and limits of a store
 * @store: store
 * @info: out
 *
 * Context: may sleep.
 * Return: 0 or -EINTR.
 */
int kv_store_info(struct kv_store *store, struct kv_info *info)
{
	/* Pairs with the release in log_get_or_create(): store->lock is not held. */
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
	err = read_consistent(store, info_fill, info);
	if (!err && log)
		kv_log_info(log, info);
	return err;
}
