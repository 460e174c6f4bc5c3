/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call.h - a command, one call of it, and helpers for the functions of commands
 */
#ifndef CALL_H
#define CALL_H

#include <stdint.h>

#include "core/kvsh.h"
#include "core/options.h"
#include "core/words.h"

struct call;

/**
 * struct command - a command: everything that running it, its usage, its help
 *                  and completion need
 * @name: its name
 * @aliases: other names, up to a NULL
 * @usage: its arguments: [] marks an optional one, ... any number of them.
 *         Some names have a meaning: KEY is checked and completed from the
 *         store, PREFIX likewise and may be empty, COMMAND and FILE are
 *         completed, and VALUE is completed if the KEY before it is declared
 *         with a few possible values
 * @verbatim: index of the argument that is never parsed as an option; 0 for none
 * @options: its options, up to OPTIONS_END; NULL for none but --help
 * @run: runs it; returns an enum status
 * @queue: runs it inside a transaction, where most commands only queue a record
 *         (txn.h); NULL if it is not allowed there
 * @summary: a phrase without a capital or a full stop, up to 55 columns
 * @help: the rest of its help, with an example; the source of its section in kvsh(1)
 *        too. Lines have up to 80 columns; those that begin with two spaces are
 *        printed there as they are. The name of a command in double quotes becomes
 *        bold there
 */
struct command {
	const char *name;
	const char *aliases[3];
	const char *usage;
	int verbatim;
	const struct option_spec *options;
	int (*run)(struct call *call);
	int (*queue)(struct call *call);
	const char *summary;
	const char *help;
};

/**
 * struct call - a command that is being run
 * @sh: the shell
 * @command: the command
 * @name: the word that named it, which may be an alias
 * @options: its options
 * @args: its arguments, checked against @command
 * @count: number of arguments
 */
struct call {
	struct kvsh *sh;
	const struct command *command;
	const struct word *name;
	struct options options;
	const struct word **args;
	size_t count;
};

/** call_option() - an option by its index in the command's table; NULL if it was not given */
const struct option_given *call_option(const struct call *call, unsigned int option);

/** call_exclusive() - refuse two options that contradict each other; returns an enum status */
int call_exclusive(struct call *call, unsigned int one, unsigned int other);

/**
 * call_number() - parse the whole number that is an option's argument
 * @call: the command
 * @option: index of the option
 * @wanted: a description of a valid argument, for the error message
 * @least: the smallest valid number
 * @number: filled; 0 if the option was not given
 *
 * Return: an enum status.
 */
int call_number(struct call *call, unsigned int option, const char *wanted, uint64_t least,
		uint64_t *number);

/** call_revision() - parse a revision, 0 if the option was not given; returns an enum status */
int call_revision(struct call *call, unsigned int option, uint64_t *rev);

/** call_open() - open the store if it is not open; returns an enum status */
int call_open(struct call *call);

/**
 * fail_key() - report that the store refused a request
 * @call: the command
 * @key: the key in question, or NULL
 * @at: the word at fault, or NULL for the command itself
 * @err: negative errno of the library
 *
 * Return: the status of @err.
 */
int fail_key(struct call *call, const struct word *key, const struct word *at, int err);

#endif /* CALL_H */
