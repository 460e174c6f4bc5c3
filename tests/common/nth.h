/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Injected failures, on kernels with fault injection: /proc/thread-self/fail-nth */
#ifndef NTH_H
#define NTH_H

#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int nth_fd;

static inline void run_on(unsigned int processor)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(125, "processor %u", processor);
}

/* Failing calls run on processor 1, others on 0: a processor keeps buffers after its first call. */
static inline void nth_open(void)
{
	run_on(0);
	nth_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (nth_fd < 0)
		err(125, "/proc/thread-self/fail-nth");
}

/* Make the n-th operation that can fail in a system call of this thread fail. */
static inline void nth_fails(unsigned int n)
{
	char text[16];
	int size = snprintf(text, sizeof(text), "%u", n);

	run_on(1);
	if (pwrite(nth_fd, text, size, 0) != size)
		err(125, "/proc/thread-self/fail-nth");
}

/*
 * Stop injecting failures. Returns true if one was injected before this call.
 * Otherwise it may hit the pread or the first pwrite below, but only one of them.
 */
static inline bool nth_failed(void)
{
	char text[16] = "";
	ssize_t got = pread(nth_fd, text, sizeof(text) - 1, 0);

	if (pwrite(nth_fd, "0", 1, 0) != 1 && pwrite(nth_fd, "0", 1, 0) != 1)
		err(125, "/proc/thread-self/fail-nth");
	run_on(0);
	return got > 0 && !atoi(text);
}

#endif
