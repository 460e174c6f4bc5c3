// SPDX-License-Identifier: GPL-2.0-or-later
/* kvstore by system calls, without a library */
#include <wire.h>

#include "kvbench.h"

#define COUNT 1000 /* keys of a listing, or events of a watch */
#define GETS 64 /* records of a transaction */
#define CREATED 4096 /* keys that a block creates or deletes, one for each bucket on average */

static int fd, watch_fd;
static union {
	struct kv_record record;
	struct kv_list list;
	struct kv_txn txn;
	struct kv_watch watch;
	char bytes[KV_MSG_MAX];
} request, buf;
static int request_len;
static unsigned int created;

static int make_record(const struct row *row, unsigned int n, unsigned int value_len, void *to)
{
	return record_make(to, 0, key_of(row, n), row->key_len, NULL, value_len, 0);
}

static void put_key(const struct row *row, unsigned int n)
{
	int len = make_record(row, n, row->value_len, &buf);
	int error = wire_set(fd, KV_SO_PUT, &buf, len);

	if (error)
		errx(1, "%s: %s", row->name, strerror(-error));
}

static void put_keys(const struct row *row, unsigned int count)
{
	for (unsigned int n = 0; n < count; n++)
		put_key(row, n);
}

static void setup(const struct row *row)
{
	fd = wire_socket();
}

static void delete_keys(const struct row *row)
{
	del(fd, "k", KV_F_PREFIX, 0);
}

static void teardown(const struct row *row)
{
	delete_keys(row);
	close(fd);
}

/* GET: the reply overwrites the request, so its head is written again for each call. */

static void get_setup(const struct row *row)
{
	setup(row);
	put_key(row, 0);
	make_record(row, 0, 0, &buf);
}

static bool get_hit(void)
{
	int len = RECORD_MAX;

	buf.record.flags = 0;
	buf.record.value_len = 0;
	buf.record.rev = 0;
	return !wire_get(fd, KV_SO_GET, &buf, &len);
}

static void miss_setup(const struct row *row)
{
	get_setup(row);
	make_record(row, 1, 0, &buf);
}

static bool get_miss(void)
{
	int len = RECORD_MAX;

	return wire_get(fd, KV_SO_GET, &buf, &len) == -ENOENT;
}

/* PUT and DELETE */

static void replace_setup(const struct row *row)
{
	setup(row);
	request_len = make_record(row, 0, row->value_len, &request);
}

static bool put_replace(void)
{
	return !wire_set(fd, KV_SO_PUT, &request, request_len);
}

static void create_prepare(const struct row *row)
{
	delete_keys(row);
	created = 0;
	request_len = make_record(row, 0, row->value_len, &request);
}

/* Write a number to the key of the request. Its last four of six digits suffice for CREATED. */
static void number_key(unsigned int n)
{
	char *end = (char *)request.record.data + request.record.key_len;

	for (int i = 1; i <= 4; i++, n /= 10)
		end[-i] = '0' + n % 10;
}

static bool put_create(void)
{
	number_key(created++);
	return !wire_set(fd, KV_SO_PUT, &request, request_len);
}

static void delete_prepare(const struct row *row)
{
	put_keys(row, CREATED);
	created = 0;
	request_len = make_record(row, 0, 0, &request);
}

static bool delete_key(void)
{
	number_key(created++);
	return !wire_set(fd, KV_SO_DELETE, &request, request_len);
}

/* A transaction of GETs */

static void txn_setup(const struct row *row)
{
	setup(row);
	put_keys(row, row->units);
	request.txn = (struct kv_txn){ .count = row->units };
	request_len = sizeof(request.txn);
	for (unsigned int n = 0; n < row->units; n++) {
		struct kv_record *record = (void *)&request.bytes[request_len];

		make_record(row, n, 0, record);
		record->op = KV_OP_GET;
		request_len += padded(record);
	}
}

static bool txn_gets(void)
{
	int len = GETS * 192;

	memcpy(&buf, &request, request_len);
	return !wire_get(fd, KV_SO_TXN, &buf, &len) && !buf.txn.error;
}

/* LIST */

static void list_setup(const struct row *row)
{
	setup(row);
	put_keys(row, row->units);
}

static bool list_all(void)
{
	uint64_t cursor[2] = { 0, 0 };
	unsigned int count = 0;

	do {
		if (list_page(fd, "k", cursor, &buf, sizeof(buf)) < 0)
			return false;
		count += buf.list.count;
	} while (buf.list.more);
	return count == COUNT;
}

/* Reading events. All of them are in the log before the first is read. */

static void watch_setup(const struct row *row)
{
	int len = sizeof(buf.watch);
	int error;

	setup(row);
	buf.watch = (struct kv_watch){ .rev = info(fd).rev };
	error = wire_get(fd, KV_SO_WATCH, &buf, &len);
	if (error)
		errx(1, "%s: %s", row->name, strerror(-error));
	watch_fd = buf.watch.fd;
}

static void watch_prepare(const struct row *row)
{
	put_keys(row, row->units);
}

static bool watch_read(void)
{
	unsigned int count = 0;
	ssize_t len;

	while (count < COUNT) {
		len = read(watch_fd, &buf, sizeof(buf));
		if (len <= 0)
			return false;
		for (char *p = buf.bytes; p < buf.bytes + len; count++)
			p += padded((void *)p);
	}
	return count == COUNT;
}

static void watch_teardown(const struct row *row)
{
	close(watch_fd);
	teardown(row);
}

/* clang-format off */
#define SIZE(_key, _value) .key_len = (_key), .value_len = (_value)
#define GET(_size, ...) { .name = "get " _size, __VA_ARGS__, \
	.setup = get_setup, .call = get_hit, .teardown = teardown }
/* Blocks are long enough for each to have about the same share of waits for freed memory. */
#define PUT(_size, _ms, ...) { .name = "put replace " _size, __VA_ARGS__, .block_ms = _ms, \
	.setup = replace_setup, .call = put_replace, .teardown = teardown }

const struct row kvstore_rows[] = {
	GET("12/4", SIZE(12, 4)),
	GET("32/64", SIZE(32, 64)),
	GET("128/1024", SIZE(128, 1024)),
	{ .name = "get miss 32", SIZE(32, 64),
	  .setup = miss_setup, .call = get_miss, .teardown = teardown },
	PUT("12/4", 200, SIZE(12, 4)),
	PUT("32/64", 200, SIZE(32, 64)),
	PUT("128/1024", 1000, SIZE(128, 1024)),
	{ .name = "put create 32/64", SIZE(32, 64), .calls = CREATED, .setup = setup,
	  .prepare = create_prepare, .call = put_create, .teardown = teardown },
	{ .name = "delete 32/64", SIZE(32, 64), .calls = CREATED, .setup = setup,
	  .prepare = delete_prepare, .call = delete_key, .teardown = teardown },
	{ .name = "txn of 64 gets 32/64", SIZE(32, 64), .units = GETS,
	  .setup = txn_setup, .call = txn_gets, .teardown = teardown },
	{ .name = "list 32/64", SIZE(32, 64), .units = COUNT,
	  .setup = list_setup, .call = list_all, .teardown = teardown },
	{ .name = "watch event 32/64", SIZE(32, 64), .units = COUNT, .calls = 1,
	  .setup = watch_setup, .prepare = watch_prepare, .call = watch_read,
	  .teardown = watch_teardown },
	{ 0 },
};
/* clang-format on */
