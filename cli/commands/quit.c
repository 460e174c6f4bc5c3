// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * quit.c - quit: end the shell or the script
 */
#include "commands/commands.h"
#include "core/error.h"

static int run_quit(struct call *call)
{
	call->sh->quit = true;
	return STATUS_DONE;
}

const struct command command_quit = {
	.name = "quit",
	.aliases = { "exit" },
	.usage = "",
	.run = run_quit,
	.queue = run_quit,
	.summary = "end the shell, or the script",
	.help = "A script ends with status 0, or with that of the first failure if it was told\n"
		"to keep going.\n\n"
		"Example:\n"
		"  quit\n",
};
