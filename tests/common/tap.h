/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TAP output: a line for each result, and their number at the end */
#ifndef TAP_H
#define TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int tap_count, tap_failed;

/* Print a result. Returns @passed. */
__attribute__((format(printf, 2, 3))) static inline bool ok(bool passed, const char *name, ...)
{
	va_list args;

	printf("%sok %d - ", passed ? "" : "not ", ++tap_count);
	va_start(args, name);
	vprintf(name, args);
	va_end(args);
	putchar('\n');
	tap_failed += !passed;
	return passed;
}

/* Print a comment about the next or the last result. */
__attribute__((format(printf, 1, 2))) static inline void note(const char *text, ...)
{
	va_list args;

	fputs("# ", stdout);
	va_start(args, text);
	vprintf(text, args);
	va_end(args);
	putchar('\n');
}

/* Print the last line, without which the test fails. Returns the program's exit status. */
static inline int done(void)
{
	printf("1..%d\n", tap_count);
	fflush(stdout);
	return tap_failed ? 1 : 0;
}

#endif
