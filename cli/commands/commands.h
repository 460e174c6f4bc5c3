/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands.h - the list of commands
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "core/call.h"

/* clang-format off */
/* Every command, in the order of the help; the file with its functions defines command_NAME. */
#define COMMANDS(ROW) \
	ROW(put) \
	ROW(get) \
	ROW(delete) \
	ROW(list) \
	ROW(describe) \
	ROW(exists) \
	ROW(require) \
	ROW(txn) \
	ROW(commit) \
	ROW(abort) \
	ROW(watch) \
	ROW(wait) \
	ROW(seal) \
	ROW(save) \
	ROW(load) \
	ROW(diff) \
	ROW(sync) \
	ROW(check) \
	ROW(edit) \
	ROW(info) \
	ROW(help) \
	ROW(quit)
/* clang-format on */

#define DECLARE_COMMAND(name) extern const struct command command_##name;
COMMANDS(DECLARE_COMMAND)
#undef DECLARE_COMMAND

/** commands - every command, up to a NULL */
extern const struct command *const commands[];

#endif /* COMMANDS_H */
