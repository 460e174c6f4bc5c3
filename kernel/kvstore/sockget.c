// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words that answer.
 *
 * A request is copied once and looked at only after that; handlers work on the
 * copy, and what they leave as the reply is copied out when they are done and
 * no lock is held. Only GET, which is most calls, does all of it by itself.
 */
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/nospec.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/sock.h>

#include "call.h"
#include "compat.h"
#include "net.h"
#include "read.h"
#include "sockopt.h"
#include "store.h"
#include "user.h"
#include "watch.h"

/**
 * struct kv_get_command - a row of the table of get words, but for GET
 * @run: makes the reply of the request, which the rest describes
 * @min: the shortest buffer
 * @head: bytes of the request's fixed part, which a name follows; 0 if nothing is read
 * @name_len: where in it the __u16 stands that says how long the name is
 * @whole: the request may be as long as the buffer, and is copied as it is read
 */
struct kv_get_command {
	int (*run)(struct kv_call *call);
	unsigned int min;
	unsigned int head;
	unsigned int name_len;
	bool whole;
};

/* The kernel reads the length again after its own check: it may be negative here. */
static bool fits(int len, unsigned int min)
{
	return len >= (int)min && len <= KV_MSG_MAX;
}

static int refuse_len(int len)
{
	return len > KV_MSG_MAX ? -EMSGSIZE : -EINVAL;
}

/* GET */

/* What is wrong with the first word of a GET, or else with the second: all but the key is zero. */
static noinline int refuse_get(u64 word, unsigned int room)
{
	struct kv_record head;

	memcpy(&head, &word, sizeof(word));
	if (head.key_len > KV_KEY_MAX)
		return -ENAMETOOLONG;
	if (sizeof(head) + head.key_len <= room && head.value_len > KV_VALUE_MAX)
		return -EMSGSIZE;
	return -EINVAL;
}

/* Copy the key of a GET request: its length or a negative errno. */
static __always_inline int key_from_user(u8 *key, const void __user *user, unsigned int room)
{
	u64 head[sizeof(struct kv_record) / sizeof(u64)] __uninitialized;
	size_t key_len;
	bool fine;

	if (!user_read_access_begin(user, room))
		return -EFAULT;
	kv_unsafe_get_bytes((void *)head, user, sizeof(head), fault);
	fine = kv_says_key_len(head[0], KV_OP_NONE, &key_len) && !head[1] &&
	       sizeof(head) + key_len <= room;
	if (likely(fine))
		kv_unsafe_get_bytes(key, user + sizeof(head), key_len, fault);
	user_read_access_end();
	return likely(fine) ? key_len : refuse_get(head[0], room);

fault:
	user_read_access_end();
	return -EFAULT;
}

/*
 * What the request of @room bytes becomes the reply by, which is not longer: the
 * key, up to @at, stands there already.
 */
static __always_inline int reply_to_user(void __user *user, unsigned int room,
					 const struct kv_record *head, unsigned int at,
					 const void *value, unsigned int len)
{
	if (!user_write_access_begin(user, room))
		return -EFAULT;
	kv_unsafe_put_bytes(user, (const void *)head, sizeof(*head), fault);
	kv_unsafe_put_bytes(user + at, value, len, fault);
	user_write_access_end();
	return 0;

fault:
	user_write_access_end();
	return -EFAULT;
}

/* GET of what is not told everybody as it stands, or is too long. */
static noinline int get_other(struct sock *sk, const u8 *key, unsigned int key_len,
			      void __user *user, unsigned int room, int *len)
{
	unsigned int at = sizeof(struct kv_record) + key_len;
	u8 buf[KV_VALUE_MAX] __aligned(8) __uninitialized;
	struct kv_record found __uninitialized;
	int err;

	err = kv_read(sock_net(sk), key, key_len, buf, sizeof(buf), &found);
	if (err)
		return err;
	if (found.flags & KV_F_PRIVATE && !kv_may_admin(sock_net(sk)))
		err = -EPERM;
	else if (at + found.value_len > room)
		err = -ERANGE;
	else
		err = reply_to_user(user, room, &found, at, buf, found.value_len);
	if (found.flags & KV_F_PRIVATE)
		memzero_explicit(buf, found.value_len);
	*len = at + found.value_len;
	return err;
}

