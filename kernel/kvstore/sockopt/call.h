/* SPDX-License-Identifier: GPL-2.0-only */
/* The command words: a getsockopt() call, and the functions that this folder shares */
#ifndef KV_CALL_H
#define KV_CALL_H

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/sockptr.h>
#include <linux/types.h>

#include <kv_proto.h>

#include "net.h"
#include "record.h"
#include "store/store.h"

struct file;
struct sock;
struct user_namespace;

/* The largest fixed part of a request that a key, prefix or name follows. */
#define KV_HEAD_MAX 32

/* Replies with values up to about this size need no allocation. */
#define KV_SMALL_VALUE 128

/* The largest record, with its padding. */
#define KV_RECORD_MAX ALIGN(sizeof(struct kv_record) + KV_KEY_MAX + KV_VALUE_MAX, 8)

/**
 * struct kv_buffer - memory of a request or a reply
 * @data: the memory, aligned to 8, not zeroed; NULL if there is none
 * @size: bytes of it
 * @spare: the spare buffer whose memory it is; NULL: allocated for the call
 */
struct kv_buffer {
	void *data;
	size_t size;
	struct kv_spare *spare;
};

int __must_check kv_buffer_take(struct kv_buffer *buffer, size_t size);
void kv_buffer_give(struct kv_buffer *buffer, size_t wipe);
void kv_buffer_exit(void);

/**
 * struct kv_call - one getsockopt() call
 * @net: the socket's namespace
 * @store: its store
 * @room: bytes of the caller's buffer
 * @reply: the reply, in @small or @reply_memory
 * @reply_size: bytes of that memory
 * @len: bytes of the reply
 * @secret: the reply holds a private value and must be wiped
 * @request: KV_SO_TXN: the part of the request that is copied in
 * @request_len: bytes of @request
 * @request_secret: @request may hold a private value and must be wiped
 * @file: KV_SO_WATCH: the file that is installed as @fd
 * @fd: a reserved descriptor
 * @user: the caller's memory; only call.c accesses it
 * @request_memory: memory of @request
 * @reply_memory: memory of a reply that is larger than @small
 * @buf: the request, if it is a fixed part and a name
 * @small: a small reply
 */
struct kv_call {
	struct net *net;
	struct kv_store *store;
	unsigned int room;
	void *reply;
	unsigned int reply_size;
	unsigned int len;
	bool secret;
	const void *request;
	unsigned int request_len;
	bool request_secret;
	struct file *file;
	int fd;
	void __user *user;
	struct kv_buffer request_memory;
	struct kv_buffer reply_memory;
	u8 buf[KV_HEAD_MAX + KV_KEY_MAX] __aligned(8);
	u8 small[sizeof(struct kv_record) + KV_KEY_MAX + KV_SMALL_VALUE] __aligned(8);
};

/**
 * struct kv_get_command - a row of the table of get words
 * @run: handler; makes the reply. Returns 0 or a negative errno
 * @min: least size of the caller's buffer
 * @head: bytes of the request's fixed part, which a name follows; 0: see @whole
 * @name_len: offset in the fixed part of the __u16 that is the length of the name
 * @whole: the request may be as long as the buffer, and the handler copies it in while
 *         it parses it. If this is false and @head is 0, no request is read
 */
struct kv_get_command {
	int (*run)(struct kv_call *call);
	unsigned int min;
	unsigned int head;
	unsigned int name_len;
	bool whole;
};

/* sockopt.c */
extern int kv_sockopt_base;
int kv_sockopt_register(unsigned int base);
void kv_sockopt_unregister(void);

/* get.c and fastpath.c */
int kv_get_word(unsigned int index, struct sock *sk, void __user *user, int *len);
int kv_get_slow(struct sock *sk, void __user *user, int *len);
int kv_sockget(struct sock *sk, int word, void __user *user, int *len);

/* call.c */
int kv_call_run(const struct kv_get_command *command, struct sock *sk, void __user *user,
		int *len);
int kv_call_copy_in_slow(struct kv_call *call, unsigned int len);
void kv_call_mark_public(struct kv_call *call, unsigned int len);
int kv_call_alloc_reply(struct kv_call *call, unsigned int size);
int kv_call_probe(struct kv_call *call, unsigned int len);
int kv_call_get(struct kv_call *call, const struct kv_operation *get);
int kv_call_get_key(struct sock *sk, const u8 *key, unsigned int key_len, void __user *user,
		    int *len);

/* Handlers in files of their own */
int kv_call_txn(struct kv_call *call);
int kv_call_describe(struct kv_call *call);
struct file *kv_watch_open(struct kv_store *store, struct user_namespace *owner, bool admin,
			   const void *prefix, unsigned int prefix_len, u64 rev);

/**
 * kv_head_is_bare_key() - whether the head of a record has an op and a key only
 * @word: first word of the head, up to its reserved field
 * @op: the op
 * @key_len: out: the key's length, if true
 *
 * Compares the whole word: it is rotated so that the key's length is in its low bits,
 * and is then at most KV_KEY_MAX only if all other fields are zero. Saves 5 % of a GET
 * in a transaction.
 *
 * Context: any.
 * Return: true if the op is @op, the key's length is valid, and the rest of @word is
 * zero.
 */
static __always_inline bool kv_head_is_bare_key(u64 word, enum kv_op op, size_t *key_len)
{
	BUILD_BUG_ON(offsetof(struct kv_record, op) || offsetof(struct kv_record, key_len) != 2);
	if (IS_ENABLED(CONFIG_CPU_BIG_ENDIAN))
		*key_len = ror64(word - ((u64)op << 56), 32);
	else
		*key_len = ror64(word - op, 16);
	return *key_len - 1 < KV_KEY_MAX;
}

/**
 * kv_call_copy_in() - ensure that the first @len bytes of the request are copied in
 * @call: call
 * @len: bytes
 *
 * Each byte is copied once: bytes that are copied in already do not change.
 *
 * Context: may sleep.
 * Return: 0; -EINVAL if @len is more than the caller's buffer; -EFAULT.
 */
static inline int kv_call_copy_in(struct kv_call *call, unsigned int len)
{
	return likely(len <= call->request_len) ? 0 : kv_call_copy_in_slow(call, len);
}

#endif
