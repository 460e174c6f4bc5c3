// SPDX-License-Identifier: GPL-2.0-or-later
/* BPF hash maps by bpf(2), with nothing between; attributes are as long as libbpf makes them */
#include <err.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kvbench.h"

#define COUNT 1000 /* elements, where all are read */

static int map;
static char key[128], value[1024];
static union bpf_attr attr;
static struct {
	char keys[COUNT][32];
	char values[COUNT][64];
} batch;

static long call_bpf(int command, unsigned int size)
{
	return syscall(SYS_bpf, command, &attr, size);
}

#define UP_TO(_field) (offsetof(union bpf_attr, _field) + sizeof(attr._field))
#define ELEMENT UP_TO(flags)
#define BATCH UP_TO(batch.flags)

/* The same keys as those of kvstore's rows. */
static void number_key(const struct row *row, unsigned int n)
{
	char digits[7];

	snprintf(digits, sizeof(digits), "%06u", n);
	memset(key, 'k', row->key_len);
	memcpy(key + row->key_len - 6, digits, 6);
}

static void set_element(void)
{
	memset(&attr, 0, sizeof(attr));
	attr.map_fd = map;
	attr.key = (uintptr_t)key;
	attr.value = (uintptr_t)value;
}

static bool update(void)
{
	return !call_bpf(BPF_MAP_UPDATE_ELEM, ELEMENT);
}

/* The seed of the hash is zero, so that each run has the same buckets. */
static void make_map(const struct row *row, unsigned int flags)
{
	memset(&attr, 0, sizeof(attr));
	attr.map_type = BPF_MAP_TYPE_HASH;
	attr.key_size = row->key_len;
	attr.value_size = row->value_len;
	attr.max_entries = 1024;
	attr.map_flags = flags | BPF_F_ZERO_SEED;
	map = call_bpf(BPF_MAP_CREATE, sizeof(attr));
	if (map < 0)
		err(1, "%s", row->name);
	memset(value, 'v', sizeof(value));
	number_key(row, 0);
	set_element();
}

static void setup(const struct row *row)
{
	make_map(row, 0);
	if (!update())
		err(1, "%s", row->name);
}

static void setup_unallocated(const struct row *row)
{
	make_map(row, BPF_F_NO_PREALLOC);
}

static void setup_all(const struct row *row)
{
	make_map(row, 0);
	for (unsigned int n = 0; n < COUNT; n++) {
		number_key(row, n);
		if (!update())
			err(1, "%s", row->name);
	}
}

static void teardown(const struct row *row)
{
	close(map);
}

static bool lookup(void)
{
	return !call_bpf(BPF_MAP_LOOKUP_ELEM, ELEMENT);
}

static bool lookup_batch(void)
{
	uint32_t next;

	memset(&attr.batch, 0, sizeof(attr.batch));
	attr.batch.out_batch = (uintptr_t)&next;
	attr.batch.keys = (uintptr_t)batch.keys;
	attr.batch.values = (uintptr_t)batch.values;
	attr.batch.count = COUNT;
	attr.batch.map_fd = map;
	if (call_bpf(BPF_MAP_LOOKUP_BATCH, BATCH) && errno != ENOENT)
		return false;
	return attr.batch.count == COUNT;
}

static bool lookup_each(void)
{
	unsigned int count = 0;

	set_element();
	attr.key = 0;
	attr.next_key = (uintptr_t)key;
	while (!call_bpf(BPF_MAP_GET_NEXT_KEY, ELEMENT)) {
		attr.key = (uintptr_t)key;
		attr.value = (uintptr_t)value;
		if (call_bpf(BPF_MAP_LOOKUP_ELEM, ELEMENT))
			return false;
		attr.next_key = (uintptr_t)key;
		count++;
	}
	return count == COUNT;
}

/* clang-format off */
#define SIZE(_key, _value) .key_len = (_key), .value_len = (_value)
#define LOOKUP(_size, ...) { .name = "bpf lookup " _size, __VA_ARGS__, \
	.setup = setup, .call = lookup, .teardown = teardown }
#define UPDATE(_size, ...) { .name = "bpf update " _size, __VA_ARGS__, .block_ms = 200, \
	.setup = setup, .call = update, .teardown = teardown }

const struct row bpf_rows[] = {
	LOOKUP("12/4", SIZE(12, 4)),
	LOOKUP("32/64", SIZE(32, 64)),
	LOOKUP("128/1024", SIZE(128, 1024)),
	UPDATE("12/4", SIZE(12, 4)),
	UPDATE("32/64", SIZE(32, 64)),
	UPDATE("128/1024", SIZE(128, 1024)),
	{ .name = "bpf update 32/64, no prealloc", SIZE(32, 64), .block_ms = 200,
	  .setup = setup_unallocated, .call = update, .teardown = teardown },
	{ .name = "bpf lookup_batch 32/64", SIZE(32, 64), .units = COUNT,
	  .setup = setup_all, .call = lookup_batch, .teardown = teardown },
	{ .name = "bpf next_key+lookup 32/64", SIZE(32, 64), .units = COUNT,
	  .setup = setup_all, .call = lookup_each, .teardown = teardown },
	{ 0 },
};
/* clang-format on */
