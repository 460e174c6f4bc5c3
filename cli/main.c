// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * main.c - kvsh, the shell of kvstore: runs a command, a script or the prompt
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <kv.h>

#include "commands/commands.h"
#include "core/color.h"
#include "core/dispatch.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/global.h"
#include "core/json.h"
#include "core/netns.h"
#include "core/script.h"
#include "terminal/complete.h"
#include "terminal/interactive.h"

/*
 * If the caller closed a standard descriptor, the next open() would reuse it,
 * perhaps for the store's socket: open one there that fails as expected.
 */
static void keep_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	}
}

static int apply_options(struct kvsh *sh, const struct options *options)
{
	const struct option_given *color = options_given(options, GLOBAL_COLOR);

	sh->json = options_given(options, GLOBAL_JSON);
	sh->quiet = options_given(options, GLOBAL_QUIET);
	sh->keep_going = options_given(options, GLOBAL_KEEP_GOING);
	sh->atomic = options_given(options, GLOBAL_ATOMIC);
	if (!color_choose(sh, color ? color->arg : "auto")) {
		char shown[ESCAPE_SHORT];

		return fail(sh, NULL, STATUS_USAGE,
			    "--color needs auto, always or never, not \"%s\"",
			    escape_short(shown, color->arg, strlen(color->arg)));
	}
	if (options_given(options, GLOBAL_FILE) && options->count)
		return fail(sh, NULL, STATUS_USAGE, "-f FILE cannot be combined with a command");
	return STATUS_DONE;
}

static int run_arguments(struct kvsh *sh, const struct options *options)
{
	/* The words of the command are the operands. */
	struct words words = { (struct word **)options->args, options->count };

	return run_line(sh, &words);
}

static int run(struct kvsh *sh, const struct options *options)
{
	const struct option_given *file = options_given(options, GLOBAL_FILE);
	const struct option_given *netns = options_given(options, GLOBAL_NETNS);
	bool is_script = file || !isatty(STDIN_FILENO);
	int status = apply_options(sh, options);

	if (status)
		return status;
	if (options->help) {
		print_help(stdout, sh);
		return check_stdout(sh, NULL, STATUS_DONE);
	}
	if (options_given(options, GLOBAL_VERSION)) {
		printf("kvsh %s (protocol %d)\n", KV_VERSION, KV_ABI);
		return check_stdout(sh, NULL, STATUS_DONE);
	}
	if (options_given(options, GLOBAL_COMPLETE))
		return complete_run(sh, options);
	if (netns)
		status = netns_enter(sh, netns->arg);
	if (status)
		return status;
	if (sh->atomic && (options->count || !is_script))
		return fail(sh, NULL, STATUS_USAGE,
			    "--atomic needs a script, from -f FILE or standard input");
	if (options->count)
		return run_arguments(sh, options);
	return is_script ? script_run(sh, file ? file->arg : "-") : interactive_run(sh);
}

int main(int argc, char **argv)
{
	struct kvsh sh = { .commands = commands };
	struct options options;
	struct words words;
	int status;

	keep_standard_descriptors();
	json_prepare();
	color_choose(&sh, "auto");
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