/* GET of a key that has no entry. */
static noinline int get_missing(struct sock *sk, const u8 *key, unsigned int key_len,
				void __user *user, unsigned int room, int *len)
{
	const struct kv_store *store = kv_net_store(sock_net(sk));

	if (kv_is_shown(store, NULL))
		return get_other(sk, key, key_len, user, room, len);
	trace_kv_read_miss(store->netns, key, key_len);
	return -ENOENT;
}

/* GET of an entry, where a page has to be faulted in for the reply: by a copy. Leaves RCU. */
static noinline int get_by_copy(const struct kv_entry *entry, void __user *user, unsigned int room)
	__releases(RCU_SCHED)
{
	u8 buf[KV_VALUE_MAX] __aligned(8) __uninitialized;
	struct kv_record head __uninitialized;

	kv_read_entry(entry, buf, sizeof(buf), &head);
	rcu_read_unlock_sched();
	return reply_to_user(user, room, &head, sizeof(head) + head.key_len, buf, head.value_len);
}

/*
 * Most GETs: what is told everybody goes from the entry to where the request came
 * from. No page is faulted in under RCU. Where that fails, it is the same entry
 * that get_by_copy() answers by: some of it may be there already.
 */
static __always_inline int get(struct sock *sk, void __user *user, int *len)
{
	u8 key[KV_KEY_MAX] __aligned(8) __uninitialized;
	unsigned int room = *len, at, size;
	const struct kv_entry *entry;
	int key_len;

	if (unlikely(!fits(room, sizeof(struct kv_record))))
		return refuse_len(room);
	key_len = key_from_user(key, user, room);
	if (unlikely(key_len < 0))
		return key_len;
	/* Lest addresses of the request are kept on the stack for the reply. */
	OPTIMIZER_HIDE_VAR(user);
	rcu_read_lock_sched();
	entry = kv_table_find(kv_net_store_rcu(sock_net(sk)), key, key_len);
	if (unlikely(!entry)) {
		rcu_read_unlock_sched();
		return get_missing(sk, key, key_len, user, room, len);
	}
	size = READ_ONCE(entry->size);
	if (unlikely(size > room)) {
		rcu_read_unlock_sched();
		return get_other(sk, key, key_len, user, room, len);
	}
	at = sizeof(struct kv_record) + key_len;
	*len = size;
	pagefault_disable();
	if (likely(!reply_to_user(user, room, &entry->record, at, (const u8 *)&entry->record + at,
				  size - at))) {
		pagefault_enable();
		rcu_read_unlock_sched();
		return 0;
	}
	pagefault_enable();
	return get_by_copy(entry, user, room);
}

/* The others */

/* Room for a reply that is larger than call->buf; freed by call_free(). */
int kv_call_alloc(struct kv_call *call, unsigned int size)
{
	int err = kv_buffer_take(&call->reply_memory, size);

	if (err)
		return err;
	call->reply = call->reply_memory.data;
	call->reply_size = size;
	return 0;
}

/* Copies take about as long for few bytes as for so many. */
#define KV_COPY_SIZE 4096U

/* Have more of the request here, as kv_call_need() says. */
int kv_call_more(struct kv_call *call, unsigned int len)
{
	unsigned int here = call->request_len, end = min(round_up(len, KV_COPY_SIZE), call->room);

	if (copy_from_user(call->request_memory.data + here, call->user + here, end - here))
		return -EFAULT;
	call->request_len = end;
	return 0;
}

/**
 * kv_call_is_public() - there is no private value in the request
 * @call: call
 * @len: bytes that the request has; what was copied behind it is not known
 */
void kv_call_is_public(struct kv_call *call, unsigned int len)
{
	memzero_explicit(call->request_memory.data + len, call->request_len - len);
	call->request_secret = false;
}

static void call_free(struct kv_call *call)
{
	/* A copy that failed may have put something behind what is here. */
	kv_buffer_give(&call->request_memory,
		       call->request_secret ? call->request_len + KV_COPY_SIZE : 0);
	kv_buffer_give(&call->reply_memory, call->secret ? call->reply_size : 0);
	if (call->secret)
		memzero_explicit(call->buf, sizeof(call->buf));
}

static int info(struct kv_call *call)
{
	BUILD_BUG_ON(sizeof(struct kv_info) > sizeof(call->buf));
	call->len = min_t(unsigned int, call->room, sizeof(struct kv_info));
	return kv_store_info(call->store, (struct kv_info *)call->buf);
}

