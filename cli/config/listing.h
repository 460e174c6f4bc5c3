/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listing.h - lists the keys of the store in order
 */
#ifndef LISTING_H
#define LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include <kv.h>

struct progress;

/**
 * struct listing - keys that start with a prefix, in the order of their bytes
 * @list: @count items, which own their key and value
 * @count: number of items
 * @size: allocated items
 * @is_snapshot: all items were read at one revision
 * @rev: that revision; UINT64_MAX if there is none
 */
struct listing {
	struct kv_item *list;
	size_t count;
	size_t size;
	bool is_snapshot;
	uint64_t rev;
};

/** LISTING_TRIES - for listing_take(), if a snapshot is not required */
#define LISTING_TRIES 3

/**
 * listing_take() - list a store, if possible as it was at one revision
 * @listing: filled; call listing_free(), after an error too
 * @kv: the store
 * @prefix: NUL-terminated, may be empty
 * @tries: how often to list the store again if it has changed meanwhile
 * @progress: updated for each key, or NULL
 *
 * Return: 0 or a negative errno.
 */
int listing_take(struct listing *listing, struct kv *kv, const char *prefix, int tries,
		 struct progress *progress);

/**
 * listing_declared() - list the keys that kernel modules have declared, set or not
 * @listing: filled with the effective values; call listing_free(), after an error too
 * @kv: the store
 * @prefix: NUL-terminated, may be empty
 *
 * Return: 0 or a negative errno.
 */
int listing_declared(struct listing *listing, struct kv *kv, const char *prefix);

/** item_is_hidden() - true if the caller may not read the value of the item */
static inline bool item_is_hidden(const struct kv_item *item)
{
	return item->flags & KV_F_WITHHELD;
}

/** item_print_value() - print an escaped value, or "(private)" if it is hidden */
void item_print_value(const struct kv_item *item);

/** listing_free() - free a listing, and wipe private values */
void listing_free(struct listing *listing);

#endif /* LISTING_H */
