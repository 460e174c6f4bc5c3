// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "redis.h"

void redis_start(void)
{
	server_start("exec /redis-server --port 0 --unixsocket " SERVER_SOCKET
		     " --pidfile " SERVER_PIDFILE " --logfile /dev/null --save '' --appendonly no");
}

static void add_array(struct text *text, unsigned int count)
{
	text_add(text, "*%u\r\n", count);
}

static void add_string(struct text *text, const char *string)
{
	text_add(text, "$%zu\r\n%s\r\n", strlen(string), string);
}

struct exchange redis_get(const char *key, const char *value)
{
	struct exchange get = { 0 };

	add_array(&get.request, 2);
	add_string(&get.request, "GET");
	add_string(&get.request, key);
	add_string(&get.reply, value);
	return get;
}

struct exchange redis_set(const char *key, const char *value)
{
	struct exchange set = { 0 };

	add_array(&set.request, 3);
	add_string(&set.request, "SET");
	add_string(&set.request, key);
	add_string(&set.request, value);
	text_add(&set.reply, "+OK\r\n");
	return set;
}

struct exchange redis_mget(const struct row *row, const char *value)
{
	struct exchange mget = { 0 };

	add_array(&mget.request, 1 + row->units);
	add_string(&mget.request, "MGET");
	add_array(&mget.reply, row->units);
	for (unsigned int n = 0; n < row->units; n++) {
		add_string(&mget.request, key_of(row, n));
		add_string(&mget.reply, value);
	}
	return mget;
}
