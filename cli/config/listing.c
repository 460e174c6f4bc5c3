// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * listing.c - lists the keys of the store in order
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/listing.h"
#include "config/progress.h"
#include "core/alloc.h"
#include "core/escape.h"
#include "core/store.h"

/**
 * struct taking - a listing that is being read
 * @listing: the keys so far
 * @progress: updated for each key, or NULL
 */
struct taking {
	struct listing *listing;
	struct progress *progress;
};

static void add_item(struct listing *listing, const struct kv_item *item)
{
	struct kv_item *copy;

	if (listing->count == listing->size) {
		listing->size = listing->size ? 2 * listing->size : 64;
		listing->list = alloc_resize(listing->list, listing->size, sizeof(*listing->list));
	}
	copy = &listing->list[listing->count++];
	*copy = *item;
	copy->key = alloc_copy(item->key, strlen(item->key));
	copy->value = alloc_copy(item->value, item->value_len);
}

static int keep_item(const struct kv_item *item, void *arg)
{
	struct taking *taking = arg;

	add_item(taking->listing, item);
	if (taking->progress)
		progress_step(taking->progress, 1);
	return 0;
}

static int item_by_key(const void *a, const void *b)
{
	const struct kv_item *one = a, *other = b;

	return strcmp(one->key, other->key);
}

int listing_take(struct listing *listing, struct kv *kv, const char *prefix, int tries,
		 struct progress *progress)
{
	struct taking taking = { .progress = progress };
	uint64_t rev = UINT64_MAX;
	int err = 0;

	*listing = (struct listing){ 0 };
	taking.listing = listing;
	for (int i = 0; i < tries && rev == UINT64_MAX && !err; i++) {
		listing_free(listing);
		if (progress)
			progress_restart(progress, progress->total);
		err = kv_list(kv, prefix, keep_item, &taking, &rev);
	}
	if (err)
		return err;
	listing->is_snapshot = rev != UINT64_MAX;
	listing->rev = rev;
	if (listing->count)
		qsort(listing->list, listing->count, sizeof(*listing->list), item_by_key);
	return 0;
}

static int keep_declared(const struct kv_param *param, void *arg)
{
	struct kv_item item = declared_item(param);
	struct listing *listing = arg;

	add_item(listing, &item);
	return 0;
}

int listing_declared(struct listing *listing, struct kv *kv, const char *prefix)
{
	*listing = (struct listing){ .is_snapshot = true };
	return kv_describe(kv, prefix, keep_declared, listing);
}

void item_print_value(const struct kv_item *item)
{
	static const char hidden[] = "(private)";
	const char *value = item->value;
	size_t len = item->value_len;

	if (item_is_hidden(item)) {
		fputs(hidden, stdout);
		return;
	}
	/* Escape a value that looks like a hidden one. */
	if (len == strlen(hidden) && !memcmp(value, hidden, len)) {
		printf("\\x%02x", value[0]);
		value++;
		len--;
	}
	escape_write(stdout, value, len);
}

void listing_free(struct listing *listing)
{
	for (size_t i = 0; i < listing->count; i++) {
		struct kv_item *item = &listing->list[i];

		if (item->flags & KV_F_PRIVATE)
			explicit_bzero((void *)item->value, item->value_len);
		free((void *)item->key);
		free((void *)item->value);
	}
	free(listing->list);
	*listing = (struct listing){ 0 };
}
