// SPDX-License-Identifier: GPL-2.0-or-later
/* GET and PUT in a store with many keys: each call uses another key, in another bucket */
#include <wire.h>

#include "kvbench.h"

#define DIGITS 6
/* A prime: all keys are used, and old keys, at the end of their buckets, between new ones */
#define STEP 7919

static int fd;
static unsigned int keys, current, step;
static int request_len;
static union {
	struct kv_record record;
	char bytes[RECORD_MAX];
} request;

static void number_key(void)
{
	char *end = (char *)request.record.data + request.record.key_len;
	unsigned int n = current;

	for (int i = 1; i <= DIGITS; i++, n /= 10)
		end[-i] = '0' + n % 10;
	current = (current + step) % keys;
}

static bool put_one(void)
{
	number_key();
	return !wire_set(fd, KV_SO_PUT, &request, request_len);
}

static void make_request(const struct row *row, unsigned int value_len)
{
	char key[KV_KEY_MAX];

	memset(key, 'k', row->key_len);
	request_len = record_make(&request, 0, key, row->key_len, NULL, value_len, 0);
}

/* The first row that runs makes the keys. */
static void make_keys(const struct row *row)
{
	make_request(row, row->value_len);
	step = 1;
	for (unsigned int n = info(fd).entries; n < keys; n++)
		if (!put_one())
			err(1, "%s", row->name);
	if (info(fd).entries != keys)
		errx(1, "%s: there are %u keys", row->name, info(fd).entries);
	step = STEP;
}

static void get_setup(const struct row *row)
{
	make_keys(row);
	make_request(row, 0);
}

static bool get_one(void)
{
	int len = sizeof(request);

	request.record.flags = 0;
	request.record.value_len = 0;
	request.record.rev = 0;
	number_key();
	return !wire_get(fd, KV_SO_GET, &request, &len);
}

static char put_name[40], get_name[40];

/* clang-format off */
const struct row growth_rows[] = {
	{ .name = put_name, .key_len = 32, .value_len = 64, .block_ms = 200,
	  .setup = make_keys, .call = put_one },
	{ .name = get_name, .key_len = 32, .value_len = 64, .block_ms = 100,
	  .setup = get_setup, .call = get_one },
	{ 0 },
};
/* clang-format on */

void growth_set(unsigned int count, const char *where)
{
	char text[32];

	snprintf(text, sizeof(text), "at %u keys", count);
	fd = wire_socket();
	keys = count;
	snprintf(put_name, sizeof(put_name), "put %s", where ? where : text);
	snprintf(get_name, sizeof(get_name), "get %s", where ? where : text);
}
