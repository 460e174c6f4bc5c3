/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - the options of a command, or of kvsh itself
 *
 * A table says which there are; getopt_long(3) finds them, so long ones may be
 * shortened while they stay unambiguous, and -- ends them.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "core/kvsh.h"
#include "core/words.h"

/** OPTIONS_MAX - options that one table may have */
#define OPTIONS_MAX 16

/**
 * struct option_spec - one option; a table is indexed by an enum and ends with OPTIONS_END
 * @name: long name
 * @letter: short name, or 0
 * @arg: what its argument is called; NULL if it takes none
 * @help: one line
 * @secret: a line with it must not reach the history file
 */
struct option_spec {
	const char *name;
	char letter;
	const char *arg;
	const char *help;
	bool secret;
};

/* The last row of every table; --help, which every command has, needs no row. */
#define OPTIONS_END          \
	{                    \
		.name = NULL \
	}

enum options_error {
	OPTIONS_FINE,
	OPTIONS_UNKNOWN,
	OPTIONS_AMBIGUOUS,
	OPTIONS_ARG_MISSING,
	OPTIONS_ARG_UNWANTED,
	OPTIONS_NUL, /* a NUL byte in an option or its argument */
};

/** OPTIONS_LEADING - the first operand ends the options */
#define OPTIONS_LEADING (-1)

/**
 * struct option_given - one option of a line; the last one where it is repeated
 * @word: the word that it stands in; NULL if it was not given
 * @arg_word: the word that its argument stands in
 * @arg: its argument
 */
struct option_given {
	const struct word *word;
	const struct word *arg_word;
	const char *arg;
};

/**
 * struct options - the options and operands of a line
 * @spec: the table
 * @given: for each row of it
 * @help: --help was given
 * @args: the operands
 * @count: their number
 * @ended: there was a --
 * @error: what is wrong; the rest is then as it was found before
 * @at: the word at fault
 * @which: the option at fault, where it is known
 */
struct options {
	const struct option_spec *spec;
	struct option_given given[OPTIONS_MAX];
	bool help;
	const struct word **args;
	size_t count;
	bool ended;
	enum options_error error;
	const struct word *at;
	const struct option_spec *which;
	char letter;
};

/**
 * options_parse() - tell options and operands apart
 * @options: filled; to be freed with options_free(), after an error too
 * @spec: the table, or NULL for no option but --help
 * @words: the line; the first word is the name of the command
 * @count: words
 * @verbatim: index of the operand (not the first) that is taken as it stands
 *            although it looks like an option; 0 for none; OPTIONS_LEADING
 *
 * Return: 0, or -1 with @options->error set.
 */
int options_parse(struct options *options, const struct option_spec *spec,
		  struct word *const *words, size_t count, int verbatim);

/** options_free() - free what options_parse() made */
void options_free(struct options *options);

/** options_given() - an option by its index in the table; NULL if it was not given */
const struct option_given *options_given(const struct options *options, unsigned int index);

/** options_row() - the row of a table with that index; --help after the last row, then NULL */
const struct option_spec *options_row(const struct option_spec *spec, size_t index);

/** options_secret() - was an option given that marks the line as secret? */
bool options_secret(const struct options *options);

/** options_fail() - say what options_parse() found wrong; @who: the command, or NULL for kvsh */
int options_fail(struct kvsh *sh, const struct options *options, const char *who);

/** options_help() - write a table, one option a line */
void options_help(FILE *out, const struct option_spec *spec);

#endif /* OPTIONS_H */
