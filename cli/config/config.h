/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config.h - the configuration that a command has to do with: a file, and the store
 */
#ifndef CONFIG_H
#define CONFIG_H

#include "config/format.h"
#include "config/listing.h"
#include "config/progress.h"
#include "core/call.h"

/**
 * struct config - a file, read whole
 * @name: as errors show it
 * @text: what it holds
 * @len: bytes of @text
 * @entries: the same, taken apart
 * @prefix: that the keys must begin with, or NULL
 * @sh: the shell
 * @every_error: say all that is wrong, not only the first thing
 * @status: of the first thing that is wrong
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
 * config_read() - read a file, and say what is wrong with it
 * @config: filled; to be freed with config_free(), after an error too
 * @call: the command
 * @file: the file; an unquoted - is standard input
 * @prefix: that the keys must begin with, or NULL
 * @every_error: say all that is wrong, not only the first thing
 *
 * Return: an enum status.
 */
int config_read(struct config *config, struct call *call, const struct word *file,
		const struct word *prefix, bool every_error);

/** config_free() - free what config_read() made, and wipe it */
void config_free(struct config *config);

/** config_is_stdio() - does the word stand for standard input or output? */
bool config_is_stdio(const struct word *file);

/** config_shown() - the name of a file as errors show it; to be freed */
char *config_shown(const struct word *file);

/** config_source() - where an entry stands, for fail_in() */
struct source config_source(const struct config *config, size_t start, unsigned int line);

/**
 * config_take() - take a snapshot of the store, with all private values
 * @listing: filled; to be freed with listing_free(), after an error too
 * @call: the command
 * @prefix: that the keys begin with, or NULL for all
 * @progress: told of each key, or NULL
 *
 * Opens the store. Says what went wrong.
 *
 * Return: an enum status.
 */
int config_take(struct listing *listing, struct call *call, const struct word *prefix,
		struct progress *progress);

/** config_write() - write a listing as a file; @comment: more comment lines, or "" */
void config_write(FILE *out, const struct listing *listing, const char *comment);

#endif /* CONFIG_H */
