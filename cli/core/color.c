// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * color.c - colours on a terminal
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/color.h"

bool color_choose(struct kvsh *sh, const char *when)
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
