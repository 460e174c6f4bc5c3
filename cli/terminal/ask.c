// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ask.c - asks the user at the terminal
 */
#include <stdarg.h>
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

#include "core/call.h"
#include "terminal/ask.h"

bool ask_possible(const struct call *call)
{
	return call->sh->mode != MODE_SCRIPT && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* Read the whole line, so that its rest is not run as a command. */
static bool read_yes(void)
{
	char answer[8] = "";
	size_t len = 0;
	char c;

	for (;;) {
		if (read(STDIN_FILENO, &c, 1) != 1) {
			/* Ctrl-C and Ctrl-D do not end the line. */
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
	return read_yes();
}
