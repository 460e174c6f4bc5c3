// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kvbench [--tsv] [--rows PATTERN]: what an operation costs, of kvstore and of its peers.
 * kvbench --append [--tsv] [--rows PATTERN] --keys COUNT [--name 'at COUNT keys']: GET and PUT among
 * so many keys.
 * kvbench --append [--tsv] [--rows PATTERN] --memory: how much memory a key takes.
 * --append leaves out the head and the floor, which another guest has printed; --list only tells
 * the rows' names, on any machine.
 *
 * Made for a machine whose clock counts instructions (tests/vm/run --icount), one each nanosecond.
 * Each row is measured in blocks, and the median of the blocks is what is printed. Time that the
 * processor was idle is no instruction: it is taken off, and shown in a column of its own.
 */
#include <err.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <kv_proto.h>

#include "kvbench.h"

/* So long that the timer's ticks, one in 4 ms, weigh the same in all blocks */
#define BLOCK_MS 20
#define BLOCKS 7

static const struct row *const tables[] = {
	kvstore_rows, cache_rows, kernel_rows, bpf_rows, peer_rows, server_rows, ycsb_rows,
};

/**
 * struct cost - what one operation takes
 * @busy: nanoseconds in which the processor worked
 * @idle: and in which it waited
 */
struct cost {
	double busy;
	double idle;
};

void load_module(const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/sys/module/%s", name);
	if (!access(path, F_OK))
		return;
	snprintf(path, sizeof(path), "/%s.ko", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		err(1, "%s", path);
	close(fd);
}

void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		err(1, "%s", path);
	close(fd);
}

uint64_t read_number(const char *path)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		err(1, "%s", path);
	close(fd);
	return strtoull(text, NULL, 10);
}

const char *key_of(const struct row *row, unsigned int n)
{
	static char key[KV_KEY_MAX + 1];

	memset(key, 'k', row->key_len);
	snprintf(key + row->key_len - 6, 7, "%06u", n);
	return key;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

static double idle(void)
{
	return read_number("/sys/module/bench_idle/parameters/idle_us") * 1e3;
}

/* For profiler/count.c: what is between these is counted. Instructions that do nothing. */
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

/* What was left to be done by what came before is done now, outside the measured time. */
static void settle(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 200 * 1000 * 1000 }, NULL);
}

static struct cost block(const struct row *row, unsigned int calls)
{
	unsigned int operations = calls * (row->units ? row->units : 1);
	double idle_before, idle_after, start, end;

	if (row->prepare)
		row->prepare(row);
	settle();
	if (row->measure) {
		double time;

		mark_start();
		time = row->measure();
		mark_stop();
		return (struct cost){ time / operations, 0 };
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

/* How many calls a block has. Also a warm-up. */
static unsigned int calls_of(const struct row *row)
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

static struct cost measure(const struct row *row)
{
	struct cost costs[BLOCKS];
	unsigned int calls;

	if (row->setup)
		row->setup(row);
	if (row->bytes) {
		settle();
		costs[0].busy = row->bytes(row) / row->units;
		if (row->teardown)
			row->teardown(row);
		return costs[0];
	}
	calls = calls_of(row);
	for (int i = 0; i < BLOCKS; i++)
		costs[i] = block(row, calls);
	if (row->teardown)
		row->teardown(row);
	qsort(costs, BLOCKS, sizeof(*costs), by_busy);
	return costs[BLOCKS / 2];
}

/**
 * struct output - how results are printed
 * @tsv: for programs
 * @list: only their names
 * @append: after those of another run: no head, no floor
 * @pattern: which rows are measured
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
	if (output->tsv)
		puts("# operation\tinstructions\tratio to floor");
	else
		printf("%-52s %12s %8s %10s\n", "operation", "instructions", "ratio", "idle ns");
}

static void print_row(const struct output *output, const struct row *row, const struct cost *cost)
{
	char ratio[16] = "-"; /* of bytes to instructions there is none */

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
		cost = measure(row);
		print_row(output, row, &cost);
	}
}

/* The floor is measured in any case: the others are compared with it. */
static void run_floor(struct output *output)
{
	struct cost cost = measure(floor_rows);

	output->floor = cost.busy;
	if (output->append)
		return;
	print_head(output);
	print_row(output, floor_rows, &cost);
	run_table(output, floor_rows + 1);
}

static int usage(bool asked)
{
	fputs("usage: kvbench [--tsv] [--rows PATTERN] [--append | --list] "
	      "[--keys COUNT [--name NAME] | --memory]\n",
	      asked ? stdout : stderr);
	return asked ? 0 : 2;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "tsv", no_argument, NULL, 't' },
		{ "rows", required_argument, NULL, 'r' },
		{ "append", no_argument, NULL, 'a' },
		{ "list", no_argument, NULL, 'l' },
		{ "keys", required_argument, NULL, 'k' },
		{ "name", required_argument, NULL, 'n' },
		{ "memory", no_argument, NULL, 'm' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct output output = { .pattern = "*" };
	const char *name = NULL;
	unsigned int keys = 0;
	bool memory = false;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 't')
			output.tsv = true;
		else if (option == 'r')
			output.pattern = optarg;
		else if (option == 'a')
			output.append = true;
		else if (option == 'l')
			output.list = true;
		else if (option == 'k')
			keys = strtoul(optarg, NULL, 10);
		else if (option == 'n')
			name = optarg;
		else if (option == 'm')
			memory = true;
		else
			return usage(option == 'h');
	}
	setlinebuf(stdout);
	if (!output.list) {
		load_module("bench_idle");
		run_floor(&output);
	}
	if (keys)
		growth_set(keys, name);
	if (keys || memory) {
		run_table(&output, memory ? memory_rows : growth_rows);
		return 0;
	}
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		run_table(&output, tables[i]);
	return 0;
}
