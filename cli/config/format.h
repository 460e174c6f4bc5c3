/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * format.h - the text format of configuration files (kvstore.conf(5))
 *
 *    # a comment
 *    KEY = VALUE
 *    private KEY = VALUE
 *
 * A line is an entry, a comment, or blank. The VALUE is escaped as in escape.h,
 * without the blanks around it; characters that escape.h escapes must be
 * escaped, except tabs and quotes. A line may end in \r\n, and the text may
 * begin with a byte order mark.
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
 * @column: column of its value in that line, in bytes, from 1
 * @start: index of that line in the text
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
 * @list: @count entries without duplicate keys
 * @count: number of entries
 */
struct format_entries {
	struct format_entry **list;
	size_t count;
};

/**
 * struct format_error - an error in a line
 * @at: its place
 * @start: index of that line in the text
 * @too_long: the key or value exceeds its limit; else the syntax is wrong
 * @message: a sentence without a capital or a full stop
 */
struct format_error {
	struct place at;
	size_t start;
	bool too_long;
	char message[KEY_MESSAGE];
};

/**
 * typedef format_error_fn - called for each line with an error, in their order
 * @error: the first error of the line; valid during the call only
 * @arg: as passed to format_read()
 *
 * Return: true to continue with the other lines.
 */
typedef bool format_error_fn(const struct format_error *error, void *arg);

/**
 * format_read() - parse a text
 * @entries: filled with the valid lines; call format_free() afterwards
 * @text: @len bytes
 * @len: bytes
 * @fn: called for each error
 * @arg: passed to @fn
 *
 * Return: true if there was no error.
 */
bool format_read(struct format_entries *entries, const char *text, size_t len, format_error_fn *fn,
		 void *arg);

/** format_free() - free entries, and wipe private values */
void format_free(struct format_entries *entries);

/** format_write_head() - write the comment at the head of a text */
void format_write_head(FILE *out);

/** format_write() - write an entry without a newline */
void format_write(FILE *out, const struct kv_item *item);

#endif /* FORMAT_H */
