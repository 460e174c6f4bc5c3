/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dispatch.h - finds the command that a line names, checks its arguments and runs it
 */
#ifndef DISPATCH_H
#define DISPATCH_H

#include <stdio.h>

#include "core/call.h"

/** enum argument - the kinds of arguments that a usage names */
enum argument {
	ARGUMENT_NONE,
	ARGUMENT_KEY,
	ARGUMENT_PREFIX,
	ARGUMENT_COMMAND,
	ARGUMENT_FILE,
	ARGUMENT_VALUE,
	ARGUMENT_OTHER,
};

/** find_command() - a command by its name or alias, or NULL */
const struct command *find_command(const struct kvsh *sh, const char *name);

/** fail_unknown_command() - report that there is no such command, and suggest a similar one */
int fail_unknown_command(struct kvsh *sh, const struct word *name);

/** argument_kind() - the kind of the argument with that index */
enum argument argument_kind(const struct command *command, size_t index);

/** print_command_help() - print how a command is used */
void print_command_help(FILE *out, const struct command *command);

/** run_line() - run a line; nothing if it has no words; returns an enum status */
int run_line(struct kvsh *sh, const struct words *words);

#endif /* DISPATCH_H */
