// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads by kernel code: bench_reads.ko does them and tells how long they took */
#include <err.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kvbench.h"
#include "modules/bench_reads.h"

#define PARAMETERS "/sys/module/bench_reads/parameters/"

static const char *path;
static int map = -1;

static void setup(const struct row *row)
{
	load_module("bench_reads");
	path = row->file;
}

/* A map with the key that the module looks up. */
static void bpf_setup(const struct row *row)
{
	static const char key[] = BENCH_KEY;
	static char value[BENCH_VALUE_LEN];
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_HASH,
		.key_size = sizeof(key) - 1,
		.value_size = sizeof(value),
		.max_entries = 1024,
		.map_flags = BPF_F_ZERO_SEED,
	};
	char text[12];

	setup(row);
	map = syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
	memset(value, 'v', sizeof(value));
	memset(&attr, 0, sizeof(attr));
	attr.map_fd = map;
	attr.key = (uintptr_t)key;
	attr.value = (uintptr_t)value;
	if (map < 0 || syscall(SYS_bpf, BPF_MAP_UPDATE_ELEM, &attr, sizeof(attr)))
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
	.units = BENCH_ROUNDS, .setup = setup, .measure = measure }
#define BPF_READ(_name, _file) { .name = "in-kernel " _name, .file = PARAMETERS _file, \
	.units = BENCH_ROUNDS, .setup = bpf_setup, .measure = measure, .teardown = bpf_teardown }

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
