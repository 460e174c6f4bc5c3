/* SPDX-License-Identifier: GPL-2.0-only */
/* A getsockopt call, as its handlers see it: no user memory */
#ifndef KV_CALL_H
#define KV_CALL_H

#include <linux/types.h>

#include <kv_proto.h>

struct file;
struct kv_store;
struct net;

#define KV_CONDITIONS (KV_F_CREATE | KV_F_REPLACE | KV_F_IF_REV)

/* Values up to about this size are answered without an allocation. */
#define KV_SMALL_VALUE 128

/**
 * struct kv_call - one getsockopt call, in kernel memory
 * @net: the socket's namespace
 * @store: its store
 * @room: bytes that the caller's buffer holds
 * @reply: the reply: @buf, or memory from call_alloc()
 * @reply_size: bytes of that memory
 * @len: bytes of the reply
 * @secret: the reply holds a private value: to be wiped
 * @request: KV_SO_TXN: the whole request, of @room bytes
 * @file: KV_SO_WATCH: the file that is to get the descriptor @fd
 * @fd: a descriptor that is reserved for it
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
	void *request;
	struct file *file;
	int fd;
	u8 buf[sizeof(struct kv_record) + KV_KEY_MAX + KV_SMALL_VALUE] __aligned(8);
};

bool kv_may_admin(const struct net *net);
bool kv_sees_private(const struct net *net);
int kv_call_alloc(struct kv_call *call, unsigned int size);
int kv_check_conditions(const struct kv_record *record, u8 allowed);

/* Handlers that are a file of their own */
int kv_call_txn(struct kv_call *call);
int kv_call_describe(struct kv_call *call);

#endif
