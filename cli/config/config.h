/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config.h - reads configuration files, and writes snapshots of the store as such
 */
#ifndef CONFIG_H
#define CONFIG_H

#include "config/format.h"
#include "config/listing.h"
#include "config/progress.h"
#include "core/call.h"

/**
 * struct config - a configuration file
 * @name: its name in messages
 * @text: its contents
 * @len: bytes of @text
 * @entries: the entries of @text
 * @prefix: the prefix that all keys must have, or NULL
 * @sh: the shell
 * @every_error: report all errors, not only the first one
 * @status: status of the first error
 */
struct config {
	char *name;
	char *text;
	size_t len;
	struct format_entries entries;
	const struct word *prefix;
	struct kvsh *sh;
	bool every_error;
	int status;
};

/**
 * config_read() - read a file and report its errors
 * @config: filled; call config_free(), after an error too
 * @call: the command
 * @file: the file; an unquoted - is standard input
 * @prefix: the prefix that all keys must have, or NULL
 * @every_error: report all errors, not only the first one
 *
 * Return: an enum status.
 */
int config_read(struct config *config, struct call *call, const struct word *file,
		const struct word *prefix, bool every_error);

/** config_free() - wipe and free the contents of a file */
void config_free(struct config *config);

/** config_is_stdio() - true if the word is a - for standard input or output */
bool config_is_stdio(const struct word *file);

/** config_file_name() - the escaped name of a file for messages; free it */
char *config_file_name(const struct word *file);

/** config_source() - the line of an entry, for fail_in() */
struct source config_source(const struct config *config, size_t start, unsigned int line);

/**
 * config_snapshot() - take a snapshot of the store, with all private values
 * @listing: filled; call listing_free(), after an error too
 * @call: the command
 * @prefix: only keys with this prefix, or NULL for all
 * @progress: updated for each key, or NULL
 *
 * Opens the store and reports errors.
 *
 * Return: an enum status.
 */
int config_snapshot(struct listing *listing, struct call *call, const struct word *prefix,
		    struct progress *progress);

/** config_write() - write a listing as a configuration file, with @comment at its head */
void config_write(FILE *out, const struct listing *listing, const char *comment);

/** config_text() - the text that config_write() writes; to be wiped and freed */
char *config_text(const struct listing *listing, const char *comment, size_t *len);

#endif /* CONFIG_H */
