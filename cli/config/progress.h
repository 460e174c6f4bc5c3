/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * progress.h - shows the progress of a long command on the terminal
 *
 * The progress is one line on standard error, if that is a terminal. It appears
 * after a second, is updated in place and erased at the end.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct call;

/**
 * struct progress - the progress of a command
 * @name: name of the command
 * @total: total number of keys; 0 if unknown
 * @done: number of keys done
 * @next: time of the next update of the line
 * @wanted: show the line
 * @width: width of the line on the terminal in columns; 0 if there is none
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

/** progress_step() - @count more keys are done */
void progress_step(struct progress *progress, size_t count);

/** progress_restart() - start again with no keys done */
void progress_restart(struct progress *progress, size_t total);

/** progress_end() - erase the line, if there is one */
void progress_end(struct progress *progress);

#endif /* PROGRESS_H */
