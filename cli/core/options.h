/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - parses the options of a command, or of kvsh itself
 *
 * They are parsed by getopt_long(3): a long option may be shortened to an
 * unambiguous prefix, and -- ends the options.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "core/kvsh.h"
#include "core/words.h"

/** OPTIONS_MAX - maximum number of options in a table */
#define OPTIONS_MAX 16

/**
 * struct option_spec - one option; a table is indexed by an enum and ends with OPTIONS_END
 * @name: long name
 * @letter: short name, or 0
 * @arg: name of its argument; NULL if it takes none
 * @help: a phrase; a newline in it begins another line of the help
 * @secret: keep a line with this option out of the history file
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

/** OPTIONS_LEADING - for options_parse(): the first operand ends the options */
#define OPTIONS_LEADING (-1)

/**
 * struct option_given - an option in a line; the last one if it is repeated
 * @word: the word with the option; NULL if it was not given
 * @arg_word: the word with its argument
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
 * @count: number of operands
 * @ended: there was a --
 * @error: the error; the other members then describe the words before it
 * @at: the word with the error
 * @which: the option with the error, or NULL
 * @letter: its letter, or 0
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
 * options_parse() - separate options and operands
 * @options: filled; call options_free(), after an error too
 * @spec: the table, or NULL for no option but --help
 * @words: the line; the first word is the name of the command
 * @count: words
 * @verbatim: index of the operand (not the first) that is never parsed as an
 *            option; 0 for none; or OPTIONS_LEADING
 *
 * Return: 0, or -1 with @options->error set.
 */
int options_parse(struct options *options, const struct option_spec *spec,
		  struct word *const *words, size_t count, int verbatim);

/** options_free() - free the list of operands */
void options_free(struct options *options);

/** options_given() - an option by its index in the table; NULL if it was not given */
const struct option_given *options_given(const struct options *options, unsigned int index);

/** options_row() - the row of a table with that index; --help after the last row, then NULL */
const struct option_spec *options_row(const struct option_spec *spec, size_t index);

/** options_secret() - true if a secret option was given */
bool options_secret(const struct options *options);

/** options_fail() - report the error of options_parse(); @who: the command, or NULL for kvsh */
int options_fail(struct kvsh *sh, const struct options *options, const char *who);

/** options_help() - print the help of a table, one option per line */
void options_help(FILE *out, const struct option_spec *spec);

#endif /* OPTIONS_H */
