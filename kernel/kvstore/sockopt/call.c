// SPDX-License-Identifier: GPL-2.0-only
/*
 * A getsockopt() call: copying in its request, running its handler, copying out
 * its reply.
 *
 * Each byte of a request is copied once, and only the copy is used. Handlers write
 * their reply to kernel memory. It is copied out when they have released all locks.
 */
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <net/sock.h>

#include "compat.h"
#include "sockopt/call.h"
#include "trace.h"

/* Buffers */

/**
 * struct kv_spare - a buffer that is kept for later calls
 * @busy: bit 0: a call uses the buffer
 * @data: KV_MSG_MAX bytes, or NULL before the first use; belongs to the call that
 *        has set @busy
 *
 * A reply may take 64 KiB, and a kernel that zeroes allocations spends more time
 * on that than on filling it. So each processor keeps three buffers, for a request,
 * its operations and a reply, from their first use on. A call that finds all of them
 * busy, or needs more room, allocates memory, charged to its memory cgroup. It must
 * not wait for a buffer: a user can keep one busy, by making a call sleep in a page
 * fault.
 */
struct kv_spare {
	unsigned long busy;
	void *data;
};

#define KV_SPARES 3

static DEFINE_PER_CPU(struct kv_spare [KV_SPARES], spares);

/* A free spare buffer, or NULL. It belongs to another processor if the task migrates. */
static struct kv_spare *spare_take(void)
{
	struct kv_spare *spare = *raw_cpu_ptr(&spares), *end = spare + KV_SPARES;

	for (; spare < end; spare++) {
		if (test_and_set_bit_lock(0, &spare->busy))
			continue;
		if (!spare->data)
			spare->data = __vmalloc(KV_MSG_MAX,
						GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);
		if (spare->data)
			return spare;
		clear_bit_unlock(0, &spare->busy);
	}
	return NULL;
}

/**
 * kv_buffer_take() - take memory for a request or a reply
 * @buffer: out
 * @size: bytes
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int kv_buffer_take(struct kv_buffer *buffer, size_t size)
{
	buffer->spare = size <= KV_MSG_MAX ? spare_take() : NULL;
	buffer->data = buffer->spare ? buffer->spare->data : kv_zalloc(size);
	buffer->size = size;
	return buffer->data ? 0 : -ENOMEM;
}

/**
 * kv_buffer_give() - give memory back
 * @buffer: from kv_buffer_take(), or with data NULL
 * @wipe: number of bytes to wipe, because they may hold private values
 *
 * Context: may sleep.
 */
void kv_buffer_give(struct kv_buffer *buffer, size_t wipe)
{
	if (!buffer->data)
		return;
	if (wipe)
		memzero_explicit(buffer->data, min(wipe, buffer->size));
	if (buffer->spare)
		clear_bit_unlock(0, &buffer->spare->busy);
	else
		kvfree(buffer->data);
}

/**
 * kv_buffer_exit() - free the spare buffers, after the last call
 *
 * Context: may sleep.
 */
void kv_buffer_exit(void)
{
	unsigned int cpu, i;

	for_each_possible_cpu(cpu)
		for (i = 0; i < KV_SPARES; i++)
			vfree(per_cpu(spares, cpu)[i].data);
}

/* The request */

/* copy_from_user() of a few bytes takes about as long as of this many. */
#define KV_COPY_SIZE 4096U

/* Slow path of kv_call_copy_in(): bytes that are not copied in yet. */
int kv_call_copy_in_slow(struct kv_call *call, unsigned int len)
{
	unsigned int here = call->request_len, end = min(round_up(len, KV_COPY_SIZE), call->room);

	if (len > call->room)
		return -EINVAL;
	if (copy_from_user(call->request_memory.data + here, call->user + here, end - here))
		return -EFAULT;
	call->request_len = end;
	return 0;
}

/**
 * kv_call_mark_public() - note that the request holds no private value
 * @call: call
 * @len: bytes of the request; bytes that were copied in after it are wiped
 *
 * Context: any.
 */
void kv_call_mark_public(struct kv_call *call, unsigned int len)
{
	memzero_explicit(call->request_memory.data + len, call->request_len - len);
	call->request_secret = false;
}

/* Copy in the fixed part of the request and the name that follows it. */
static int call_from_user(struct kv_call *call, const struct kv_get_command *command)
{
	u16 len;

	if (command->whole) {
		if (kv_buffer_take(&call->request_memory, call->room))
			return -ENOMEM;
		call->request = call->request_memory.data;
		call->request_secret = true;	/* until kv_call_mark_public() */
		return kv_call_copy_in(call, command->min);
	}
	if (!command->head)
		return 0;
	if (copy_from_user(call->buf, call->user, command->head))
		return -EFAULT;
	len = *(u16 *)(call->buf + command->name_len);
	if (len > KV_KEY_MAX)
		return -ENAMETOOLONG;
	if (command->head + len > call->room)
		return -EINVAL;
	if (copy_from_user(call->buf + command->head, call->user + command->head, len))
		return -EFAULT;
	return 0;
}

/* The reply */

