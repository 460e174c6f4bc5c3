// SPDX-License-Identifier: GPL-2.0-or-later
/* GETs per second of several processors: all of one key, each on its own socket */
#include <pthread.h>
#include <sched.h>

#include <wire.h>

#include "helpers.h"
#include "threads.h"

#define ROUNDS 7
#define CALLS 200000 /* calls of each thread in a round */
#define KEY_LEN 32
#define VALUE_LEN 64

static char key[KEY_LEN];
static pthread_barrier_t all_ready;

/**
 * struct worker - a thread on a processor of its own
 * @thread: the thread
 * @cpu: its processor
 * @start: time when it began, in nanoseconds
 * @end: time when it had done CALLS, in nanoseconds
 */
struct worker {
	pthread_t thread;
	int cpu;
	double start;
	double end;
};

static void *work(void *arg)
{
	struct worker *worker = arg;
	union {
		struct kv_record record;
		char bytes[RECORD_MAX];
	} buf;
	cpu_set_t cpus;
	int fd = wire_socket();

	CPU_ZERO(&cpus);
	CPU_SET(worker->cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		err(1, "processor %d", worker->cpu);
	record_make(&buf, 0, key, KEY_LEN, NULL, 0, 0);
	pthread_barrier_wait(&all_ready);
	worker->start = now();
	for (int i = 0; i < CALLS; i++) {
		int len = sizeof(buf);

		buf.record.flags = 0;
		buf.record.value_len = 0;
		buf.record.rev = 0;
		if (wire_get(fd, KV_SO_GET, &buf, &len))
			err(1, "get");
	}
	worker->end = now();
	close(fd);
	return NULL;
}

/* Run @count threads. Returns their GETs per second together. */
static double run_round(struct worker *workers, unsigned int count)
{
	double start, end;

	pthread_barrier_init(&all_ready, NULL, count);
	for (unsigned int i = 0; i < count; i++)
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			errx(1, "no thread");
	for (unsigned int i = 0; i < count; i++)
		pthread_join(workers[i].thread, NULL);
	pthread_barrier_destroy(&all_ready);
	start = workers[0].start;
	end = workers[0].end;
	for (unsigned int i = 1; i < count; i++) {
		start = workers[i].start < start ? workers[i].start : start;
		end = workers[i].end > end ? workers[i].end : end;
	}
	return (double)CALLS * count / (end - start) * 1e9;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print_count(bool tsv, struct worker *workers, unsigned int count)
{
	double rates[ROUNDS];
	char name[40];

	for (int i = 0; i < ROUNDS; i++)
		rates[i] = run_round(workers, count);
	qsort(rates, ROUNDS, sizeof(*rates), ascending);
	snprintf(name, sizeof(name), "get 32/64 on %u processor%s", count, count > 1 ? "s" : "");
	print_spread(tsv, name, rates[ROUNDS / 2], rates[ROUNDS / 4],
		     rates[ROUNDS - 1 - ROUNDS / 4]);
}

void threads_run(bool tsv, unsigned int most)
{
	static struct worker workers[CPU_SETSIZE];
	unsigned int available = 0;
	cpu_set_t cpus;
	char buf[RECORD_MAX];
	int fd = wire_socket(), error;

	if (sched_getaffinity(0, sizeof(cpus), &cpus))
		err(1, "processors");
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &cpus))
			workers[available++].cpu = cpu;
	if (most > available)
		errx(1, "%u threads, but %u processors", most, available);
	memset(key, 'k', sizeof(key));
	error = wire_set(fd, KV_SO_PUT, buf, record_make(buf, 0, key, KEY_LEN, NULL, VALUE_LEN, 0));
	if (error)
		errx(1, "put: %s", strerror(-error));
	print_spread_head(tsv, "operations/s");
	for (unsigned int count = 1; count < most; count *= 2)
		print_count(tsv, workers, count);
	print_count(tsv, workers, most);
	close(fd);
}
