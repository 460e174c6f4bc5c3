/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * follow.h - wait for changes, for watch and wait
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
 * struct follow - changes that are waited for
 * @call: the command
 * @prefix: of their keys
 * @rev: those after this revision
 * @change: called for each; -ECANCELED ends it with @status, and any other
 *          negative errno with what that means
 * @arg: handed to @change
 * @prints: there is no use in going on when nobody reads standard output
 * @status: an enum status, STATUS_DONE unless @change sets it
 * @mask: signals blocked while waiting, and in programs that are started
 *
 * The rest belongs to follow.c.
 * @timeout: --timeout, or NULL
 * @deadline: when it is over, CLOCK_MONOTONIC
 * @last: where it is over while changes wait: the last of them to be told
 * @expired: @last is known
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
 * follow_run() - wait for changes until @change ends it, time is over or Ctrl-C
 * @follow: started; the rest is filled, and the store open
 *
 * Return: an enum status.
 */
int follow_run(struct follow *follow);

#endif /* FOLLOW_H */
