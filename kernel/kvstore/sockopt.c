// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command words: permission, length, copy, validate, act.
 *
 * This file alone sees the user memory of a call, as watch.c sees that of a
 * read. A request is copied once and looked at only after that; handlers work
 * on the copy, and what they leave as the reply is copied out when they are
 * done and no lock is held.
 */
#include <linux/capability.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/nospec.h>
#include <linux/slab.h>
#include <linux/sockptr.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/sock.h>

#include "call.h"
#include "net.h"
#include "sockopt.h"
#include "store.h"
#include "watch.h"

/* Whether the caller may write to the namespace's store and read private values. May sleep. */
bool kv_may_admin(const struct net *net)
{
	return ns_capable(net->user_ns, CAP_NET_ADMIN);
}

/* The same where the answer refuses nothing, and so is no matter for the audit log. */
bool kv_sees_private(const struct net *net)
{
	return ns_capable_noaudit(net->user_ns, CAP_NET_ADMIN);
}

/* Set words */

/**
 * struct set_call - one setsockopt call, in kernel memory
 * @store: of the socket's namespace
 * @record: the head of the request, checked
 * @key: the key, record.key_len bytes
 * @entry: the key and the value where the command takes one; NULL once the
 *         store has taken it
 */
struct set_call {
	struct kv_store *store;
	struct kv_record record;
	u8 key[KV_KEY_MAX];
	struct kv_entry *entry;
};

/**
 * struct kv_set_command - a row of the table of set words
 * @run: acts
 * @flags: the flags that the command takes
 * @keyed: it takes a key
 * @stores: it takes a value, and may create the key
 */
struct kv_set_command {
	int (*run)(struct set_call *write);
	u8 flags;
	bool keyed;
	bool stores;
};

/* The request as a transaction of one record. */
static int commit_one(struct set_call *write, enum kv_op op)
{
	struct kv_change change = {
		.op = op,
		.flags = write->record.flags & KV_CONDITIONS,
		.rev = write->record.rev,
		.key = write->key,
		.key_len = write->record.key_len,
		.entry = write->entry,
	};
	struct kv_transaction txn = { .changes = &change, .count = 1 };
	int err = kv_store_commit(write->store, &txn);

	write->entry = change.entry;
	return err;
}

static int put(struct set_call *write)
{
	return commit_one(write, KV_OP_PUT);
}

static int delete(struct set_call *write)
{
	if (write->record.flags & KV_F_PREFIX)
		return kv_store_delete_prefix(write->store, write->key, write->record.key_len);
	return commit_one(write, KV_OP_DELETE);
}

static int seal(struct set_call *write)
{
	kv_store_seal(write->store);
	return 0;
}

static const struct kv_set_command set_commands[] = {
	[KV_SO_PUT - KV_SO_BASE] = {
		.run = put,
		.flags = KV_CONDITIONS | KV_F_PRIVATE,
		.keyed = true,
		.stores = true,
	},
	[KV_SO_DELETE - KV_SO_BASE] = {
		.run = delete,
		.flags = KV_F_IF_REV | KV_F_PREFIX,
		.keyed = true,
	},
	[KV_SO_SEAL - KV_SO_BASE] = {
		.run = seal,
	},
};

/* Whether the lengths are within their limits and add up to @len. */
static int check_lengths(const struct kv_record *record, const struct kv_set_command *command,
			 unsigned int len)
{
	if (record->key_len > KV_KEY_MAX)
		return -ENAMETOOLONG;
	if (record->value_len > KV_VALUE_MAX)
		return -EMSGSIZE;
	if (!record->key_len == command->keyed || (record->value_len && !command->stores) ||
	    sizeof(*record) + record->key_len + record->value_len != len)
		return -EINVAL;
	return 0;
}

/**
 * kv_check_conditions() - whether the flags of a record are known and agree
 * @record: record
 * @allowed: the flags that it may have
 *
 * Return: 0 or -EINVAL.
 */
int kv_check_conditions(const struct kv_record *record, u8 allowed)
{
	u8 flags = record->flags;

	if (record->reserved || flags & ~allowed)
		return -EINVAL;
	if (record->rev && !(flags & KV_F_IF_REV))
		return -EINVAL;
	if (flags & KV_F_CREATE && flags & (KV_F_REPLACE | KV_F_IF_REV))
		return -EINVAL;
	if (flags & KV_F_PREFIX && flags & KV_F_IF_REV)
		return -EINVAL;
	return 0;
}

