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
 * @reason: why a kernel module refused the last value; "" where there is nothing to say
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

/* A reply that refuses a transaction is no longer than this. */
#define REFUSAL_BYTES (sizeof(struct kv_txn) + sizeof(struct kv_record) + KV_REASON_MAX)

/* What was refused before is of no interest any more; the reason may tell a private value. */
void kv_forget_reason(struct kv *kv);

/*
 * The result of a transaction: 0 or a negative errno; with -EDOM the reason is kept.
 * @len: what kv_get_word() returned
 */
int kv_txn_result(struct kv *kv, const struct kv_txn *reply, int len);

/*
 * The record of @len bytes in the handle's buffer was refused by the module that declared its key.
 * Do the same as a transaction, which has room for the reason: 0 or a negative errno.
 */
int kv_ask_why(struct kv *kv, enum kv_op op, size_t len);

#endif
