// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads by kernel code, which bench_reads.ko does and times */
#include <stdio.h>

#include "bpf.h"
#include "modules/bench_reads.h"

#define PARAMETERS "/sys/module/bench_reads/parameters/"

static const char *path;
static int map = -1;

static void setup(const struct row *row)
{
	load_module("bench_reads");
	path = row->file;
}

/* Create a map with the key that the module looks up. */
static void bpf_setup(const struct row *row)
{
	static const char key[] = BENCH_KEY;
	static char value[BENCH_VALUE_LEN];
	union bpf_attr attr;
	char text[12];

	setup(row);
	map = bpf_map(row, 0);
	memset(value, 'v', sizeof(value));
	bpf_element(&attr, map, key, value);
	if (!bpf_update(&attr))
		err(1, "%s", row->name);
	snprintf(text, sizeof(text), "%d", map);
	write_file(PARAMETERS "bpf_map", text);
}

static void bpf_teardown(const struct row *row)
{
	close(map);
}

static double measure(void)
{
	return read_number(path);
}

/* clang-format off */
#define READ(_name, _file) { .name = "in-kernel " _name, .file = PARAMETERS _file, \
	.units = BENCH_ROUNDS, .guest = true, .setup = setup, .measure = measure }
#define BPF_READ(_name, _file) { .name = "in-kernel " _name, .file = PARAMETERS _file, \
	.key_len = sizeof(BENCH_KEY) - 1, .value_len = BENCH_VALUE_LEN, .units = BENCH_ROUNDS, \
	.guest = true, .setup = bpf_setup, .measure = measure, .teardown = bpf_teardown }

const struct row kernel_rows[] = {
	READ("kv_get 32/64", "get"),
	READ("kv_get 32/64, computed key", "get_computed"),
	READ("kv_get_u64", "get_u64"),
	READ("declared parameter", "declared"),
	BPF_READ("bpf lookup 32/64", "bpf"),
	BPF_READ("bpf lookup and copy 32/64", "bpf_copy"),
	{ 0 },
};
/* clang-format on */
