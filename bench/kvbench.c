// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kvbench [--tsv] [--rows PATTERN]
 *    measures operations of kvstore and of its peers.
 * kvbench --append [--tsv] [--rows PATTERN] --keys COUNT [--name 'at COUNT keys']
 *    measures GET and PUT in a store with COUNT keys.
 * kvbench --append [--tsv] [--rows PATTERN] --memory
 *    measures the memory of a key.
 * kvbench --time [--tsv] [--rows PATTERN] [--threads COUNT]
 *    measures real nanoseconds, on a machine whose own kernel has kvstore; then GETs per second on
 *    up to COUNT processors. Runs in a new network namespace, and leaves all other stores alone.
 *
 * --append leaves out the head and the floor, which kvbench has printed in another guest. --list
 * prints the names of the rows only, on any machine.
 *
 * Without --time it expects a clock that counts instructions, one for each nanosecond
 * (tests/vm/run --icount). It measures each row in blocks, and prints the median of the blocks. The
 * idle time of the processor is subtracted, and shown in a column of its own.
 */
#include <err.h>
#include <fnmatch.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <wire.h>

#include "kvbench.h"
#include "threads.h"

/* Long enough for each block to have about the same share of timer ticks, one in 4 ms */
#define BLOCK_MS 20
#define BLOCKS 7
#define TIME_BLOCKS 15 /* in real time, where the figures spread */

static bool real_time;

static const struct row *const tables[] = {
	kvstore_rows, cache_rows, kernel_rows, bpf_rows, peer_rows, server_rows, ycsb_rows,
};

/**
 * struct cost - the cost of one operation
 * @busy: nanoseconds in which the processor was busy; in real time: all nanoseconds
 * @idle: nanoseconds in which it was idle
 * @low: lower quartile of @busy
 * @high: upper quartile of @busy
 */
struct cost {
	double busy;
	double idle;
	double low;
	double high;
};

static double idle(void)
{
	if (real_time)
		return 0;
	return read_number("/sys/module/bench_idle/parameters/idle_us") * 1e3;
}

/* NOPs: profiler/count.c counts the instructions between these two. */
static void mark_start(void)
{
#ifdef __x86_64__
	asm volatile(".byte 0x0f, 0x1f, 0x80, 'K', 'V', 0, 1" ::: "memory");
#endif
}

static void mark_stop(void)
{
#ifdef __x86_64__
	asm volatile(".byte 0x0f, 0x1f, 0x80, 'K', 'V', 0, 0" ::: "memory");
#endif
}

/* Let deferred work of earlier operations finish outside the measured time. */
static void wait_for_deferred_work(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 200 * 1000 * 1000 }, NULL);
}

static struct cost block(const struct row *row, unsigned int calls)
{
	unsigned int operations = calls * (row->units ? row->units : 1);
	double idle_before, idle_after, start, end;

	if (row->prepare)
		row->prepare(row);
	wait_for_deferred_work();
	if (row->measure) {
		double time;

		mark_start();
		time = row->measure();
		mark_stop();
		return (struct cost){ .busy = time / operations };
	}
	idle_before = idle();
	start = now();
	mark_start();
	for (unsigned int i = 0; i < calls; i++)
		if (!row->call())
			err(1, "%s", row->name);
	mark_stop();
	end = now();
	idle_after = idle();
	return (struct cost){
		.busy = (end - start - idle_after + idle_before) / operations,
		.idle = (idle_after - idle_before) / operations,
	};
}

/* Find out how many calls fill a block. This also warms up caches. */
static unsigned int count_calls(const struct row *row)
{
	double ms = row->block_ms ? row->block_ms : BLOCK_MS;
	unsigned int calls = 100;
	struct cost cost;

	if (row->calls || row->measure) {
		calls = row->calls ? row->calls : 1;
		block(row, calls);
		return calls;
	}
	cost = block(row, calls);
	return ms * 1e6 / (cost.busy * (row->units ? row->units : 1)) + 1;
}

static int by_busy(const void *a, const void *b)
{
	double x = ((const struct cost *)a)->busy, y = ((const struct cost *)b)->busy;

	return (x > y) - (x < y);
}

/* The median of the blocks, with the quartiles. */
static struct cost measure_blocks(const struct row *row)
{
	int blocks = real_time ? TIME_BLOCKS : BLOCKS;
	unsigned int calls = count_calls(row);
	struct cost costs[TIME_BLOCKS] = { 0 };

	for (int i = 0; i < blocks; i++)
		costs[i] = block(row, calls);
	qsort(costs, blocks, sizeof(*costs), by_busy);
	costs[blocks / 2].low = costs[blocks / 4].busy;
	costs[blocks / 2].high = costs[blocks - 1 - blocks / 4].busy;
	return costs[blocks / 2];
}

static struct cost measure_bytes(const struct row *row)
{
	wait_for_deferred_work();
	return (struct cost){ .busy = row->bytes(row) / row->units };
}

static struct cost measure(const struct row *row)
{
	struct cost cost;

	if (row->setup)
		row->setup(row);
	cost = row->bytes ? measure_bytes(row) : measure_blocks(row);
	if (row->teardown)
		row->teardown(row);
	return cost;
}

