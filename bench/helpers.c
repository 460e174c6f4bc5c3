// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <kv_proto.h>

#include "kvbench.h"

void load_module(const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/sys/module/%s", name);
	if (!access(path, F_OK))
		return;
	snprintf(path, sizeof(path), "/%s.ko", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		err(1, "%s", path);
	close(fd);
}

void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		err(1, "%s", path);
	close(fd);
}

uint64_t read_number(const char *path)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		err(1, "%s", path);
	close(fd);
	return strtoull(text, NULL, 10);
}

const char *key_of(const struct row *row, unsigned int n)
{
	static char key[KV_KEY_MAX + 1];

	memset(key, 'k', row->key_len);
	snprintf(key + row->key_len - 6, 7, "%06u", n);
	return key;
}

double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

void print_spread_head(bool tsv, const char *unit)
{
	printf(tsv ? "%s\t%s\t%s\t%s\n" : "%-36s %20s %15s %15s\n",
	       tsv ? "# operation" : "operation", unit, "lower quartile", "upper quartile");
}

void print_spread(bool tsv, const char *name, double median, double low, double high)
{
	printf(tsv ? "%s\t%.1f\t%.1f\t%.1f\n" : "%-36s %20.1f %15.1f %15.1f\n", name, median, low,
	       high);
}
