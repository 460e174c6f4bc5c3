/* SPDX-License-Identifier: MIT */
/* Shared by the files of libkv: the handle, and the calls and records of the wire */
#ifndef KV_INTERNAL_H
#define KV_INTERNAL_H

#include <kv.h>

/*
 * A page of a listing. Linux 5.10 refuses more than a page of memory on a
 * socket with a cgroup BPF getsockopt program, and 4096 holds any record.
 */
#define PAGE_BYTES 4096

/**
 * struct kv - a handle
 * @fd: the socket
 * @base: first of the module's command words
 * @reason: why a kernel module refused the last value; "" if none did
 * @cached: its cached keys
 * @page: the page that shows the store's revision; NULL unless there are any
 * @buf: request and reply of the call under way
 */
struct kv {
	int fd;
	int base;
	char reason[KV_REASON_MAX + 1];
	struct kv_cached *cached;
	const union kv_shown *page;
	union {
		struct kv_record record;
		struct kv_list list;
		struct kv_txn txn;
		struct kv_watch watch;
		unsigned char bytes[PAGE_BYTES];
	} buf;
};

/**
 * struct kv_unpacked - a record, made ready for the caller
 * @op: enum kv_op
 * @item: points to @key and @value
 * @key: the key and a NUL byte
 * @value: the value and a NUL byte
 */
struct kv_unpacked {
	enum kv_op op;
	struct kv_item item;
	char key[KV_KEY_MAX + 1];
	char value[KV_VALUE_MAX + 1];
};

/* Length of a record in a sequence. */
static inline size_t kv_padded(size_t len)
{
	return (len + 7) / 8 * 8;
}

/*
 * Write a record to the first of @room bytes, with its padding: its length without the padding;
 * -ENAMETOOLONG; -EMSGSIZE if the value is too long or the record does not fit; -EINVAL for flags
 * that do not exist.
 */
ssize_t kv_pack(void *to, size_t room, enum kv_op op, const char *key, const void *value,
		size_t value_len, unsigned int flags, uint64_t rev);

/*
 * Unpack the record at the start of @left bytes: its length in a sequence, or -EPROTO if its
 * lengths are impossible. Another module that has our words, or a BPF program on the socket, may
 * have written it.
 */
int kv_unpack(struct kv_unpacked *to, const void *record, size_t left);

/* Hand @count records of @left bytes to a function: 0, what it returned, or -EPROTO. */
int kv_each_record(const unsigned char *at, size_t left, uint32_t count, kv_list_fn *fn, void *arg);

/* Issue a set word: 0 or a negative errno. */
int kv_set_word(struct kv *kv, int word, const void *buf, size_t len);

/* Issue a get word: the reply's length or a negative errno. */
int kv_get_word(struct kv *kv, int word, void *buf, size_t size);

#endif