/* An entry with the key that was copied already, and the value copied now. */
static struct kv_entry *entry_from_user(const struct set_call *write, sockptr_t user)
{
	const struct kv_record *record = &write->record;
	struct kv_entry *entry;
	bool waited = false;

	entry = kv_entry_alloc(record->key_len, record->value_len, record->flags & KV_F_PRIVATE,
			       &waited);
	if (!entry)
		return ERR_PTR(-ENOMEM);
	memcpy(entry->data, write->key, record->key_len);
	if (copy_from_sockptr_offset(entry->data + record->key_len, user,
				     sizeof(*record) + record->key_len, record->value_len)) {
		kv_entry_free(entry);
		return ERR_PTR(-EFAULT);
	}
	return entry;
}

static int write_from_user(struct set_call *write, const struct kv_set_command *command,
			   sockptr_t user, unsigned int len)
{
	struct kv_record *record = &write->record;
	int err;

	if (len < sizeof(*record))
		return -EINVAL;
	if (len > KV_MSG_MAX)
		return -EMSGSIZE;
	if (copy_from_sockptr(record, user, sizeof(*record)))
		return -EFAULT;
	err = check_lengths(record, command, len);
	if (err)
		return err;
	err = record->op ? -EINVAL : kv_check_conditions(record, command->flags);
	if (err)
		return err;
	if (copy_from_sockptr_offset(write->key, user, sizeof(*record), record->key_len))
		return -EFAULT;
	if (!command->stores)
		return 0;
	if (!kv_key_valid(write->key, record->key_len))
		return -EINVAL;
	write->entry = entry_from_user(write, user);
	return PTR_ERR_OR_ZERO(write->entry);
}

static int set_word(const struct kv_set_command *command, struct sock *sk, sockptr_t user,
		    unsigned int len)
{
	struct set_call write;
	int err;

	if (!kv_may_admin(sock_net(sk)))
		return -EPERM;
	write.store = kv_net_store(sock_net(sk));
	write.entry = NULL;
	err = write_from_user(&write, command, user, len);
	if (err)
		return err;
	err = command->run(&write);
	if (write.entry)
		kv_entry_free(write.entry);
	return err;
}

/* Get words */

/**
 * struct kv_get_command - a row of the table of get words
 * @run: makes the reply of the request
 * @min: the shortest buffer
 * @head: bytes of the request's fixed part, which a name follows; 0 if nothing is read
 * @name_len: where in it the __u16 stands that says how long the name is
 * @name_min: bytes of the shortest name
 * @whole: the request may be as long as the buffer
 */
struct kv_get_command {
	int (*run)(struct kv_call *call);
	unsigned int min;
	unsigned int head;
	unsigned int name_len;
	unsigned int name_min;
	bool whole;
};

/* Room for a reply that is larger than call->buf; freed by call_free(). */
int kv_call_alloc(struct kv_call *call, unsigned int size)
{
	void *reply = kv_buffer_alloc(size);

	if (!reply)
		return -ENOMEM;
	call->reply = reply;
	call->reply_size = size;
	return 0;
}

static void call_free(struct kv_call *call)
{
	/* Whether there is a private value in it, not every way here has found out. */
	kvfree_sensitive(call->request, call->room);
	if (call->secret)
		memzero_explicit(call->buf, sizeof(call->buf));
	if (call->reply == call->buf)
		return;
	if (call->secret)
		kvfree_sensitive(call->reply, call->reply_size);
	else
		kvfree(call->reply);
}

static int info(struct kv_call *call)
{
	BUILD_BUG_ON(sizeof(struct kv_info) > sizeof(call->buf));
	call->len = min_t(unsigned int, call->room, sizeof(struct kv_info));
	return kv_store_info(call->store, (struct kv_info *)call->buf);
}

/* Find the value of the request's key and put it behind the key in call->reply. */
static int get_value(struct kv_call *call, unsigned int head, struct kv_value *value)
{
	struct kv_record *request = (struct kv_record *)call->buf;
	int err;

	value->buf = call->buf + head;
	value->size = sizeof(call->buf) - head;
	err = kv_store_get(call->store, request->data, request->key_len, value);
	if (err != -ERANGE)
		return err;

	/* Too long for the stack: now with room for any value. */
	err = kv_call_alloc(call, head + KV_VALUE_MAX);
	if (err)
		return err;
	memcpy(call->reply, request, head);
	value->buf = call->reply + head;
	value->size = KV_VALUE_MAX;
	return kv_store_get(call->store, request->data, request->key_len, value);
}

