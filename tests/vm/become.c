// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * $(become PROGRAM,ARG,...): a function that GNU make loads. make turns into the
 * program, so that the program's status and stdin are its own.
 */
#include <gnumake.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int plugin_is_GPL_compatible;

static char *become(const char *name, unsigned int argc, char **argv)
{
	sigset_t none;

	(void)name;
	(void)argc; /* argv ends with NULL */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	fflush(NULL);
	execv(argv[0], argv);
	fprintf(stderr, "make: %s: %s\n", argv[0], strerror(errno));
	exit(127);
}

int become_gmk_setup(void)
{
	gmk_add_function("become", become, 1, 0, GMK_FUNC_DEFAULT);
	return 1;
}
