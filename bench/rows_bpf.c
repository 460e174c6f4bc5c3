// SPDX-License-Identifier: GPL-2.0-or-later
/* BPF hash maps */
#include <errno.h>

#include "bpf.h"

#define COUNT 1000 /* elements, if all are read */

static int map;
static char key[128], value[1024];
static union bpf_attr attr;
static struct {
	char keys[COUNT][32];
	char values[COUNT][64];
} batch;

static bool lookup(void)
{
	return bpf_lookup(&attr);
}

static bool update(void)
{
	return bpf_update(&attr);
}

static void make_map(const struct row *row, unsigned int flags)
{
	map = bpf_map(row, flags);
	memset(value, 'v', sizeof(value));
	memcpy(key, key_of(row, 0), row->key_len);
	bpf_element(&attr, map, key, value);
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
		memcpy(key, key_of(row, n), row->key_len);
		if (!update())
			err(1, "%s", row->name);
	}
}

static void teardown(const struct row *row)
{
	close(map);
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
	if (bpf_call(BPF_MAP_LOOKUP_BATCH, &attr, BPF_BATCH) && errno != ENOENT)
		return false;
	return attr.batch.count == COUNT;
}

static bool lookup_each(void)
{
	unsigned int count = 0;

	bpf_element(&attr, map, NULL, NULL);
	attr.next_key = (uintptr_t)key;
	while (!bpf_call(BPF_MAP_GET_NEXT_KEY, &attr, BPF_ELEMENT)) {
		attr.key = (uintptr_t)key;
		attr.value = (uintptr_t)value;
		if (!bpf_lookup(&attr))
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
