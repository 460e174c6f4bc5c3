// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ask.c - questions to who sits at the terminal
 */
#include <stdarg.h>
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

#include "core/call.h"
#include "terminal/ask.h"

bool ask_possible(const struct call *call)
{
	return call->sh->way != WAY_SCRIPT && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* The rest of the line is read too, so that it is not taken for the next command. */
static bool is_yes(void)
{
	char answer[8] = "";
	size_t len = 0;
	char c;

	for (;;) {
		if (read(STDIN_FILENO, &c, 1) != 1) {
			/* Ctrl-C or Ctrl-D leave the cursor where it is. */
			fputc('\n', stderr);
			return false;
		}
		if (c == '\n')
			break;
		if (len < sizeof(answer) - 1)
			answer[len++] = c;
	}
	return !strcasecmp(answer, "y") || !strcasecmp(answer, "yes");
}

bool ask_yes(const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputs("? [y/N] ", stderr);
	return is_yes();
}
