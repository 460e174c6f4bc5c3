/* SPDX-License-Identifier: GPL-2.0-only */
/* A getsockopt call, as its handlers see it */
#ifndef KV_CALL_H
#define KV_CALL_H

#include <linux/errno.h>
#include <linux/types.h>

#include <kv_proto.h>

#include "buffer.h"

struct file;
struct kv_store;
struct net;

#define KV_CONDITIONS (KV_F_CREATE | KV_F_REPLACE | KV_F_IF_REV)

/* Values up to about this size are answered without an allocation. */
#define KV_SMALL_VALUE 128

/**
 * struct kv_call - one getsockopt call
 * @net: the socket's namespace
 * @store: its store
 * @room: bytes that the caller's buffer holds
 * @reply: the reply: @buf, or what is in @reply_memory
 * @reply_size: bytes of that memory
 * @len: bytes of the reply
 * @secret: the reply holds a private value: to be wiped
 * @request: KV_SO_TXN: the request as far as it is here
 * @request_len: bytes of that, see kv_call_need()
 * @request_secret: the request may hold a private value: to be wiped
 * @file: KV_SO_WATCH: the file that is to get the descriptor @fd
 * @fd: a descriptor that is reserved for it
 * @user: the caller's memory, for sockget.c alone
 * @request_memory: what @request is in
 * @reply_memory: for a reply that is larger than @buf
 * @buf: the request, head and name, and a reply that is not larger
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
	u8 buf[sizeof(struct kv_record) + KV_KEY_MAX + KV_SMALL_VALUE] __aligned(8);
};

int kv_call_more(struct kv_call *call, unsigned int len);

/**
 * kv_call_need() - have so much of the request here
 * @call: call
 * @len: bytes from its start, at most call->room
 *
 * Each byte is copied once: what is here already does not change.
 *
 * Context: may sleep.
 * Return: 0 or -EFAULT.
 */
static inline int kv_call_need(struct kv_call *call, unsigned int len)
{
	return likely(len <= call->request_len) ? 0 : kv_call_more(call, len);
}

bool kv_may_admin(const struct net *net);
bool kv_sees_private(const struct net *net);
int kv_call_alloc(struct kv_call *call, unsigned int size);
int kv_call_probe(struct kv_call *call, unsigned int len);
void kv_call_is_public(struct kv_call *call, unsigned int len);
int kv_check_flags(u8 flags, u64 rev);

/* Whether the flags of a record are among those allowed and agree: 0 or -EINVAL. */
static __always_inline int kv_check_conditions(const struct kv_record *record, u8 allowed)
{
	if (record->reserved || record->flags & ~allowed)
		return -EINVAL;
	if (likely(!(record->flags | record->rev)))
		return 0;
	return kv_check_flags(record->flags, record->rev);
}

/* Handlers that are a file of their own */
int kv_call_txn(struct kv_call *call);
int kv_call_describe(struct kv_call *call);

#endif