static int get(struct kv_call *call)
{
	struct kv_record *record = (struct kv_record *)call->buf;
	unsigned int head = sizeof(*record) + record->key_len;
	struct kv_value value;
	int err;

	if (record->value_len > KV_VALUE_MAX)
		return -EMSGSIZE;
	if (record->op || record->flags || record->value_len || record->reserved || record->rev)
		return -EINVAL;
	err = get_value(call, head, &value);
	if (err)
		return err;
	if (value.flags & KV_F_PRIVATE) {
		call->secret = true;
		if (!kv_may_admin(call->net))
			return -EPERM;
	}
	if (value.len + head > call->room)
		return -ERANGE;
	record = call->reply;
	record->flags = value.flags;
	record->value_len = value.len;
	record->rev = value.rev;
	call->len = head + value.len;
	return 0;
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
	call->len = sizeof(*reply) + listing.page.len;
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
		.name_min = 1,
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

/* Copy the head of the request and the key or prefix that follows it. */
static int call_from_user(struct kv_call *call, const struct kv_get_command *command,
			  void __user *user)
{
	u16 len;

	if (command->whole) {
		call->request = kv_buffer_alloc(call->room);
		if (!call->request)
			return -ENOMEM;
		if (copy_from_user(call->request, user, call->room))
			return -EFAULT;
		/* What cannot be answered must not happen: first the head back as it was. */
		return copy_to_user(user, call->request, command->min) ? -EFAULT : 0;
	}
	if (!command->head)
		return 0;
	if (copy_from_user(call->buf, user, command->head))
		return -EFAULT;
	len = *(u16 *)(call->buf + command->name_len);
	if (len > KV_KEY_MAX)
		return -ENAMETOOLONG;
	if (len < command->name_min || command->head + len > call->room)
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

static int get_word(const struct kv_get_command *command, struct sock *sk, void __user *user,
		    int *len)
{
	struct kv_call call;
	int err;

	/* The kernel reads *len again after its own check: it may be negative here. */
	if (*len < 0 || *len < command->min)
		return -EINVAL;
	if (*len > KV_MSG_MAX)
		return -EMSGSIZE;
	call.net = sock_net(sk);
	call.store = kv_net_store(call.net);
	call.room = *len;
	call.reply = call.buf;
	call.reply_size = sizeof(call.buf);
	call.secret = false;
	call.request = NULL;
	call.file = NULL;
	err = call_from_user(&call, command, user);
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

/* The range of words */

static int kv_set_word(struct sock *sk, int word, sockptr_t user, unsigned int len);
static int kv_get_word(struct sock *sk, int word, void __user *user, int *len);

static struct nf_sockopt_ops kv_sockopt_ops = {
	.pf = PF_INET,
	.set = kv_set_word,
	.get = kv_get_word,
	.owner = THIS_MODULE,
};

static int kv_set_word(struct sock *sk, int word, sockptr_t user, unsigned int len)
{
	unsigned int i = word - kv_sockopt_ops.set_optmin;

	if (i >= ARRAY_SIZE(set_commands))
		return -EOPNOTSUPP;
	i = array_index_nospec(i, ARRAY_SIZE(set_commands));
	return set_word(&set_commands[i], sk, user, len);
}

static int kv_get_word(struct sock *sk, int word, void __user *user, int *len)
{
	unsigned int i = word - kv_sockopt_ops.get_optmin - (KV_SO_INFO - KV_SO_BASE);

	if (i >= ARRAY_SIZE(get_commands))
		return -EOPNOTSUPP;
	i = array_index_nospec(i, ARRAY_SIZE(get_commands));
	return get_word(&get_commands[i], sk, user, len);
}

/**
 * kv_sockopt_register() - take the command words; from now on calls come in
 * @base: first of KV_SO_WORDS words
 *
 * Return: 0 or -EBUSY if some of them are taken.
 */
int kv_sockopt_register(unsigned int base)
{
	kv_sockopt_ops.set_optmin = base;
	kv_sockopt_ops.set_optmax = base + KV_SO_WORDS;
	kv_sockopt_ops.get_optmin = base;
	kv_sockopt_ops.get_optmax = base + KV_SO_WORDS;
	return nf_register_sockopt(&kv_sockopt_ops);
}

/**
 * kv_sockopt_unregister() - give the words back; no call is under way afterwards
 */
void kv_sockopt_unregister(void)
{
	nf_unregister_sockopt(&kv_sockopt_ops);
}
