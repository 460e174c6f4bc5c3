// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * progress.c - shows the progress of a long command on the terminal
 */
#include <stdio.h>
#include <unistd.h>

#include "config/progress.h"
#include "core/call.h"

/* Seconds until the line appears, and updates per second after that. */
#define FIRST_AFTER 1
#define TIMES_A_SECOND 10

#define SECOND 1000000000L

static void show_progress(struct progress *progress)
{
	int width;

	if (progress->total)
		width = fprintf(stderr, "\r%s: %zu of %zu keys", progress->name, progress->done,
				progress->total);
	else
		width = fprintf(stderr, "\r%s: %zu keys", progress->name, progress->done);
	/* Erase the rest of a longer line. */
	if (width < progress->width)
		fprintf(stderr, "%*s", progress->width - width, "");
	fflush(stderr);
	progress->width = width;
}

void progress_begin(struct progress *progress, const struct call *call, size_t total)
{
	*progress = (struct progress){
		.name = call->name->text,
		.total = total,
		.wanted = isatty(STDERR_FILENO) && !call->sh->quiet,
	};
	clock_gettime(CLOCK_MONOTONIC, &progress->next);
	progress->next.tv_sec += FIRST_AFTER;
}

void progress_step(struct progress *progress, size_t count)
{
	struct timespec now;

	progress->done += count;
	if (!progress->wanted)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec < progress->next.tv_sec ||
	    (now.tv_sec == progress->next.tv_sec && now.tv_nsec < progress->next.tv_nsec))
		return;
	show_progress(progress);
	progress->next = now;
	progress->next.tv_nsec += SECOND / TIMES_A_SECOND;
	progress->next.tv_sec += progress->next.tv_nsec / SECOND;
	progress->next.tv_nsec %= SECOND;
}

void progress_restart(struct progress *progress, size_t total)
{
	progress->done = 0;
	progress->total = total;
}

void progress_end(struct progress *progress)
{
	if (progress->width)
		fprintf(stderr, "\r%*s\r", progress->width - 1, "");
	progress->width = 0;
}
