// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Values are charged to the memory cgroup of the writer: at its limit a put is
 * ENOMEM and changes nothing. Expects a cgroup with little memory, whose cgroup.procs it is given.
 */
#include <fcntl.h>

#include "tap.h"
#include "wire.h"

static int put_number(int fd, int number)
{
	unsigned char buf[RECORD_MAX];
	char key[16];
	int len = snprintf(key, sizeof(key), "key%d", number);

	return wire_set(fd, KV_SO_PUT, buf, record_make(buf, 0, key, len, NULL, KV_VALUE_MAX, 0));
}

/* Results of what is done in the small cgroup; said only when it is left, since that takes memory. */
static struct {
	int count, first, second, delete, delete_all;
	struct kv_info full, after;
} got;

static void fill(int fd, int most)
{
	while (got.count < most && !(got.first = put_number(fd, got.count)))
		got.count++;
	got.full = info(fd);
	got.second = put_number(fd, got.count);
	got.after = info(fd);
	got.delete = delete (fd, "key0", 0, 0);
	got.delete_all = delete (fd, "key", KV_F_PREFIX, 0);
}

static void join(int procs)
{
	if (write(procs, "0", 1) != 1)
		err(125, "cgroup.procs");
}

int main(int argc, char **argv)
{
	int fd = wire_socket(), small, all;

	if (argc != 2)
		errx(125, "usage: memory CGROUP");
	small = open(argv[1], O_WRONLY);
	all = open("/sys/fs/cgroup/cgroup.procs", O_WRONLY);
	fill(fd, 3); /* so that no page of the program is touched for the first time later */
	got.count = 0;
	join(small);
	fill(fd, 1 << 20);
	join(all);
	note("%d values of 1024 bytes, then %s", got.count, strerror(-got.first));
	ok(got.first == -ENOMEM, "a put beyond the memory cgroup's limit is ENOMEM");
	ok(got.second == -ENOMEM && got.full.entries == (unsigned int)got.count &&
		   !memcmp(&got.full, &got.after, sizeof(got.full)),
	   "it changes nothing");
	ok(!got.delete &&!got.delete_all && !info(fd).entries, "deleting needs no memory");
	return done();
}
