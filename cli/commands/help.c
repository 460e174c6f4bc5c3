// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * help.c - help: list the commands, or explain one
 */
#include "commands/commands.h"
#include "core/dispatch.h"
#include "core/error.h"
#include "core/global.h"

static int run_help(struct call *call)
{
	const struct command *command;

	if (!call->count) {
		print_help(stdout, call->sh);
		return STATUS_DONE;
	}
	command = find_command(call->sh, call->args[0]->text);
	if (!command)
		return fail_unknown_command(call->sh, call->args[0]);
	print_command_help(stdout, command);
	return STATUS_DONE;
}

const struct command command_help = {
	.name = "help",
	.usage = "[COMMAND]",
	.run = run_help,
	.queue = run_help,
	.summary = "list the commands, or explain one",
	.help = "Without COMMAND, also lists the options of kvsh and the exit statuses.\n"
		"\n"
		"Example:\n"
		"  help put\n",
};
