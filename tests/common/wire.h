/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of kv_proto.h as plain system calls, without libkv */
#ifndef WIRE_H
#define WIRE_H

#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kv_proto.h>

/* Header, longest key, longest value */
#define RECORD_MAX (sizeof(struct kv_record) + KV_KEY_MAX + KV_VALUE_MAX)

static inline int wire_socket(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		err(125, "socket");
	return fd;
}

/* Returns 0 or -errno. Uses syscall(), so that any length reaches the kernel. */
static inline int wire_set(int fd, int word, const void *buf, int len)
{
	return syscall(SYS_setsockopt, fd, IPPROTO_IP, word, buf, len) ? -errno : 0;
}

/* Returns 0 or -errno; *len is what the kernel wrote. */
static inline int wire_get(int fd, int word, void *buf, int *len)
{
	return syscall(SYS_getsockopt, fd, IPPROTO_IP, word, buf, len) ? -errno : 0;
}

/* Build a record. Returns its length. If @value is NULL, its bytes are 'v'. */
static inline size_t record_make(void *buf, unsigned int flags, const void *key, size_t key_len,
				 const void *value, size_t value_len, uint64_t rev)
{
	struct kv_record *record = buf;

	*record = (struct kv_record){
		.flags = flags,
		.key_len = key_len,
		.value_len = value_len,
		.rev = rev,
	};
	memcpy(record->data, key, key_len);
	if (value)
		memcpy(record->data + key_len, value, value_len);
	else
		memset(record->data + key_len, 'v', value_len);
	return sizeof(*record) + key_len + value_len;
}

static inline int put(int fd, const char *key, const char *value, unsigned int flags, uint64_t rev)
{
	char buf[RECORD_MAX];
	size_t len = record_make(buf, flags, key, strlen(key), value, strlen(value), rev);

	return wire_set(fd, KV_SO_PUT, buf, len);
}

static inline int del(int fd, const char *key, unsigned int flags, uint64_t rev)
{
	char buf[RECORD_MAX];
	size_t len = record_make(buf, flags, key, strlen(key), "", 0, rev);

	return wire_set(fd, KV_SO_DELETE, buf, len);
}

/* Get the record of a key into @buf, which has RECORD_MAX bytes. Returns 0 or -errno. */
static inline int get(int fd, const char *key, void *buf)
{
	int len = RECORD_MAX;

	record_make(buf, 0, key, strlen(key), "", 0, 0);
	return wire_get(fd, KV_SO_GET, buf, &len);
}

/* True if the key has this value and these flags. */
static inline int has(int fd, const char *key, const char *value, unsigned int flags)
{
	union {
		struct kv_record record;
		char bytes[RECORD_MAX];
	} u;

	return !get(fd, key, &u) && u.record.flags == flags &&
	       u.record.value_len == strlen(value) &&
	       !memcmp(u.record.data + u.record.key_len, value, u.record.value_len);
}

static inline uint64_t rev_of(int fd, const char *key)
{
	union {
		struct kv_record record;
		char bytes[RECORD_MAX];
	} u;

	return get(fd, key, &u) ? 0 : u.record.rev;
}

static inline struct kv_info info(int fd)
{
	struct kv_info info = { 0 };
	int len = sizeof(info);
	int error = wire_get(fd, KV_SO_INFO, &info, &len);

	if (error)
		errx(125, "KV_SO_INFO: %s", strerror(-error));
	return info;
}

static inline size_t padded(const struct kv_record *record)
{
	return (sizeof(*record) + record->key_len + record->value_len + 7) / 8 * 8;
}

/* Get one page of a listing and advance the cursor. Returns the length of the reply or -errno. */
static inline int list_page(int fd, const char *prefix, uint64_t cursor[2], void *buf, int size)
{
	struct kv_list *page = buf;
	int len = size;
	int error;

	*page = (struct kv_list){
		.cursor = { cursor[0], cursor[1] },
		.prefix_len = strlen(prefix),
	};
	memcpy(page->data, prefix, strlen(prefix));
	error = wire_get(fd, KV_SO_LIST, buf, &len);
	if (error)
		return error;
	memcpy(cursor, page->cursor, sizeof(page->cursor));
	return len;
}

/* Watch the keys with @prefix for changes after @rev. Returns a file descriptor or -errno. */
static inline int watch_from(int fd, const char *prefix, uint64_t rev)
{
	union {
		struct kv_watch watch;
		unsigned char bytes[sizeof(struct kv_watch) + KV_KEY_MAX];
	} u = { .watch = { .rev = rev, .prefix_len = strlen(prefix) } };
	int len = sizeof(u), error;

	memcpy(u.watch.data, prefix, strlen(prefix));
	error = wire_get(fd, KV_SO_WATCH, &u, &len);
	return error ? error : u.watch.fd;
}

static inline uint64_t hashed(const void *bytes, size_t size)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3;
	return hash;
}

/*
 * A hash of all records, the revision and the counters of a store. It does not
 * depend on the order of the keys or the size of the table.
 */
static inline uint64_t fingerprint(int fd)
{
	static _Alignas(8) unsigned char buf[KV_MSG_MAX];
	struct kv_list *page = (void *)buf;
	const struct kv_record *record;
	struct kv_info state = info(fd);
	uint64_t cursor[2] = { 0, 0 }, sum;
	int len, pages = 0;

	state.buckets = 0;
	sum = hashed(&state, sizeof(state));
	do {
		len = list_page(fd, "", cursor, buf, sizeof(buf));
		if (len < 0)
			errx(125, "KV_SO_LIST: %s", strerror(-len));
		record = (void *)page->data;
		for (unsigned int i = 0; i < page->count; i++) {
			sum += hashed(record, padded(record));
			record = (void *)((unsigned char *)record + padded(record));
		}
		if (++pages > 10000)
			errx(125, "KV_SO_LIST does not end");
	} while (page->more);
	return sum;
}

/* Run a test in a child, which may change its capabilities and namespaces. Returns its result. */
static inline bool apart(bool (*test)(void))
{
	int status = 1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(!test());
	return waitpid(pid, &status, 0) == pid && !status;
}

#endif
