// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * calls WORD COUNT: make COUNT calls of one word with tracing on, and no other calls (see
 * tests/kernel/locks.sh). WORD is get, miss (a get of a missing key) or put.
 */
#include <fcntl.h>

#include "wire.h"

static int fd;

static int call_get(void)
{
	char buf[RECORD_MAX];

	return get(fd, "a", buf);
}

static int call_miss(void)
{
	char buf[RECORD_MAX];

	return get(fd, "missing", buf) == -ENOENT ? 0 : -EIO;
}

static int call_put(void)
{
	return put(fd, "a", "value", 0, 0);
}

static const struct {
	const char *name;
	int (*call)(void);
} words[] = {
	{ "get", call_get },
	{ "miss", call_miss },
	{ "put", call_put },
};

static void trace(int file, const char *on)
{
	if (write(file, on, 1) != 1)
		err(1, "tracing_on");
}

static void make_calls(int (*call)(void), unsigned int count)
{
	int tracing = open("/sys/kernel/tracing/tracing_on", O_WRONLY | O_CLOEXEC);
	int error = call_put();

	trace(tracing, "1");
	for (unsigned int i = 0; i < count && !error; i++)
		error = call();
	trace(tracing, "0");
	if (error)
		errx(1, "%s", strerror(-error));
	close(tracing);
}

int main(int argc, char **argv)
{
	fd = wire_socket();
	for (size_t i = 0; argc == 3 && i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(argv[1], words[i].name))
			continue;
		make_calls(words[i].call, strtoul(argv[2], NULL, 10));
		return 0;
	}
	errx(2, "usage: calls get|miss|put COUNT");
}
