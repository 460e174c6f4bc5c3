// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * follow.c - waits for changes, for watch and wait
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/follow.h"
#include "core/error.h"
#include "core/escape.h"

/* About thirty years, which does not overflow any clock. */
#define SECONDS_MAX 1e9
#define NSEC_PER_SEC 1000000000L

/* Digits and a point only: no sign, exponent or "inf". */
static bool parse_seconds(const char *text, double *seconds)
{
	char *end;

	*seconds = strtod(text, &end);
	return strspn(text, "0123456789.") == strlen(text) && end != text && !*end &&
	       *seconds <= SECONDS_MAX;
}

int follow_start(struct follow *follow, struct call *call, const struct option_given *timeout)
{
	struct timespec *deadline = &follow->deadline;
	char shown[ESCAPE_SHORT];
	double seconds;

	*follow = (struct follow){ .call = call, .timeout = timeout };
	if (!timeout)
		return STATUS_DONE;
	if (!parse_seconds(timeout->arg, &seconds))
		return fail(call->sh, &timeout->arg_word->at, STATUS_USAGE,
			    "%s: --timeout needs a number of seconds from 0 to %.0f, such as 0.5, "
			    "not \"%s\"",
			    call->name->text, SECONDS_MAX,
			    escape_short(shown, timeout->arg, strlen(timeout->arg)));
	clock_gettime(CLOCK_MONOTONIC, deadline);
	deadline->tv_sec += (time_t)seconds;
	deadline->tv_nsec += (long)((seconds - (double)(time_t)seconds) * NSEC_PER_SEC);
	if (deadline->tv_nsec >= NSEC_PER_SEC) {
		deadline->tv_sec++;
		deadline->tv_nsec -= NSEC_PER_SEC;
	}
	return STATUS_DONE;
}

/* The time until the deadline, at least zero. */
static struct timespec time_left(const struct follow *follow)
{
	struct timespec now, left;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left.tv_sec = follow->deadline.tv_sec - now.tv_sec;
	left.tv_nsec = follow->deadline.tv_nsec - now.tv_nsec;
	if (left.tv_nsec < 0) {
		left.tv_sec--;
		left.tv_nsec += NSEC_PER_SEC;
	}
	if (left.tv_sec < 0)
		left.tv_sec = left.tv_nsec = 0;
	return left;
}

static int fail_timeout(struct follow *follow)
{
	struct call *call = follow->call;
	const char *seconds = follow->timeout->arg;

	follow->status = fail(call->sh, &call->name->at, STATUS_TIMEOUT,
			      "%s: timed out after %s second%s", call->name->text, seconds,
			      strcmp(seconds, "1") ? "s" : "");
	return -ECANCELED;
}

/* Standard output was closed: act like a program that writes to the pipe. */
static int fail_closed_stdout(struct follow *follow)
{
	struct call *call = follow->call;

	raise(SIGPIPE);
	call->sh->quit = true;
	follow->status = fail(call->sh, &call->name->at, STATUS_FAILED,
			      "cannot write to standard output: %s", strerror(EPIPE));
	return -ECANCELED;
}

/* True if Ctrl-C arrived while it was blocked; its handler runs later. */
static bool is_interrupted(void)
{
	sigset_t pending;

	return !sigpending(&pending) && sigismember(&pending, SIGINT);
}

static int end_by_interrupt(struct follow *follow)
{
	/* Begin a new line after the ^C on the terminal. */
	fputc('\n', stderr);
	follow->status = STATUS_FAILED;
	return -ECANCELED;
}

/* Wait for a change; 0 if there may be one, or a negative errno. */
static int wait_change(struct follow *follow, int fd)
{
	struct pollfd fds[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = follow->prints ? STDOUT_FILENO : -1 },
	};
	struct timespec left;
	int ready;

	if (is_interrupted())
		return end_by_interrupt(follow);
	if (follow->timeout)
		left = time_left(follow);
	ready = ppoll(fds, 2, follow->timeout ? &left : NULL, &follow->mask);
	if (ready < 0 && errno == EINTR && follow->call->sh->mode == MODE_INTERACTIVE)
		return end_by_interrupt(follow);
	if (ready < 0)
		return errno == EINTR ? 0 : -errno;
	if (fds[1].revents & (POLLERR | POLLHUP))
		return fail_closed_stdout(follow);
	return ready ? 0 : fail_timeout(follow);
}

/*
 * After the deadline, report only the changes up to the current revision:
 * changes that arrive faster than they are reported would never end.
 */
static int check_time(struct follow *follow)
{
	struct timespec left;
	struct kv_info info;
	int err;

	if (!follow->timeout || follow->expired)
		return 0;
	left = time_left(follow);
	if (left.tv_sec || left.tv_nsec)
		return 0;
	err = kv_info(follow->call->sh->kv, &info);
	follow->last = info.rev;
	follow->expired = true;
	return err;
}

static int filter_change(enum kv_op op, const struct kv_item *item, void *arg)
{
	struct follow *follow = arg;

	if (follow->expired && item->rev > follow->last)
		return fail_timeout(follow);
	return follow->change(op, item, follow->arg);
}

static int fail_namespace(struct follow *follow)
{
	struct call *call = follow->call;

	follow->status = fail(call->sh, &call->name->at, STATUS_FAILED,
			      "%s: the network namespace no longer exists", call->name->text);
	return -ECANCELED;
}

static int read_changes(struct follow *follow, int fd)
{
	int count = kv_watch_read(fd, filter_change, follow);

	if (count == -EAGAIN || count == -EINTR)
		return 0;
	return count ? count : fail_namespace(follow);
}

/* At the prompt Ctrl-C ends only the command: block it to check for it without a race. */
static void block_interrupt(struct follow *follow)
{
	sigset_t blocked;

	sigemptyset(&blocked);
	if (follow->call->sh->mode == MODE_INTERACTIVE)
		sigaddset(&blocked, SIGINT);
	sigprocmask(SIG_BLOCK, &blocked, &follow->mask);
}

int follow_run(struct follow *follow)
{
	struct call *call = follow->call;
	int err, fd = kv_watch(call->sh->kv, follow->prefix, follow->rev);

	if (fd < 0)
		return fail_key(call, NULL, NULL, fd);
	block_interrupt(follow);
	err = fcntl(fd, F_SETFL, O_NONBLOCK) ? -errno : 0;
	while (err >= 0) {
		err = wait_change(follow, fd);
		if (!err)
			err = check_time(follow);
		if (!err)
			err = read_changes(follow, fd);
	}
	close(fd);
	sigprocmask(SIG_SETMASK, &follow->mask, NULL);
	return err == -ECANCELED ? follow->status : fail_key(call, NULL, NULL, err);
}
