/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * progress.h - how far a long command is, for who waits at the terminal
 *
 * One line on standard error, if that is a terminal, from the second second on,
 * rewritten in its place and erased at the end.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct call;

/**
 * struct progress - a command that may take long
 * @name: of the command
 * @total: keys that there are to do; 0 if it is not known
 * @done: keys that are done
 * @next: when the line is to be written again
 * @wanted: there is someone to see it
 * @width: columns of the line that stands there; 0 if none does
 */
struct progress {
	const char *name;
	size_t total;
	size_t done;
	struct timespec next;
	bool wanted;
	int width;
};

/** progress_begin() - start the clock */
void progress_begin(struct progress *progress, const struct call *call, size_t total);

/** progress_step() - so many more keys are done */
void progress_step(struct progress *progress, size_t count);

/** progress_again() - none is done, of so many */
void progress_again(struct progress *progress, size_t total);

/** progress_end() - erase the line; no harm where there is none */
void progress_end(struct progress *progress);

#endif /* PROGRESS_H */
