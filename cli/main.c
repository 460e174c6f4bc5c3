// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * main.c - kvsh, the shell of kvstore: its options, and three ways in
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <kv.h>

#include "core/command.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/help.h"
#include "core/json.h"
#include "core/netns.h"
#include "core/options.h"
#include "core/output.h"
#include "core/script.h"
#include "core/words.h"
#include "terminal/complete.h"
#include "terminal/interactive.h"

/* clang-format off */
const struct option_spec global_options[] = {
	{ .name = "file",	.letter = 'f', .arg = "FILE",
				.help = "run the commands in FILE; - is standard input" },
	{ .name = "atomic",	.help = "all commands of the script as one transaction" },
	{ .name = "keep-going",	.letter = 'k', .help = "do not stop at the first failure" },
	{ .name = "json",	.letter = 'j', .help = "JSON from get, list, info and watch" },
	{ .name = "quiet",	.letter = 'q', .help = "no notes and no greeting; errors remain" },
	{ .name = "netns",	.letter = 'n', .arg = "NS",
				.help = "the store of a network namespace: NAME, PID or PATH" },
	{ .name = "color",	.arg = "WHEN", .help = "auto (default), always or never" },
	{ .name = "complete",	.help = "print what may stand in place of the last WORD after --" },
	{ .name = "version",	.letter = 'V', .help = "show the version" },
	OPTIONS_END
};
/* clang-format on */

/*
 * A descriptor that the caller closed would be given to the next file that is
 * opened, the store's socket perhaps: fill it with one that fails as it should.
 */
static void keep_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	}
}

static int take_options(struct kvsh *sh, const struct options *options)
{
	const struct option_given *color = options_find(options, "color");

	sh->json = options_find(options, "json");
	sh->quiet = options_find(options, "quiet");
	sh->keep_going = options_find(options, "keep-going");
	sh->atomic = options_find(options, "atomic");
	if (!output_color(sh, color ? color->arg : "auto")) {
		char shown[ESCAPE_SHORT];

		return fail(sh, NULL, STATUS_USAGE, "--color is auto, always or never, not \"%s\"",
			    escape_short(shown, color->arg, strlen(color->arg)));
	}
	if (options_find(options, "file") && options->count)
		return fail(sh, NULL, STATUS_USAGE, "-f FILE and a command exclude each other");
	return STATUS_DONE;
}

static int run_arguments(struct kvsh *sh, const struct options *options)
{
	/* The operands are the last of the words, in their order. */
	struct words words = { (struct word **)options->args, options->count };

	return command_run(sh, &words);
}

static int run(struct kvsh *sh, const struct options *options)
{
	const struct option_given *file = options_find(options, "file");
	const struct option_given *netns = options_find(options, "netns");
	bool is_script = file || !isatty(STDIN_FILENO);
	int status = take_options(sh, options);

	if (status)
		return status;
	if (options_find(options, "help")) {
		help_all(stdout);
		return output_check(sh, NULL, STATUS_DONE);
	}
	if (options_find(options, "version")) {
		printf("kvsh %s (protocol %d)\n", KV_VERSION, KV_ABI);
		return output_check(sh, NULL, STATUS_DONE);
	}
	if (options_find(options, "complete"))
		return complete_run(sh, options);
	if (netns)
		status = netns_enter(sh, netns->arg);
	if (status)
		return status;
	if (sh->atomic && (options->count || !is_script))
		return fail(sh, NULL, STATUS_USAGE,
			    "--atomic is for a script: -f FILE, or on standard input");
	if (options->count)
		return run_arguments(sh, options);
	return is_script ? script_run(sh, file ? file->arg : "-") : interactive_run(sh);
}

int main(int argc, char **argv)
{
	struct kvsh sh = { .way = WAY_COMMAND };
	struct options options;
	struct words words;
	int status;

	keep_standard_descriptors();
	json_prepare();
	output_color(&sh, "auto");
	words_from_argv(&words, argc, argv);
	if (options_parse(&options, global_options, words.list, words.count, OPTIONS_LEADING))
		status = options_fail(&sh, &options, NULL);
	else
		status = run(&sh, &options);
	kv_close(sh.kv);
	options_free(&options);
	words_free(&words);
	return status;
}
