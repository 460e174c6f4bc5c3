// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * litter.c - a file that must not stay behind, also where a signal ends the program
 */
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#include "config/litter.h"

static const int endings[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
#define ENDINGS (sizeof(endings) / sizeof(endings[0]))

/* A signal handler takes no argument of ours. */
static const char *volatile litter_file, *volatile litter_folder;
static bool ours[ENDINGS];

static void on_signal(int sig)
{
	if (litter_file)
		unlink(litter_file);
	if (litter_folder)
		rmdir(litter_folder);
	/* SA_RESETHAND: now it does what it does to other programs. */
	raise(sig);
}

void litter_begin(const char *file, const char *folder)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND };
	struct sigaction now;

	litter_file = file;
	litter_folder = folder;
	for (size_t i = 0; i < ENDINGS; i++) {
		ours[i] = !sigaction(endings[i], NULL, &now) && now.sa_handler == SIG_DFL;
		if (ours[i])
			sigaction(endings[i], &action, NULL);
	}
}

void litter_end(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };

	for (size_t i = 0; i < ENDINGS; i++) {
		if (ours[i])
			sigaction(endings[i], &action, NULL);
		ours[i] = false;
	}
	litter_file = NULL;
	litter_folder = NULL;
}
