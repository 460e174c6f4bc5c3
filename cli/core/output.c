// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * output.c - colours, and whether the output arrived
 */
#include <errno.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/output.h"

bool output_color(struct kvsh *sh, const char *when)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");
	bool wanted = !(no_color && *no_color) && !(term && !strcmp(term, "dumb"));

	if (!strcmp(when, "auto")) {
		sh->color_out = wanted && isatty(STDOUT_FILENO);
		sh->color_err = wanted && isatty(STDERR_FILENO);
		return true;
	}
	sh->color_out = !strcmp(when, "always");
	sh->color_err = sh->color_out;
	return sh->color_out || !strcmp(when, "never");
}

void color_begin(FILE *out, bool on, const char *color)
{
	if (on)
		fprintf(out, "\033[%sm", color);
}

void color_end(FILE *out, bool on)
{
	if (on)
		fputs("\033[m", out);
}

int output_check(struct kvsh *sh, const struct place *at, int status)
{
	bool failed = ferror(stdout);
	int err;

	errno = 0;
	if (fflush(stdout))
		failed = true;
	if (!failed)
		return status;
	err = errno;
	/* What did not go out must not come before the output of a later command. */
	__fpurge(stdout);
	clearerr(stdout);
	/* Ctrl-C at the prompt's terminal: the rest was not wanted. */
	if (err == EINTR && sh->way == WAY_INTERACTIVE)
		return status ? status : STATUS_FAILED;
	if (sh->way != WAY_INTERACTIVE)
		sh->quit = true;
	fail(sh, at, STATUS_FAILED, "cannot write to standard output%s%s", err ? ": " : "",
	     err ? strerror(err) : "");
	return status ? status : STATUS_FAILED;
}
