/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listing.h - the keys of the store, in order
 */
#ifndef LISTING_H
#define LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include <kv.h>

/**
 * struct listing - keys that start with a prefix, in the order of their bytes
 * @list: @count items; they own their key and value
 * @count: their number
 * @size: room in @list
 * @is_snapshot: all of it was so at one moment
 * @private_readable: private values may be read; one that is empty is empty
 */
struct listing {
	struct kv_item *list;
	size_t count;
	size_t size;
	bool is_snapshot;
	bool private_readable;
};

/**
 * listing_take() - list a store
 * @listing: filled; to be freed with listing_free(), after an error too
 * @kv: the store
 * @prefix: NUL-terminated, may be empty
 *
 * Tries a few times to get a snapshot.
 *
 * Return: 0 or a negative errno.
 */
int listing_take(struct listing *listing, struct kv *kv, const char *prefix);

/** listing_is_hidden() - does the item have a value that may not be read? */
bool listing_is_hidden(const struct listing *listing, const struct kv_item *item);

/** listing_free() - free what listing_take() made */
void listing_free(struct listing *listing);

#endif /* LISTING_H */
