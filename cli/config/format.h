/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * format.h - the keys and values of a store as text (docs/format.md)
 *
 *    # a comment
 *    KEY = VALUE
 *    private KEY = VALUE
 *
 * A line is an entry, a comment, or blank. The VALUE is escaped as escape.h
 * tells, blanks around it are not part of it, and what escape.h would not show
 * as it is has to be escaped, but for tabs and quotes. A line may end in \r\n,
 * and the text may begin with a byte order mark.
 *
 * Nothing here reads or writes files, or knows of a store.
 */
#ifndef FORMAT_H
#define FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <kv.h>

#include "core/key.h"
#include "core/words.h"

/**
 * struct format_entry - an entry of a text
 * @item: its key, value and KV_F_PRIVATE; rev is 0
 * @line: number of its line, from 1
 * @column: where its value begins in that line, in bytes, from 1
 * @start: where that line begins in the text
 */
struct format_entry {
	struct kv_item item;
	unsigned int line;
	unsigned int column;
	size_t start;
	char data[];
};

/**
 * struct format_entries - the entries of a text, in the order of the bytes of their keys
 * @list: @count entries, no key twice
 * @count: their number
 */
struct format_entries {
	struct format_entry **list;
	size_t count;
};

/**
 * struct format_error - what is wrong with a line
 * @at: where
 * @start: where that line begins in the text
 * @too_long: the key or value is over its limit; else it is no entry at all
 * @message: a sentence without a capital or a full stop
 */
struct format_error {
	struct place at;
	size_t start;
	bool too_long;
	char message[KEY_MESSAGE];
};

/**
 * typedef format_error_fn - called for each line that is wrong, in their order
 * @error: the first thing that is wrong with the line; valid during the call only
 * @arg: as given to format_read()
 *
 * Return: true to go on, and look at the other lines.
 */
typedef bool format_error_fn(const struct format_error *error, void *arg);

/**
 * format_read() - take a text apart
 * @entries: filled with the lines that are right; to be freed with format_free()
 * @text: @len bytes
 * @len: bytes
 * @fn: told what is wrong
 * @arg: handed to @fn
 *
 * Return: true if nothing was wrong.
 */
bool format_read(struct format_entries *entries, const char *text, size_t len, format_error_fn *fn,
		 void *arg);

/** format_free() - free what format_read() made, and wipe private values */
void format_free(struct format_entries *entries);

/** format_write_head() - write the comment that a text begins with */
void format_write_head(FILE *out);

/** format_write() - write an entry without its newline, of a key with its KV_F_PRIVATE */
void format_write(FILE *out, const struct kv_item *item);

#endif /* FORMAT_H */
