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
	.summary = "end the shell or the script",
	.help = "A script ends with exit status 0, or with that of its first failure if\n"
		"--keep-going was given. In a transaction that \"txn\" began, quit discards it; in\n"
		"a script this is an error with exit status 2.\n"
		"\n"
		"Example:\n"
		"  quit\n",
};
