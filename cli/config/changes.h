/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * changes.h - the differences between the store and a configuration file
 */
#ifndef CHANGES_H
#define CHANGES_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"
#include "config/listing.h"

/**
 * struct change - a key to put or delete
 * @old: the key in the store; NULL if it does not exist, or was not read
 * @new: the key in the file; NULL to delete it
 */
struct change {
	const struct kv_item *old;
	const struct format_entry *new;
};

/**
 * struct changes - changes, in the order of the bytes of their keys
 * @list: @count changes, which point into the listing and the configuration
 * @count: number of changes
 * @deleted: number of changes that delete a key
 * @conditional: a change fails if its key has changed since @old was read
 */
struct changes {
	struct change *list;
	size_t count;
	size_t deleted;
	bool conditional;
};

/** changes_find() - find the differences; call changes_free() afterwards */
void changes_find(struct changes *changes, const struct listing *listing,
		  const struct format_entries *entries);

/**
 * changes_all() - put all entries, overwriting existing values
 * @changes: filled; call changes_free() afterwards
 * @listing: the store, to delete keys that are not in @entries; or NULL
 * @entries: the entries
 */
void changes_all(struct changes *changes, const struct listing *listing,
		 const struct format_entries *entries);

/** changes_key() - the key of a change */
const char *changes_key(const struct change *change);

/** changes_print() - print lines "- KEY = VALUE" and "+ KEY = VALUE" */
void changes_print(const struct changes *changes, bool color);

/** changes_free() - free the list of changes_find() or changes_all() */
void changes_free(struct changes *changes);

#endif /* CHANGES_H */
