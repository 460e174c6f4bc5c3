// SPDX-License-Identifier: GPL-2.0-or-later
/* Cached reads of libkv */
#include <err.h>
#include <string.h>

#include <kv.h>

#include "kvbench.h"

static struct kv *kv;
static struct kv_cached *cached;
static char key[KV_KEY_MAX + 1];

static void check(const struct row *row, int error)
{
	if (error)
		errx(1, "%s: %s", row->name, kv_strerror(error));
}

static void setup(const struct row *row)
{
	char value[KV_VALUE_MAX];

	memset(key, 'k', row->key_len);
	memset(value, 'v', row->value_len);
	check(row, kv_open(&kv));
	check(row, kv_put(kv, key, value, row->value_len, 0, 0));
	check(row, kv_cache_add(kv, key, &cached));
}

/* The copy is valid from the second call on, because no key changes meanwhile. */
static bool cached_read(void)
{
	const struct kv_item *item;

	return !kv_cache_get(cached, &item);
}

static void teardown(const struct row *row)
{
	check(row, kv_delete(kv, key, 0, 0));
	kv_close(kv);
}

/* clang-format off */
const struct row cache_rows[] = {
	{ .name = "cached read 32/64", .key_len = 32, .value_len = 64,
	  .setup = setup, .call = cached_read, .teardown = teardown },
	{ 0 },
};
/* clang-format on */
