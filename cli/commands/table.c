// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * table.c - the table of commands
 */
#include <stddef.h>

#include "commands/commands.h"

#define ROW(name) &command_##name,

const struct command *const commands[] = { COMMANDS(ROW) NULL };
