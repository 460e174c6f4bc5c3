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
				    .help = "all commands of the script as one transaction" },
	[GLOBAL_KEEP_GOING]	= { .name = "keep-going", .letter = 'k',
				    .help = "do not stop at the first failure" },
	[GLOBAL_JSON]		= { .name = "json", .letter = 'j',
				    .help = "JSON from get, list, info and watch" },
	[GLOBAL_QUIET]		= { .name = "quiet", .letter = 'q',
				    .help = "no notes and no greeting; errors remain" },
	[GLOBAL_NETNS]		= { .name = "netns", .letter = 'n', .arg = "NS",
				    .help = "the store of a network namespace: NAME, PID or PATH" },
	[GLOBAL_COLOR]		= { .name = "color", .arg = "WHEN",
				    .help = "auto (default), always or never" },
	[GLOBAL_COMPLETE]	= { .name = "complete",
				    .help = "print what may stand in place of the last WORD after --" },
	[GLOBAL_VERSION]	= { .name = "version", .letter = 'V', .help = "show the version" },
	OPTIONS_END
};
/* clang-format on */

void print_help(FILE *out, const struct kvsh *sh)
{
	fputs("Usage: kvsh [OPTION]... [COMMAND [ARGUMENT]...]\n"
	      "\n"
	      "The shell of kvstore, a key/value store in the kernel. Without COMMAND it reads\n"
	      "commands, one a line: from FILE, at a prompt where standard input is a\n"
	      "terminal, or else from standard input up to the first that fails.\n"
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
