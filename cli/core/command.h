/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command.h - the table of commands
 *
 * One row per command drives running it, counting and checking its arguments,
 * usage, help and completion. There is no other list of commands.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdint.h>

#include "core/kvsh.h"
#include "core/options.h"
#include "core/words.h"

struct call;

/**
 * struct command - a command
 * @name: its name
 * @aliases: other names, up to a NULL
 * @usage: its arguments: those in [] may be left out, ... marks any number.
 *         The names mean something: KEY is checked and completed from the
 *         store, PREFIX likewise and may be empty, COMMAND is completed, and
 *         VALUE is where the KEY before it is declared to be one of a few
 * @min: arguments at least
 * @max: arguments at most; ARGS_ANY
 * @verbatim: index of the argument that is taken as it stands, also where it
 *            looks like an option; 0 for none
 * @options: its options, up to OPTIONS_END
 * @run: does it; returns an enum status
 * @queue: what it does inside a transaction, where most only queue a record
 *         (txn.h); NULL where it makes no sense there
 * @summary: one line
 * @help: the rest of its help, with an example
 */
struct command {
	const char *name;
	const char *aliases[3];
	const char *usage;
	size_t min;
	size_t max;
	int verbatim;
	const struct option_spec *options;
	int (*run)(struct call *call);
	int (*queue)(struct call *call);
	const char *summary;
	const char *help;
};

#define ARGS_ANY ((size_t)-1)

/**
 * struct call - a command that is being run
 * @sh: the shell
 * @command: its row
 * @name: the word that named it
 * @options: its options
 * @args: its arguments, checked against the row
 * @count: their number
 */
struct call {
	struct kvsh *sh;
	const struct command *command;
	const struct word *name;
	struct options options;
	const struct word **args;
	size_t count;
};

/** commands - the table, up to a row without a name; in the order of the help */
extern const struct command commands[];

enum argument {
	ARGUMENT_NONE,
	ARGUMENT_KEY,
	ARGUMENT_PREFIX,
	ARGUMENT_COMMAND,
	ARGUMENT_FILE,
	ARGUMENT_VALUE,
	ARGUMENT_OTHER,
};

/* What the rows run, each in a file of its name. */
int cmd_put(struct call *call);
int cmd_get(struct call *call);
int cmd_delete(struct call *call);
int cmd_list(struct call *call);
int cmd_describe(struct call *call);
int cmd_exists(struct call *call);
int cmd_info(struct call *call);
int cmd_help(struct call *call);
int cmd_quit(struct call *call);
int cmd_require(struct call *call);
int cmd_txn(struct call *call);
int cmd_commit(struct call *call);
int cmd_abort(struct call *call);
int cmd_watch(struct call *call);
int cmd_wait(struct call *call);
int cmd_seal(struct call *call);
int cmd_save(struct call *call);
int cmd_load(struct call *call);
int cmd_diff(struct call *call);
int cmd_sync(struct call *call);
int cmd_check(struct call *call);
int cmd_edit(struct call *call);

/* And what they do inside a transaction, where that is something else. */
int queue_put(struct call *call);
int queue_get(struct call *call);
int queue_delete(struct call *call);
int queue_exists(struct call *call);
int queue_require(struct call *call);

/** command_find() - a command by its name or alias, or NULL */
const struct command *command_find(const char *name);

/** command_unknown() - say that there is no such command, and which was meant perhaps */
int command_unknown(struct kvsh *sh, const struct word *name);

/** command_argument() - what the argument of that index is */
enum argument command_argument(const struct command *command, size_t index);

/** command_run() - run a line; nothing if it has no words; returns an enum status */
int command_run(struct kvsh *sh, const struct words *words);

/** call_option() - an option by its name; NULL if it was not given */
const struct option_given *call_option(const struct call *call, const char *name);

/** call_exclusive() - refuse two options that contradict each other; returns an enum status */
int call_exclusive(struct call *call, const char *one, const char *other);

/**
 * call_number() - the whole number that is an option's argument
 * @call: the command
 * @name: the option
 * @wanted: what it needs, in words
 * @least: the number must not be less
 * @number: filled; 0 if the option was not given
 *
 * Return: an enum status.
 */
int call_number(struct call *call, const char *name, const char *wanted, uint64_t least,
		uint64_t *number);

/** call_revision() - the revision that is an option's argument, 0 without it; an enum status */
int call_revision(struct call *call, const char *name, uint64_t *rev);

/** call_open() - open the store, once; returns an enum status */
int call_open(struct call *call);

#endif /* COMMAND_H */
