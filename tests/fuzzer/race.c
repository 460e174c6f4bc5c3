// SPDX-License-Identifier: GPL-2.0-or-later
/* Threads that interfere: one rewrites requests during calls, one reads a watch and blocks */
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>

#include "fuzz.h"

static struct {
	struct process *process;
	struct worker *workers;
	unsigned int count;
	struct rng rng;
} race;

/* Change a byte of the header or the length, or discard the pages, which become zero. */
static void rewrite(struct worker *worker, unsigned char *buf)
{
	static const int lengths[] = { -1, 0, 8, 15, 16, 24, 40, 100, 1024, 4096, 65536, 65537 };
	unsigned int way = below(&race.rng, 100), at = below(&race.rng, 48);
	int *len = worker->race_len;

	/* The worker closes the descriptor of the reply, so only the kernel may write it. */
	if (way < 70 && buf + at < worker->raced.end && at / 4 * 4 != offsetof(struct kv_watch, fd))
		((volatile unsigned char *)buf)[at] ^= 1 << below(&race.rng, 8);
	else if (way < 98)
		*(volatile int *)len =
			lengths[below(&race.rng, sizeof(lengths) / sizeof(*lengths))];
	else
		madvise(worker->raced.start, 8192, MADV_DONTNEED);
}

static void *rewriter(void *arg)
{
	struct worker *worker;
	unsigned char *buf;

	(void)arg;
	for (unsigned int i = 0;; i = (i + 1) % race.count) {
		worker = &race.workers[i];
		worker->race_busy = true;
		buf = worker->race_buf;
		if (buf)
			rewrite(worker, buf);
		worker->race_busy = false;
		if (!buf)
			sched_yield();
	}
	return NULL;
}

/* Read the given watch until it fails or ends; workers may close it meanwhile. */
static void *listener(void *arg)
{
	char buf[KV_MSG_MAX];
	int fd;

	(void)arg;
	for (;;) {
		while (sem_wait(&race.process->given))
			;
		do
			fd = race.process->heard;
		while (fd >= 0 && read(fd, buf, sizeof(buf)) > 0);
	}
	return NULL;
}

static void wake_up(int number)
{
	(void)number;
}

void race_start(struct process *process, struct worker *workers, unsigned int count, uint64_t seed)
{
	struct sigaction action = { .sa_handler = wake_up };
	pthread_t thread;

	race.process = process;
	race.workers = workers;
	race.count = count;
	race.rng.state = seed;
	sem_init(&process->given, 0, 0);
	sigaction(SIGUSR1, &action, NULL);
	if (pthread_create(&process->listener, NULL, listener, NULL) ||
	    pthread_create(&thread, NULL, rewriter, NULL))
		errx(125, "no thread");
}
