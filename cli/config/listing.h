/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listing.h - the keys of the store, in order
 */
#ifndef LISTING_H
#define LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include <kv.h>

struct progress;

/**
 * struct listing - keys that start with a prefix, in the order of their bytes
 * @list: @count items; they own their key and value
 * @count: their number
 * @size: room in @list
 * @is_snapshot: all of it was so at one moment
 * @rev: the store's revision at that moment; UINT64_MAX where it is none
 * @private_readable: private values may be read; one that is empty is empty
 */
struct listing {
	struct kv_item *list;
	size_t count;
	size_t size;
	bool is_snapshot;
	uint64_t rev;
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

/** LISTING_TRIES - how often listing_snapshot() tries */
#define LISTING_TRIES 100

/**
 * listing_snapshot() - list a store as it was at one moment
 * @listing: filled; to be freed with listing_free(), after an error too
 * @kv: the store
 * @prefix: NUL-terminated, may be empty
 * @progress: told of each key, or NULL
 *
 * Return: 0; -EAGAIN if the store changed during each of LISTING_TRIES
 * listings; or another negative errno.
 */
int listing_snapshot(struct listing *listing, struct kv *kv, const char *prefix,
		     struct progress *progress);

/**
 * listing_declared() - list the keys that kernel modules have declared, set or not
 * @listing: filled, with the values in effect; to be freed with listing_free(), after an error too
 * @kv: the store
 * @prefix: NUL-terminated, may be empty
 *
 * It is nowhere said of which revision they are.
 *
 * Return: 0 or a negative errno.
 */
int listing_declared(struct listing *listing, struct kv *kv, const char *prefix);

/** listing_is_hidden() - does the item have a value that may not be read? */
bool listing_is_hidden(const struct listing *listing, const struct kv_item *item);

/** item_print_value() - write a value to standard output, escaped; one that is hidden as "(private)" */
void item_print_value(const struct kv_item *item, bool is_hidden);

/** listing_free() - free what listing_take() made */
void listing_free(struct listing *listing);

#endif /* LISTING_H */