/**
 * kv_call_alloc_reply() - allocate memory for a reply that may not fit in call->small
 * @call: call
 * @size: bytes
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int kv_call_alloc_reply(struct kv_call *call, unsigned int size)
{
	int err = kv_buffer_take(&call->reply_memory, size);

	if (err)
		return err;
	call->reply = call->reply_memory.data;
	call->reply_size = size;
	return 0;
}

/**
 * kv_call_probe() - fault in the reply buffer before committing
 * @call: call
 * @len: bytes that the reply may have
 *
 * Rewrites a byte of each page, so that a transaction whose reply cannot be written
 * is not committed. (The caller can still unmap the buffer afterwards: then the
 * transaction is committed, and the call fails with EFAULT.)
 *
 * Context: may sleep.
 * Return: 0 or -EFAULT.
 */
int kv_call_probe(struct kv_call *call, unsigned int len)
{
	u8 __user *user = call->user;
	unsigned int at = 0;
	u8 byte;

	while (at < len) {
		if (get_user(byte, user + at) || put_user(byte, user + at))
			return -EFAULT;
		at += PAGE_SIZE - offset_in_page(user + at);
	}
	return 0;
}

/* The call */

static void call_init(struct kv_call *call, struct sock *sk, void __user *user, unsigned int room)
{
	call->net = sock_net(sk);
	call->store = kv_net_store(call->net);
	call->room = room;
	call->reply = call->small;
	call->reply_size = sizeof(call->small);
	call->secret = false;
	call->request_len = 0;
	call->request_secret = false;
	call->file = NULL;
	call->user = user;
	call->request_memory.data = NULL;
	call->reply_memory.data = NULL;
}

/* Install the file of the handler as its descriptor, or free both. */
static void call_install(struct kv_call *call, int err)
{
	if (!call->file)
		return;
	if (!err) {
		fd_install(call->fd, call->file);
		return;
	}
	put_unused_fd(call->fd);
	fput(call->file);
}

/* Copy out the reply unless there is an error, and free the buffers of the call. */
static int call_finish(struct kv_call *call, int err, int *len)
{
	if (!err && copy_to_user(call->user, call->reply, call->len))
		err = -EFAULT;
	if (!err)
		*len = call->len;
	call_install(call, err);
	/* A copy that failed may have left bytes beyond request_len. */
	kv_buffer_give(&call->request_memory,
		       call->request_secret ? call->request_len + KV_COPY_SIZE : 0);
	kv_buffer_give(&call->reply_memory, call->secret ? call->reply_size : 0);
	if (call->secret)
		memzero_explicit(call->small, sizeof(call->small));
	return err;
}

/**
 * kv_call_run() - run a get word
 * @command: its row
 * @sk: socket
 * @user: the request, and the buffer for the reply
 * @len: bytes of the buffer; out: bytes of the reply
 *
 * The length may be negative: the kernel reads it from user memory again after its
 * own check.
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int kv_call_run(const struct kv_get_command *command, struct sock *sk, void __user *user,
		int *len)
{
	struct kv_call call __uninitialized;
	int err;

	if (*len > KV_MSG_MAX)
		return -EMSGSIZE;
	if (*len < (int)command->min)
		return -EINVAL;
	call_init(&call, sk, user, *len);
	err = call_from_user(&call, command);
	if (!err)
		err = command->run(&call);
	return call_finish(&call, err, len);
}

/* KV_SO_GET */

/* Append the record of the key to an empty buffer. */
static int find_and_append(struct kv_call *call, const struct kv_operation *get,
			   bool show_private)
{
	struct kv_records reply = {
		.buf = call->reply,
		.size = call->reply_size,
		.show_private = show_private,
	};
	int err;

	kv_records_begin(&reply);
	rcu_read_lock();
	err = kv_store_get(call->store, kv_store_find(call->store, get->key, get->key_len), get,
			   &reply);
	rcu_read_unlock();
	call->secret |= reply.secret;
	return err;
}

/**
 * kv_call_get() - make the reply of KV_SO_GET, including private, computed and large values
 * @call: call
 * @get: operation; its key must not be in call->small
 *
 * Context: may sleep.
 * Return: 0; -ENOENT, -EPERM, -ERANGE, -ENOMEM.
 */
int kv_call_get(struct kv_call *call, const struct kv_operation *get)
{
	struct kv_record *record;
	int err = find_and_append(call, get, false);

	if (err == -EPERM && kv_may_admin(call->net))
		err = find_and_append(call, get, true);
	if (err == -ERANGE) {
		err = kv_call_alloc_reply(call, KV_RECORD_MAX);
		if (!err)
			err = find_and_append(call, get, kv_sees_private(call->net));
	}
	if (err == -ENOENT)
		trace_kv_read_miss(call->store->netns, get->key, get->key_len);
	if (err)
		return err;
	record = call->reply;
	record->op = KV_OP_NONE;
	call->len = sizeof(*record) + record->key_len + record->value_len;
	return call->len > call->room ? -ERANGE : 0;
}

/**
 * kv_call_get_key() - run KV_SO_GET after the fast path has copied in the key
 * @sk: socket
 * @key: @key_len bytes
 * @key_len: 1 to KV_KEY_MAX
 * @user: buffer for the reply
 * @len: bytes of the buffer; out: bytes of the reply
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int kv_call_get_key(struct sock *sk, const u8 *key, unsigned int key_len, void __user *user,
		    int *len)
{
	const struct kv_operation get = { .op = KV_OP_GET, .key = key, .key_len = key_len };
	struct kv_call call __uninitialized;

	call_init(&call, sk, user, *len);
	return call_finish(&call, kv_call_get(&call, &get), len);
}
