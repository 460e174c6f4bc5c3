// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * help.c - help: what the tables say, to be read
 */
#include "core/command.h"
#include "core/error.h"
#include "core/help.h"

void help_all(FILE *out)
{
	fputs("Usage: kvsh [OPTION]... [COMMAND [ARGUMENT]...]\n"
	      "\n"
	      "The shell of kvstore, a key/value store in the kernel. Without COMMAND it reads\n"
	      "commands, one a line: from FILE, at a prompt where standard input is a\n"
	      "terminal, or else from standard input up to the first that fails.\n"
	      "\n"
	      "Commands:\n",
	      out);
	for (const struct command *command = commands; command->name; command++) {
		char usage[40];

		snprintf(usage, sizeof(usage), "%s %s", command->name, command->usage);
		fprintf(out, "  %-22s %s\n", usage, command->summary);
	}
	fputs("\n"
	      "Options, before COMMAND:\n",
	      out);
	options_help(out, global_options);
	fputs("\n"
	      "\"help COMMAND\" and \"COMMAND --help\" explain a command and its options.\n"
	      "\n"
	      "Lines: words are separated by blanks; '...' and \"...\" hold blanks together; a\n"
	      "word that begins with # begins a comment, unless it is quoted. '...' holds bytes\n"
	      "as they are; elsewhere \\n \\t \\r \\\\ \\\" \\' \\# \\xNN and backslash-space stand\n"
	      "for a byte; a \\ at the end continues the line.\n"
	      "\n"
	      "Environment:\n"
	      "  KVSH_HISTORY       the history file; empty: none. Else kvsh/history in\n"
	      "                     $XDG_STATE_HOME or ~/.local/state\n"
	      "  NO_COLOR           no colours unless --color=always\n"
	      "  VISUAL, EDITOR     the editor of edit\n"
	      "  TMPDIR             where edit keeps its file meanwhile\n"
	      "\n"
	      "Exit status:\n",
	      out);
	for (int status = 0; status < STATUS_COUNT; status++)
		fprintf(out, "  %d  %s\n", status, status_meaning(status));
}

void help_command(FILE *out, const struct command *command)
{
	fprintf(out, "Usage: %s [OPTION]...%s%s\n", command->name, *command->usage ? " " : "",
		command->usage);
	if (command->aliases[0]) {
		fputs("Also:  ", out);
		for (const char *const *alias = command->aliases; *alias; alias++)
			fprintf(out, "%s%s", alias == command->aliases ? "" : ", ", *alias);
		fputc('\n', out);
	}
	fprintf(out, "\n%s\n\nOptions:\n", command->summary);
	options_help(out, command->options);
	fprintf(out, "\n%s", command->help);
}

int cmd_help(struct call *call)
{
	const struct command *command;

	if (!call->count) {
		help_all(stdout);
		return STATUS_DONE;
	}
	command = command_find(call->args[0]->text);
	if (!command)
		return command_unknown(call->sh, call->args[0]);
	help_command(stdout, command);
	return STATUS_DONE;
}
