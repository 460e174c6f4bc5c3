/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * follow.h - waits for changes, for watch and wait
 */
#ifndef FOLLOW_H
#define FOLLOW_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <kv.h>

#include "core/call.h"

/**
 * struct follow - a command that waits for changes
 * @call: the command
 * @prefix: prefix of the keys
 * @rev: only changes after this revision
 * @change: called for each change; ends the command with @status by -ECANCELED,
 *          or with an error by another negative errno
 * @arg: passed to @change
 * @prints: end if the reader of standard output has closed it
 * @status: an enum status, STATUS_DONE unless @change sets it
 * @mask: the signal mask while waiting, and for child processes
 *
 * Private to follow.c:
 * @timeout: --timeout, or NULL
 * @deadline: its end, CLOCK_MONOTONIC
 * @last: the last revision to report if it ends while changes are pending
 * @expired: @last is set
 */
struct follow {
	struct call *call;
	const char *prefix;
	uint64_t rev;
	kv_watch_fn *change;
	void *arg;
	bool prints;
	int status;
	sigset_t mask;

	const struct option_given *timeout;
	struct timespec deadline;
	uint64_t last;
	bool expired;
};

/**
 * follow_start() - parse --timeout and start its clock
 * @follow: filled
 * @call: the command
 * @timeout: --timeout, or NULL
 *
 * Return: an enum status.
 */
int follow_start(struct follow *follow, struct call *call, const struct option_given *timeout);

/**
 * follow_run() - wait for changes until @change, --timeout or Ctrl-C ends it
 * @follow: started; the other members are filled, and the store is open
 *
 * Return: an enum status.
 */
int follow_run(struct follow *follow);

#endif /* FOLLOW_H */