/**
 * struct output - how results are printed
 * @tsv: separated by tabs, for programs
 * @list: print only the names of the rows
 * @append: print neither the head nor the floor, which another run has printed
 * @pattern: names of the rows to measure
 * @floor: cost of the first row
 */
struct output {
	bool tsv;
	bool list;
	bool append;
	const char *pattern;
	double floor;
};

static void print_head(const struct output *output)
{
	if (real_time)
		print_spread_head(output->tsv, "nanoseconds");
	else if (output->tsv)
		puts("# operation\tinstructions\tratio to floor");
	else
		printf("%-52s %12s %8s %10s\n", "operation", "instructions", "ratio", "idle ns");
}

static void print_row(const struct output *output, const struct row *row, const struct cost *cost)
{
	char ratio[16] = "-"; /* bytes have no ratio to instructions */

	if (real_time) {
		print_spread(output->tsv, row->name, cost->busy, cost->low, cost->high);
		return;
	}
	if (!row->bytes)
		snprintf(ratio, sizeof(ratio), "%.3f", cost->busy / output->floor);
	if (output->tsv)
		printf("%s\t%.1f\t%s\n", row->name, cost->busy, ratio);
	else
		printf("%-52s %12.1f %8s %10.0f\n", row->name, cost->busy, ratio, cost->idle);
}

static void run_table(const struct output *output, const struct row *row)
{
	struct cost cost;

	for (; row->name; row++) {
		if (fnmatch(output->pattern, row->name, 0))
			continue;
		if (output->list) {
			puts(row->name);
			continue;
		}
		if (real_time && row->guest) {
			warnx("%s: left out: only the test guest can measure it", row->name);
			continue;
		}
		cost = measure(row);
		print_row(output, row, &cost);
	}
}

/* The floor is always measured, since other rows are compared with it, except in real time. */
static void run_floor(struct output *output)
{
	struct cost cost;

	if (!output->append)
		print_head(output);
	if (!real_time) {
		cost = measure(floor_rows);
		output->floor = cost.busy;
		if (!output->append)
			print_row(output, floor_rows, &cost);
	}
	if (!output->append)
		run_table(output, floor_rows + 1);
}

/* Use a new namespace: its store is empty, and is freed when kvbench exits. */
static void prepare_time(void)
{
	struct kv_info state;
	int fd = wire_socket(), len = sizeof(state);

	real_time = true;
	if (wire_get(fd, KV_SO_INFO, &state, &len) == -ENOPROTOOPT)
		errx(1, "kvstore is not loaded in this kernel: see `make install` and modprobe(8); "
			"`make bench` measures in a guest");
	close(fd);
	if (unshare(CLONE_NEWNET))
		err(1, "a network namespace for the measurements (are you root?)");
}

static void prepare_guest(void)
{
	load_module("bench_idle");
	/* Without kretprobes, the hash key is random in each run. */
	if (!access("/bench_seed.ko", F_OK))
		load_module("bench_seed");
}

static int usage(bool asked)
{
	fputs("usage: kvbench [--tsv] [--rows PATTERN] [--append | --list] "
	      "[--keys COUNT [--name NAME] | --memory]\n"
	      "       kvbench --time [--tsv] [--rows PATTERN] [--threads COUNT]\n",
	      asked ? stdout : stderr);
	return asked ? 0 : 2;
}

/* Parse a number of keys or processors. */
static unsigned int number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || !value || value > 1000000)
		errx(2, "'%s' is no number from 1 to 1000000", text);
	return value;
}

int main(int argc, char **argv)
{
	struct output output = { .pattern = "*" };
	unsigned int keys = 0, threads = 0;
	int append = 0, list = 0, memory = 0, time = 0, tsv = 0, option;
	const char *name = NULL;
	const struct option options[] = {
		{ "append", no_argument, &append, 1 },
		{ "help", no_argument, NULL, 'h' },
		{ "keys", required_argument, NULL, 'k' },
		{ "list", no_argument, &list, 1 },
		{ "memory", no_argument, &memory, 1 },
		{ "name", required_argument, NULL, 'n' },
		{ "rows", required_argument, NULL, 'r' },
		{ "threads", required_argument, NULL, 'p' },
		{ "time", no_argument, &time, 1 },
		{ "tsv", no_argument, &tsv, 1 },
		{ 0 },
	};

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'r')
			output.pattern = optarg;
		else if (option == 'k')
			keys = number(optarg);
		else if (option == 'n')
			name = optarg;
		else if (option == 'p')
			threads = number(optarg);
		else if (option)
			return usage(option == 'h');
	}
	if (optind < argc || (threads && !time) || (name && !keys) || time + memory + !!keys > 1)
		return usage(false);
	output.tsv = tsv;
	output.list = list;
	output.append = append;
	setlinebuf(stdout);
	if (keys)
		growth_set(keys, name);
	if (time)
		prepare_time();
	else if (!list)
		prepare_guest();
	if (!list)
		run_floor(&output);
	if (keys || memory) {
		run_table(&output, memory ? memory_rows : growth_rows);
		return 0;
	}
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		run_table(&output, tables[i]);
	if (threads)
		threads_run(tsv, threads);
	return 0;
}
