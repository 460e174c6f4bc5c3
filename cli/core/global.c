// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * global.c - the options and the help of kvsh itself
 */
#include "core/call.h"
#include "core/error.h"
#include "core/global.h"

/* clang-format off */
const struct option_spec global_options[] = {
	[GLOBAL_FILE]		= { .name = "file", .letter = 'f', .arg = "FILE",
				    .help = "run the commands in FILE; - is standard input" },
	[GLOBAL_ATOMIC]		= { .name = "atomic",
				    .help = "run the whole script as one transaction" },
	[GLOBAL_KEEP_GOING]	= { .name = "keep-going", .letter = 'k',
				    .help = "do not stop a script at its first failure" },
	[GLOBAL_JSON]		= { .name = "json", .letter = 'j',
				    .help = "print JSON from get, list, describe, info and watch" },
	[GLOBAL_QUIET]		= { .name = "quiet", .letter = 'q',
				    .help = "print no notes, progress or greeting; errors remain" },
	[GLOBAL_NETNS]		= { .name = "netns", .letter = 'n', .arg = "NS",
				    .help = "use the store of a network namespace: a name in\n"
					    "/run/netns, a process ID or a path" },
	[GLOBAL_COLOR]		= { .name = "color", .arg = "WHEN",
				    .help = "use colours: auto (default), always or never" },
	[GLOBAL_COMPLETE]	= { .name = "complete",
				    .help = "print the completions of the last word after --" },
	[GLOBAL_VERSION]	= { .name = "version", .letter = 'V', .help = "show the versions of kvsh and of the protocol" },
	OPTIONS_END
};
/* clang-format on */

void print_help(FILE *out, const struct kvsh *sh)
{
	fputs("Usage: kvsh [OPTION]... [COMMAND [ARGUMENT]...]\n"
	      "\n"
	      "The shell of kvstore, a key/value store in the kernel. Without COMMAND, kvsh\n"
	      "reads commands, one per line: from FILE; else at a prompt, if standard input is\n"
	      "a terminal; else from standard input. A script stops at its first failure.\n"
	      "\n"
	      "Commands:\n",
	      out);
	for (const struct command *const *command = sh->commands; *command; command++) {
		char usage[40];

		snprintf(usage, sizeof(usage), "%s %s", (*command)->name, (*command)->usage);
		fprintf(out, "  %-22s %s\n", usage, (*command)->summary);
	}
	fputs("\nOptions, before COMMAND:\n", out);
	options_help(out, global_options);
	fputs("\n\"help COMMAND\" and \"COMMAND --help\" explain a command and its options.\n"
	      "\n"
	      "Lines of a script and at the prompt: blanks separate words. '...' and \"...\"\n"
	      "quote blanks. An unquoted # at the beginning of a word begins a comment. Bytes\n"
	      "in '...' are literal; elsewhere \\n \\t \\r \\\\ \\\" \\' \\# \\xNN and backslash-space\n"
	      "are escapes for a byte. A \\ at the end of a line continues it.\n"
	      "\n"
	      "Environment:\n"
	      "  KVSH_HISTORY       the history file; none if empty. If it is not set:\n"
	      "                     kvsh/history in $XDG_STATE_HOME or ~/.local/state\n"
	      "  NO_COLOR           if not empty, no colours unless --color=always\n"
	      "  VISUAL, EDITOR     the editor of edit\n"
	      "  TMPDIR             the directory for the temporary file of edit\n"
	      "\n"
	      "Exit status:\n",
	      out);
	for (int status = 0; status < STATUS_COUNT; status++)
		fprintf(out, "  %d  %s\n", status, status_meaning(status));
}
