// SPDX-License-Identifier: GPL-2.0-or-later
/* The floor: a socket option that does nothing, and a system call that does nothing */
#include <netinet/in.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <wire.h>

#include "kvbench.h"
#include "modules/bench_null.h"

static int fd;

static void setup(const struct row *row)
{
	load_module("bench_null");
	fd = wire_socket();
}

/* Unload the module: otherwise the kernel checks its range of words before that of kvstore. */
static void teardown(const struct row *row)
{
	close(fd);
	if (syscall(SYS_delete_module, "bench_null", 0))
		err(1, "bench_null");
}

static bool null_option(void)
{
	char buf[16];
	int len = sizeof(buf);

	return !wire_get(fd, BENCH_NULL_WORD, buf, &len);
}

static bool getppid_call(void)
{
	syscall(SYS_getppid);
	return true;
}

/* clang-format off */
const struct row floor_rows[] = {
	{ .name = "null handler", .guest = true, .setup = setup, .call = null_option, .teardown = teardown },
	{ .name = "getppid", .call = getppid_call },
	{ 0 },
};
/* clang-format on */
