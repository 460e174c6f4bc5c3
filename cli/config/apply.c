// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * apply.c - applies changes to the store in as few transactions as possible
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <kv.h>

#include "config/apply.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/store.h"

/**
 * struct batch - the transaction that is being filled
 * @txn: the transaction
 * @first: index of its first change
 */
struct batch {
	struct kv_transaction *txn;
	size_t first;
};

/* The number of bytes that a change adds to the store. */
static long bytes_added(const struct change *change)
{
	long bytes = 0;

	if (change->old)
		bytes -= strlen(change->old->key) + change->old->value_len;
	if (change->new)
		bytes += strlen(change->new->item.key) + change->new->item.value_len;
	return bytes;
}

/* Order deletions first, so that each transaction stays within the limits of the store. */
static int by_growth(const void *a, const void *b)
{
	const struct change *one = *(const struct change *const *)a;
	const struct change *other = *(const struct change *const *)b;
	long one_grows = bytes_added(one), other_grows = bytes_added(other);

	if (one_grows != other_grows)
		return one_grows < other_grows ? -1 : 1;
	return strcmp(changes_key(one), changes_key(other));
}

static const struct change **sort_changes(const struct changes *changes)
{
	const struct change **order = alloc_zeroed(changes->count, sizeof(*order));

	for (size_t i = 0; i < changes->count; i++)
		order[i] = &changes->list[i];
	if (changes->count)
		qsort(order, changes->count, sizeof(*order), by_growth);
	return order;
}

static int add_record(struct kv_transaction *txn, const struct change *change, bool conditional)
{
	const struct kv_item *old = change->old;
	unsigned int flags = 0;
	uint64_t rev = 0;

	if (conditional) {
		flags = old ? KV_F_IF_REV : KV_F_CREATE;
		rev = old ? old->rev : 0;
	}
	if (!change->new)
		return kv_transaction_add(txn, KV_OP_DELETE, old->key, NULL, 0, flags, rev);
	return kv_transaction_add(txn, KV_OP_PUT, change->new->item.key, change->new->item.value,
				  change->new->item.value_len, flags | change->new->item.flags,
				  rev);
}

/* Commit the batch, which ends before the change at index end, and begin the next one. */
static int commit_batch(struct apply *apply, struct batch *batch, const struct change **order,
			size_t end)
{
	int failed, err = kv_transaction_commit(apply->call->sh->kv, batch->txn, NULL, NULL, NULL,
						&failed);

	if (err) {
		apply->failed = failed < 0 ? NULL : order[batch->first + failed];
		return err;
	}
	for (size_t i = batch->first; i < end; i++) {
		apply->put += order[i]->new != NULL;
		apply->deleted += !order[i]->new;
	}
	apply->commits++;
	if (apply->progress)
		progress_step(apply->progress, end - batch->first);
	kv_transaction_free(batch->txn);
	batch->txn = check_alloc(kv_transaction_new());
	batch->first = end;
	return 0;
}

static int apply_ordered(struct apply *apply, struct batch *batch, const struct changes *changes,
			 const struct change **order)
{
	int err, index;

	for (size_t i = 0; i < changes->count; i++) {
		index = add_record(batch->txn, order[i], changes->conditional);
		if (index == -EMSGSIZE) {
			err = apply->atomic ? -E2BIG : commit_batch(apply, batch, order, i);
			if (err)
				return err;
			index = add_record(batch->txn, order[i], changes->conditional);
		}
		if (index < 0)
			return index;
	}
	return changes->count ? commit_batch(apply, batch, order, changes->count) : 0;
}

int apply_changes(struct apply *apply, const struct changes *changes)
{
	struct batch batch = { .txn = check_alloc(kv_transaction_new()) };
	const struct change **order = sort_changes(changes);
	int err;

	apply->failed = NULL;
	err = apply_ordered(apply, &batch, changes, order);
	if (apply->progress)
		progress_end(apply->progress);
	kv_transaction_free(batch.txn);
	free(order);
	return err;
}

bool apply_is_conflict(int err)
{
	return err == -ESTALE || err == -EEXIST || err == -ENOENT;
}

int apply_fail(const struct apply *apply, const struct changes *changes, int err)
{
	struct kvsh *sh = apply->call->sh;
	const char *name = apply->call->name->text;
	const struct change *failed = apply->failed;
	char before[100] = "", *words;
	struct source source;
	int status;

	if (err == -E2BIG)
		return fail(sh, &apply->call->name->at, STATUS_FULL,
			    "%s: %zu changes do not fit in one transaction of %d bytes; nothing "
			    "was changed",
			    name, changes->count, KV_MSG_MAX);
	store_forget(sh, err);
	if (apply->commits)
		snprintf(before, sizeof(before), "; %zu changes had already been made",
			 apply->put + apply->deleted);
	if (failed && apply_is_conflict(err))
		return fail(sh, &apply->call->name->at, STATUS_CONDITION,
			    "%s: gave up after %d tries: another program changes the same keys, "
			    "such as %s%s",
			    name, APPLY_TRIES, changes_key(failed), before);
	words = error_text(sh, err, failed ? changes_key(failed) : NULL);
	if (failed && failed->new) {
		struct place at = { failed->new->line, err == -EDOM ? failed->new->column : 1 };

		source = config_source(apply->config, failed->new->start, failed->new->line);
		status = fail_in(sh, &source, &at, status_of(err), "%s %s: %s%s", name,
				 changes_key(failed), words, before);
	} else {
		status = fail(sh, &apply->call->name->at, status_of(err), "%s%s%s: %s%s", name,
			      failed ? ": delete " : "", failed ? changes_key(failed) : "", words,
			      before);
	}
	free(words);
	return status;
}
