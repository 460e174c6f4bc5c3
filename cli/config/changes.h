/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * changes.h - what makes the store what a file says: found, shown and done
 */
#ifndef CHANGES_H
#define CHANGES_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"
#include "config/listing.h"

/**
 * struct change - a key that is to be put or deleted
 * @old: as the store has it; NULL if there is no such key, or nobody looked
 * @new: as it is to be; NULL if it is to be deleted
 */
struct change {
	const struct kv_item *old;
	const struct format_entry *new;
};

/**
 * struct changes - changes, in the order of the bytes of their keys
 * @list: @count changes; they point into the listing and the configuration
 * @count: their number
 * @deleted: how many of them delete a key
 * @conditional: each is only to be made while the key is as it was seen
 */
struct changes {
	struct change *list;
	size_t count;
	size_t deleted;
	bool conditional;
};

/** changes_find() - the differences; to be freed with changes_free() */
void changes_find(struct changes *changes, const struct listing *listing,
		  const struct format_entries *entries);

/**
 * changes_all() - puts of all entries, whatever the store has
 * @changes: filled; to be freed with changes_free()
 * @listing: of the store: what is not among the entries is to be deleted; or NULL
 * @entries: the entries
 */
void changes_all(struct changes *changes, const struct listing *listing,
		 const struct format_entries *entries);

/** changes_key() - the key of a change */
const char *changes_key(const struct change *change);

/** changes_print() - write them, as "- KEY = VALUE" and "+ KEY = VALUE", to standard output */
void changes_print(const struct changes *changes, bool color);

/** changes_free() - free what changes_find() or changes_all() made */
void changes_free(struct changes *changes);

#endif /* CHANGES_H */
