// SPDX-License-Identifier: GPL-2.0-only
/* The get words: their table, and the handlers that fit in a few lines */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/nospec.h>
#include <net/sock.h>

#include "sockopt/call.h"

static int info(struct kv_call *call)
{
	BUILD_BUG_ON(sizeof(struct kv_info) > sizeof(call->small));
	call->len = min_t(unsigned int, call->room, sizeof(struct kv_info));
	return kv_store_info(call->store, call->reply);
}

static int get(struct kv_call *call)
{
	const struct kv_record *request = (const struct kv_record *)call->buf;
	struct kv_operation operation;
	int err;

	kv_operation_init(&operation, request);
	operation.op = KV_OP_GET;
	err = kv_operation_check(&operation, true);
	if (!err && request->op)
		err = -EINVAL;
	return err ? err : kv_call_get(call, &operation);
}

static int list(struct kv_call *call)
{
	const struct kv_list *request = (const struct kv_list *)call->buf;
	struct kv_listing listing = {
		.from = { request->cursor[0], request->cursor[1] },
		.page.size = call->room - sizeof(*request),
		.page.show_private = kv_sees_private(call->net),
	};
	struct kv_list *reply;
	int err;

	if (request->flags)
		return -EINVAL;
	err = kv_call_alloc_reply(call, call->room);
	if (err)
		return err;
	reply = call->reply;
	listing.page.buf = reply->data;
	kv_prefix_init(&listing.prefix, request->data, request->prefix_len);
	err = kv_store_list(call->store, &listing);
	call->secret = listing.page.secret;
	if (err)
		return err;
	*reply = (struct kv_list){
		.cursor = { listing.cursor[0], listing.cursor[1] },
		.rev = listing.rev,
		.count = listing.page.count,
		.prefix_len = listing.prefix.len,
		.more = listing.more,
	};
	call->len = sizeof(*reply) + kv_records_len(&listing.page);
	return 0;
}

/* call_finish() installs the descriptor last, after it has copied out the reply. */
static int watch(struct kv_call *call)
{
	const struct kv_watch *request = (const struct kv_watch *)call->buf;
	struct kv_watch *reply = call->reply;
	struct file *file;

	if (request->flags)
		return -EINVAL;
	call->fd = get_unused_fd_flags(O_CLOEXEC);
	if (call->fd < 0)
		return call->fd;
	file = kv_watch_open(call->store, call->net->user_ns, kv_sees_private(call->net),
			     request->data, request->prefix_len, request->rev);
	if (IS_ERR(file)) {
		put_unused_fd(call->fd);
		return PTR_ERR(file);
	}
	call->file = file;
	*reply = *request;
	reply->fd = call->fd;
	call->len = sizeof(*reply);
	return 0;
}

static const struct kv_get_command get_commands[] = {
	[KV_SO_INFO - KV_SO_INFO] = {
		.run = info,
		.min = sizeof_field(struct kv_info, size),
	},
	[KV_SO_GET - KV_SO_INFO] = {
		.run = get,
		.min = sizeof(struct kv_record),
		.head = sizeof(struct kv_record),
		.name_len = offsetof(struct kv_record, key_len),
	},
	[KV_SO_LIST - KV_SO_INFO] = {
		.run = list,
		.min = sizeof(struct kv_list),
		.head = sizeof(struct kv_list),
		.name_len = offsetof(struct kv_list, prefix_len),
	},
	[KV_SO_TXN - KV_SO_INFO] = {
		.run = kv_call_txn,
		.min = sizeof(struct kv_txn),
		.whole = true,
	},
	[KV_SO_WATCH - KV_SO_INFO] = {
		.run = watch,
		.min = sizeof(struct kv_watch),
		.head = sizeof(struct kv_watch),
		.name_len = offsetof(struct kv_watch, prefix_len),
	},
	[KV_SO_DESCRIBE - KV_SO_INFO] = {
		.run = kv_call_describe,
		.min = sizeof(struct kv_describe),
		.head = sizeof(struct kv_describe),
		.name_len = offsetof(struct kv_describe, name_len),
	},
};

/**
 * kv_get_word() - run a get word
 * @index: number of the word, from KV_SO_INFO on
 * @sk: socket
 * @user: the request, and the buffer for the reply
 * @len: bytes of the buffer; out: bytes of the reply
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int kv_get_word(unsigned int index, struct sock *sk, void __user *user, int *len)
{
	BUILD_BUG_ON(sizeof(struct kv_list) > KV_HEAD_MAX);
	BUILD_BUG_ON(sizeof(struct kv_describe) > KV_HEAD_MAX);
	if (index >= ARRAY_SIZE(get_commands))
		return -EOPNOTSUPP;
	index = array_index_nospec(index, ARRAY_SIZE(get_commands));
	return kv_call_run(&get_commands[index], sk, user, len);
}

/**
 * kv_get_slow() - run KV_SO_GET if the fast path could not read the request
 * @sk: socket
 * @user: the request, and the buffer for the reply
 * @len: bytes of the buffer; out: bytes of the reply
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int kv_get_slow(struct sock *sk, void __user *user, int *len)
{
	return kv_call_run(&get_commands[KV_SO_GET - KV_SO_INFO], sk, user, len);
}
