/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kvbench: tables of rows; each row is an operation to measure */
#ifndef KVBENCH_H
#define KVBENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "helpers.h"

/**
 * struct row - an operation
 * @name: name; with the bytes of key and value, such as "32/64", if they matter
 * @file: NULL, or the file to read
 * @key_len: bytes of the key
 * @value_len: bytes of the value
 * @reads: percentage of reads in a mix
 * @units: operations in one call; 0: 1
 * @calls: calls in a block; 0: as many as take @block_ms
 * @block_ms: milliseconds of a block; 0: BLOCK_MS
 * @guest: needs a module or a server that only the test guest has; left out in real time
 * @setup: NULL, or creates the objects of @call
 * @prepare: NULL, or called before each block, outside the measured time
 * @call: the operation; returns false with errno if it failed
 * @measure: instead of @call, if the time is measured elsewhere: returns the nanoseconds of
 *           @units operations
 * @bytes: instead of @call and @measure: creates @units objects, and returns their bytes of memory
 * @teardown: NULL, or removes the objects of @setup and @call
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

/* The tables. A row without a name ends a table. The first row of floor_rows is the floor. */
extern const struct row floor_rows[], kvstore_rows[], cache_rows[], kernel_rows[], bpf_rows[],
	peer_rows[], server_rows[], ycsb_rows[];

/*
 * With --keys these rows replace all but the floor. growth_set() sets the number of keys, at most
 * 10^6. The names of the rows are "get " and "put " followed by @where or, if it is NULL, "at COUNT
 * keys".
 */
extern const struct row growth_rows[];
void growth_set(unsigned int count, const char *where);

/* With --memory these rows replace all but the floor: bytes of memory, in an empty store */
extern const struct row memory_rows[];

#endif
