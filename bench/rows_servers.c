// SPDX-License-Identifier: GPL-2.0-or-later
/* Redis and memcached over a unix socket: the cost of client, server and kernel together */
#include <err.h>
#include <string.h>

#include "redis.h"

static char value[128];
static struct exchange exchange;

static void check(const struct row *row, struct exchange once)
{
	if (!server_exchange(&once))
		err(1, "%s", row->name);
	exchange_free(&once);
}

static bool again(void)
{
	return server_exchange(&exchange);
}

static void teardown(const struct row *row)
{
	exchange_free(&exchange);
	server_stop();
}

static void make_value(const struct row *row)
{
	memset(value, 'v', row->value_len);
}

/* Redis */

static void redis_setup(const struct row *row)
{
	make_value(row);
	redis_start();
	for (unsigned int n = 0; n < (row->units ? row->units : 1); n++)
		check(row, redis_set(key_of(row, n), value));
}

static void redis_get_setup(const struct row *row)
{
	redis_setup(row);
	exchange = redis_get(key_of(row, 0), value);
}

static void redis_set_setup(const struct row *row)
{
	redis_setup(row);
	exchange = redis_set(key_of(row, 0), value);
}

static void redis_mget_setup(const struct row *row)
{
	redis_setup(row);
	exchange = redis_mget(row, value);
}

/* memcached, by its text protocol */

static struct exchange memcached_set(const struct row *row)
{
	struct exchange set = { 0 };

	text_add(&set.request, "set %s 0 0 %u\r\n%s\r\n", key_of(row, 0), row->value_len, value);
	text_add(&set.reply, "STORED\r\n");
	return set;
}

static struct exchange memcached_get(const struct row *row)
{
	struct exchange get = { 0 };

	text_add(&get.request, "get %s\r\n", key_of(row, 0));
	text_add(&get.reply, "VALUE %s 0 %u\r\n%s\r\nEND\r\n", key_of(row, 0), row->value_len,
		 value);
	return get;
}

static void memcached_setup(const struct row *row)
{
	make_value(row);
	server_start("exec /memcached -u root -t 1 -s " SERVER_SOCKET " -P " SERVER_PIDFILE);
	check(row, memcached_set(row));
}

static void memcached_get_setup(const struct row *row)
{
	memcached_setup(row);
	exchange = memcached_get(row);
}

static void memcached_set_setup(const struct row *row)
{
	memcached_setup(row);
	exchange = memcached_set(row);
}

/* clang-format off */
#define ROW(_name, _setup) .name = _name " 32/64", .guest = true, .key_len = 32, .value_len = 64, \
	.setup = _setup, .call = again, .teardown = teardown

const struct row server_rows[] = {
	{ ROW("redis get", redis_get_setup) },
	{ ROW("redis set", redis_set_setup) },
	{ ROW("redis mget", redis_mget_setup), .units = 64 },
	{ ROW("memcached get", memcached_get_setup) },
	{ ROW("memcached set", memcached_set_setup) },
	{ 0 },
};
/* clang-format on */
