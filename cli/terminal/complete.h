/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * complete.h - what may stand at a place of a command line
 */
#ifndef COMPLETE_H
#define COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/kvsh.h"
#include "core/options.h"
#include "core/words.h"

/**
 * struct completion - what may stand at a place
 * @text: what stands there already
 * @quoted: it began with a quote
 * @list: @count strings that begin with @text
 * @count: their number
 * @files: where the name of a file may stand, what comes before it: "" or "@"; else NULL
 */
struct completion {
	const char *text;
	bool quoted;
	char **list;
	size_t count;
	const char *files;
};

/**
 * complete_words() - find what may stand behind the words of a line
 * @sh: the shell; it opens the store where keys or values may stand
 * @before: the words, of which the first is a command
 * @completion: with @text and @quoted set; @list and @files are filled
 *
 * Each string of the list, and the list itself, are to be freed. It has neither
 * an order nor each string once.
 */
void complete_words(struct kvsh *sh, const struct words *before, struct completion *completion);

/** complete_add() - add a string, of two parts, if it begins with the text */
void complete_add(struct completion *completion, const char *before, const char *text);

/**
 * complete_run() - print what may stand in place of the last operand, one a line
 * @sh: the shell
 * @options: those of kvsh, with --complete; its operands are the arguments of
 *           another kvsh, whose options are among them
 *
 * A line =files, perhaps with a space and an @, stands for the names of files
 * and what comes before them: no key, option or command has a = in it.
 *
 * Return: an enum status.
 */
int complete_run(struct kvsh *sh, const struct options *options);

#endif /* COMPLETE_H */
