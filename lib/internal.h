/* SPDX-License-Identifier: MIT */
/* What the files of libkv share */
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
 * @buf: request and reply of the call under way
 */
struct kv {
	int fd;
	int base;
	union {
		struct kv_record record;
		struct kv_list list;
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
 * Unpack the record that @left bytes begin with: its length in a sequence, or
 * -EPROTO if its lengths cannot be. The kernel wrote them, but whoever took our
 * words or hooked the socket may have answered instead.
 */
int kv_unpack(struct kv_unpacked *to, const void *record, size_t left);

/* Hand @count records of @left bytes to a function: 0, what it returned, or -EPROTO. */
int kv_each_record(const unsigned char *at, size_t left, uint32_t count, kv_list_fn *fn, void *arg);

/* Issue a set word: 0 or a negative errno. */
int kv_set_word(struct kv *kv, int word, const void *buf, size_t len);

/* Issue a get word: the reply's length or a negative errno. */
int kv_get_word(struct kv *kv, int word, void *buf, size_t size);

#endif
