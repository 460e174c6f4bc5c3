// SPDX-License-Identifier: GPL-2.0-or-later
/* Bytes of memory of a key with all overhead, measured as the growth of the kernel's memory */
#include <err.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <wire.h>

#include "kvbench.h"

#define COUNT 65536 /* keys: enough to make fixed costs negligible */

static int fd = -1;

/* Most programs run in a memory cgroup, and charging allocations takes memory too. */
static void enter_cgroup(const struct row *row)
{
	write_file("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	if (mkdir("/sys/fs/cgroup/kvbench", 0755) && errno != EEXIST)
		err(1, "%s", row->name);
	write_file("/sys/fs/cgroup/kvbench/cgroup.procs", "0");
}

/* Use the empty store of a new network namespace. */
static void store_setup(const struct row *row)
{
	enter_cgroup(row);
	if (unshare(CLONE_NEWNET))
		err(1, "%s", row->name);
	fd = wire_socket();
}

static void close_fd(const struct row *row)
{
	close(fd);
}

/* Bytes that the kernel uses in slabs, vmalloc and per-processor areas. */
static double in_use(void)
{
	static const char *const parts[] = { "Slab:", "VmallocUsed:", "Percpu:" };
	char text[8192] = "";
	double sum = 0;
	int file;

	/* This adds the counts of each processor to the totals. */
	write_file("/proc/sys/vm/stat_refresh", "1");
	file = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);
	if (file < 0 || read(file, text, sizeof(text) - 1) <= 0)
		err(1, "/proc/meminfo");
	close(file);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		const char *part = strstr(text, parts[i]);

		if (part)
			sum += strtoull(part + strlen(parts[i]), NULL, 10) * 1024.0;
		else
			errx(1, "/proc/meminfo has no %s", parts[i]);
	}
	return sum;
}

static void make_key(const struct row *row, unsigned int n, char *key)
{
	char digits[7];

	snprintf(digits, sizeof(digits), "%06u", n);
	memset(key, 'k', row->key_len);
	memcpy(key + row->key_len - 6, digits, 6);
}

static double store_bytes(const struct row *row)
{
	char buf[RECORD_MAX], key[KV_KEY_MAX];
	double before = in_use();
	size_t len;
	int error;

	for (unsigned int n = 0; n < COUNT; n++) {
		make_key(row, n, key);
		len = record_make(buf, 0, key, row->key_len, NULL, row->value_len, 0);
		error = wire_set(fd, KV_SO_PUT, buf, len);
		if (error)
			errx(1, "%s: %s", row->name, strerror(-error));
	}
	return in_use() - before;
}

static double map_bytes(const struct row *row, unsigned int flags)
{
	static char key[KV_KEY_MAX], value[KV_VALUE_MAX];
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_HASH,
		.key_size = row->key_len,
		.value_size = row->value_len,
		.max_entries = COUNT,
		.map_flags = flags | BPF_F_ZERO_SEED,
	};
	double before = in_use();

	fd = syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
	memset(&attr, 0, sizeof(attr));
	attr.map_fd = fd;
	attr.key = (uintptr_t)key;
	attr.value = (uintptr_t)value;
	for (unsigned int n = 0; n < COUNT; n++) {
		make_key(row, n, key);
		if (syscall(SYS_bpf, BPF_MAP_UPDATE_ELEM, &attr, sizeof(attr)))
			err(1, "%s", row->name);
	}
	return in_use() - before;
}

static double map_bytes_prealloc(const struct row *row)
{
	return map_bytes(row, 0);
}

static double map_bytes_no_prealloc(const struct row *row)
{
	return map_bytes(row, BPF_F_NO_PREALLOC);
}

/* clang-format off */
#define SIZE(_key, _value) .key_len = (_key), .value_len = (_value)
#define ENTRY(_size, ...) { .name = "memory of entry " _size ", bytes", __VA_ARGS__, \
	.units = COUNT, .setup = store_setup, .bytes = store_bytes, .teardown = close_fd }
#define ELEMENT(_size, _bytes, ...) { .name = "memory of bpf element " _size ", bytes", __VA_ARGS__, \
	.units = COUNT, .setup = enter_cgroup, .bytes = _bytes, .teardown = close_fd }

const struct row memory_rows[] = {
	ENTRY("12/4", SIZE(12, 4)),
	ENTRY("32/64", SIZE(32, 64)),
	ENTRY("128/1024", SIZE(128, 1024)),
	ELEMENT("12/4", map_bytes_prealloc, SIZE(12, 4)),
	ELEMENT("32/64", map_bytes_prealloc, SIZE(32, 64)),
	ELEMENT("128/1024", map_bytes_prealloc, SIZE(128, 1024)),
	ELEMENT("12/4, no prealloc", map_bytes_no_prealloc, SIZE(12, 4)),
	ELEMENT("32/64, no prealloc", map_bytes_no_prealloc, SIZE(32, 64)),
	ELEMENT("128/1024, no prealloc", map_bytes_no_prealloc, SIZE(128, 1024)),
	{ 0 },
};
/* clang-format on */