static int list(struct kv_call *call)
{
	struct kv_list *request = (struct kv_list *)call->buf;
	struct kv_listing listing = {
		.prefix = request->data,
		.prefix_len = request->prefix_len,
		.from = { request->cursor[0], request->cursor[1] },
		.page.size = call->room - sizeof(*request),
		.page.show_private = kv_sees_private(call->net),
	};
	struct kv_list *reply;
	int err;

	BUILD_BUG_ON(sizeof(*request) + KV_KEY_MAX > sizeof(call->buf));
	if (request->flags)
		return -EINVAL;
	err = kv_call_alloc(call, call->room);
	if (err)
		return err;
	reply = call->reply;
	listing.page.buf = reply->data;
	err = kv_store_list(call->store, &listing);
	call->secret = listing.page.secret;
	if (err)
		return err;
	*reply = (struct kv_list){
		.cursor = { listing.cursor[0], listing.cursor[1] },
		.rev = listing.rev,
		.count = listing.page.count,
		.prefix_len = listing.prefix_len,
		.more = listing.more,
	};
	call->len = sizeof(*reply) + kv_page_len(&listing.page);
	return 0;
}

/* The descriptor is installed when the reply has been copied: then nothing of ours fails. */
static int watch(struct kv_call *call)
{
	struct kv_watch *request = (struct kv_watch *)call->buf;
	struct file *file;

	BUILD_BUG_ON(sizeof(*request) + KV_KEY_MAX > sizeof(call->buf));
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
	request->fd = call->fd;
	call->len = sizeof(*request);
	return 0;
}

/*
 * Before a call changes something: see that its answer of up to @len bytes can be
 * given, by writing a byte of each page as it is. What cannot be answered must not
 * happen.
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

/* Copy the head of the request and the key or prefix that follows it. */
static int call_from_user(struct kv_call *call, const struct kv_get_command *command)
{
	void __user *user = call->user;
	u16 len;

	if (command->whole) {
		if (kv_buffer_take(&call->request_memory, call->room))
			return -ENOMEM;
		call->request = call->request_memory.data;
		call->request_secret = true;	/* until it is known to be none */
		return kv_call_need(call, command->min);
	}
	if (!command->head)
		return 0;
	if (copy_from_user(call->buf, user, command->head))
		return -EFAULT;
	len = *(u16 *)(call->buf + command->name_len);
	if (len > KV_KEY_MAX)
		return -ENAMETOOLONG;
	if (command->head + len > call->room)
		return -EINVAL;
	if (copy_from_user(call->buf + command->head, user + command->head, len))
		return -EFAULT;
	return 0;
}

/* Give the file that the handler made its descriptor, or neither. */
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

static noinline int answer(const struct kv_get_command *command, struct sock *sk,
			   void __user *user, int *len)
{
	struct kv_call call __uninitialized;
	int err;

	if (!fits(*len, command->min))
		return refuse_len(*len);
	call.net = sock_net(sk);
	call.store = kv_net_store(call.net);
	call.room = *len;
	call.reply = call.buf;
	call.reply_size = sizeof(call.buf);
	call.secret = false;
	call.request_len = 0;
	call.request_secret = false;
	call.file = NULL;
	call.user = user;
	call.request_memory.data = NULL;
	call.reply_memory.data = NULL;
	err = call_from_user(&call, command);
	if (!err)
		err = command->run(&call);
	if (!err && copy_to_user(user, call.reply, call.len))
		err = -EFAULT;
	if (!err)
		*len = call.len;
	call_install(&call, err);
	call_free(&call);
	return err;
}

static const struct kv_get_command get_commands[] = {
	[KV_SO_INFO - KV_SO_INFO] = {
		.run = info,
		.min = sizeof_field(struct kv_info, size),
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
 * kv_sockget() - a getsockopt(2) call
 * @sk: socket
 * @word: one of ours
 * @user: the request, and room for the reply
 * @len: bytes of it; out: bytes of the reply
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int kv_sockget(struct sock *sk, int word, void __user *user, int *len)
{
	unsigned int index = word - kv_sockopt_base - (KV_SO_INFO - KV_SO_BASE);
	const struct kv_get_command *command;

	if (likely(index == KV_SO_GET - KV_SO_INFO))
		return get(sk, user, len);
	if (index >= ARRAY_SIZE(get_commands))
		return -EOPNOTSUPP;
	command = &get_commands[array_index_nospec(index, ARRAY_SIZE(get_commands))];
	return answer(command, sk, user, len);
}
