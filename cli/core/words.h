/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * words.h - splits a command line into words with their places in it
 *
 * Words are separated by blanks (space, tab, carriage return).
 *
 *    # at the start of a word   a comment up to the end of the line
 *    '...'                      literal bytes
 *    "..." and no quotes        \n \t \r \\ \" \' \# \xNN and backslash-space
 *                               are escapes; any other escape is an error
 *    \ at the end of a line     continues the line; inside "..." too, but not
 *                               inside '...'
 *
 * A quote must be closed on its (continued) line. Quotes are allowed inside a
 * word, as in sh. There are no variables and no patterns.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/escape.h"

/**
 * struct place - a place in a source
 * @line: from 1; 0 for a word of the program's own arguments
 * @column: in bytes, from 1
 */
struct place {
	unsigned int line;
	unsigned int column;
};

/**
 * struct word - one word of a command line
 * @at: place of its first byte or quote
 * @len: bytes of @text, which may contain NUL bytes (\x00)
 * @quoted: it began with a quote or an escape: a leading - or @ has no meaning
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
 * @count: number of words
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
 * struct words_error - an error in a line
 * @at: its place; with WORDS_MORE the place of the last backslash
 * @message: a sentence without a capital or a full stop
 */
struct words_error {
	struct place at;
	char message[ESCAPE_MESSAGE];
};

/**
 * words_split() - split a line into words
 * @words: filled; empty unless the result is WORDS_DONE
 * @text: @len bytes: a line without its last newline
 * @len: bytes
 * @line: number of the first line
 * @error: filled unless the result is WORDS_DONE
 *
 * Return: an enum words_result.
 */
enum words_result words_split(struct words *words, const char *text, size_t len, unsigned int line,
			      struct words_error *error);

/** words_from_argv() - the program's own arguments as words without a place */
void words_from_argv(struct words *words, int argc, char *const *argv);

/** words_free() - free the words of words_split() or words_from_argv() */
void words_free(struct words *words);

#endif /* WORDS_H */
