/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * words.h - a command line as counted words that know where they stood
 *
 * Words are separated by blanks (space, tab, carriage return).
 *
 *    # at the start of a word   a comment to the end of the line
 *    '...'                      every byte as it is
 *    "..." and no quotes        \n \t \r \\ \" \' \# \xNN and backslash-space
 *                               stand for a byte; any other escape is an error
 *    \ at the end of a line     the line goes on with the next one; inside
 *                               "..." too, but not inside '...'
 *
 * A quote must be closed on its (continued) line. Quotes may stand in the
 * middle of a word, as in sh. There are no variables and no patterns.
 *
 * Nothing here reads, writes or keeps state.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/escape.h"

/**
 * struct place - where something stands in its source
 * @line: from 1; 0 for a word of the program's own arguments, which has no place
 * @column: in bytes, from 1
 */
struct place {
	unsigned int line;
	unsigned int column;
};

/**
 * struct word - one word of a command line
 * @at: where it begins, its quote included
 * @len: bytes of @text, which may hold NUL bytes (\x00)
 * @quoted: it began with a quote or an escape: a first - or @ has no meaning
 * @text: @len bytes, then a NUL
 */
struct word {
	struct place at;
	size_t len;
	bool quoted;
	char text[];
};

/**
 * struct words - a command line
 * @list: @count words
 * @count: their number
 */
struct words {
	struct word **list;
	size_t count;
};

enum words_result {
	WORDS_DONE,
	WORDS_MORE, /* the text ends in a continuation: append a newline and the next line */
	WORDS_ERROR,
};

/**
 * struct words_error - what is wrong with a line
 * @at: where; with WORDS_MORE the place of the last backslash
 * @message: a sentence without a capital or a full stop
 */
struct words_error {
	struct place at;
	char message[ESCAPE_MESSAGE];
};

/**
 * words_split() - split a line into words
 * @words: filled with WORDS_DONE, else empty
 * @text: @len bytes: a line without its newline; where it is continued, with
 *        the newlines inside
 * @len: bytes
 * @line: the number of the first line
 * @error: filled but for WORDS_DONE
 *
 * Return: what was found.
 */
enum words_result words_split(struct words *words, const char *text, size_t len, unsigned int line,
			      struct words_error *error);

/** words_from_argv() - the program's own arguments, as they are, without a place */
void words_from_argv(struct words *words, int argc, char *const *argv);

/** words_free() - free what words_split() or words_from_argv() made */
void words_free(struct words *words);

#endif /* WORDS_H */
