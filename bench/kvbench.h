/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kvbench: a table of rows, each an operation whose cost is measured */
#ifndef KVBENCH_H
#define KVBENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct row - an operation
 * @name: what it is; with the bytes of key and value as in "32/64", where they matter
 * @file: NULL, or the file that it reads
 * @key_len: bytes of the key
 * @value_len: bytes of the value
 * @reads: of a mix, how many percent of its operations are reads
 * @units: operations in one call; 0 is 1
 * @calls: calls in a block; 0: as many as fill its time
 * @block_ms: that time; 0: BLOCK_MS
 * @guest: needs a module or a server that only the test guest has: not for real time
 * @setup: NULL, or makes what @call works on
 * @prepare: NULL, or called before each block, outside its time
 * @call: the operation; false where it failed, with errno
 * @measure: instead of @call, for what is timed elsewhere: nanoseconds of @units operations
 * @bytes: instead of both: makes @units of what takes memory, and returns how many bytes
 * @teardown: NULL, or takes back what @setup and @call have made
 */
struct row {
	const char *name;
	const char *file;
	unsigned int key_len;
	unsigned int value_len;
	unsigned int reads;
	unsigned int units;
	unsigned int calls;
	unsigned int block_ms;
	bool guest;
	void (*setup)(const struct row *row);
	void (*prepare)(const struct row *row);
	bool (*call)(void);
	double (*measure)(void);
	double (*bytes)(const struct row *row);
	void (*teardown)(const struct row *row);
};

/* The tables, each ended by a row without a name. The first row of the first is the floor. */
extern const struct row floor_rows[], kvstore_rows[], cache_rows[], kernel_rows[], bpf_rows[],
	peer_rows[], server_rows[], ycsb_rows[];

/*
 * In place of all but the floor, where there are so many keys, 10^6 at most; after "get " and "put "
 * the rows' names have @where, or "at COUNT keys".
 */
extern const struct row growth_rows[];
void growth_set(unsigned int count, const char *where);

/* In place of them too: bytes of memory, in a store that nobody has written to */
extern const struct row memory_rows[];

/* The @n-th of the keys that all stores are given, of @row->key_len bytes; good until the next call */
const char *key_of(const struct row *row, unsigned int n);

/* GETs a second on 1, 2, 4, ... @most processors */
void threads_run(bool tsv, unsigned int most);

/* Figures that spread */
void print_spread_head(bool tsv, const char *unit);
void print_spread(bool tsv, const char *name, double median, double low, double high);

double now(void); /* nanoseconds */

/* Helpers that end the program when they fail. */
void load_module(const char *name);
void write_file(const char *path, const char *text);
uint64_t read_number(const char *path);

#endif
