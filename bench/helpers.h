/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kvbench: functions that the rows share */
#ifndef BENCH_HELPERS_H
#define BENCH_HELPERS_H

#include <stdbool.h>
#include <stdint.h>

struct row;

/* The @n-th key, @row->key_len bytes, the same for all stores; valid until the next call */
const char *key_of(const struct row *row, unsigned int n);

/* Print figures with their quartiles. */
void print_spread_head(bool tsv, const char *unit);
void print_spread(bool tsv, const char *name, double median, double low, double high);

double now(void); /* nanoseconds */

/* These end the program if they fail. */
void load_module(const char *name);
void write_file(const char *path, const char *text);
uint64_t read_number(const char *path);

#endif
