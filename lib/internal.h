/* SPDX-License-Identifier: MIT */
/* Shared by the files of libkv: the handle, system calls and records */
#ifndef KV_INTERNAL_H
#define KV_INTERNAL_H

#include <kv.h>

/*
 * Size of the buffer of most calls. Linux 5.10 refuses more than a page of memory on a
 * socket with a cgroup BPF getsockopt program, and 4096 bytes hold any record.
 */
#define PAGE_BYTES 4096

/**
 * struct kv - a handle
 * @fd: the socket
 * @base: first of the module's command words
 * @reason: for kv_reason()
 * @cached: list of cached keys
 * @page: mapped page with the store's revision; NULL if there are no cached keys
 * @buf: request and reply of the current call
 */
struct kv {
	int fd;
	int base;
	char reason[KV_REASON_MAX + 1];
	struct kv_cached *cached;
	const union kv_page_revision *page;
	union {
		struct kv_record record;
		struct kv_list list;
		struct kv_txn txn;
		struct kv_watch watch;
		unsigned char bytes[PAGE_BYTES];
	} buf;
};

/**
 * struct kv_unpacked - an unpacked record
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

/* Bytes of a record of @len bytes with its padding. */
static inline size_t kv_padded(size_t len)
{
	return (len + 7) / 8 * 8;
}

/*
 * Write a record and its padding to @room bytes. Returns its length without the padding;
 * -ENAMETOOLONG; -EMSGSIZE if the value is too long or the record does not fit; -EINVAL if the
 * flags do not fit in their field.
 */
ssize_t kv_pack(void *to, size_t room, enum kv_op op, const char *key, const void *value,
		size_t value_len, unsigned int flags, uint64_t rev);

/*
 * Unpack the record at the start of @left bytes. Returns its length with padding, or -EPROTO if
 * its lengths are invalid: another module that uses the same words, or a BPF program on the
 * socket, may have written it.
 */
int kv_unpack(struct kv_unpacked *to, const void *record, size_t left);

/* Call @fn for @count records in @left bytes: 0, its first result other than 0, or -EPROTO. */
int kv_each_record(const unsigned char *at, size_t left, uint32_t count, kv_list_fn *fn, void *arg);

/* Call a set word: 0 or a negative errno. */
int kv_set_word(struct kv *kv, int word, const void *buf, size_t len);

/* Call a get word: the length of the reply or a negative errno. */
int kv_get_word(struct kv *kv, int word, void *buf, size_t size);

#endif
