// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words that write.
 *
 * A request is copied once and looked at only after that: its head first, which
 * says what follows; then key and value, to where they stay.
 */
#include <linux/err.h>
#include <linux/nospec.h>
#include <linux/sockptr.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/sock.h>

#include "call.h"
#include "compat.h"
#include "net.h"
#include "sockopt.h"
#include "store.h"
#include "user.h"

/**
 * struct set_call - one setsockopt call, in kernel memory
 * @store: of the socket's namespace
 * @key: the key, record.key_len bytes: in @entry or @buf
 * @entry: the key and the value where the command takes one; NULL once the
 *         store has taken it
 * @buf: the key, where the command takes no value
 * @record: the head of the request, checked
 */
struct set_call {
	struct kv_store *store;
	const u8 *key;
	struct kv_entry *entry;
	u8 buf[KV_KEY_MAX];
	struct kv_record record;
};

/**
 * struct kv_set_command - a row of the table of set words
 * @run: acts
 * @flags: the flags that the command takes
 * @keyed: it takes a key
 * @stores: it takes a value, and may create the key
 */
struct kv_set_command {
	int (*run)(struct set_call *call);
	u8 flags;
	bool keyed;
	bool stores;
};

/* The request as a transaction of one record. */
static int commit_one(struct set_call *call, enum kv_op op)
{
	struct kv_change change = {
		.op = op,
		.flags = call->record.flags & KV_CONDITIONS,
		.rev = call->record.rev,
		.key = call->key,
		.key_len = call->record.key_len,
		.entry = call->entry,
	};
	struct kv_transaction txn = { .changes = &change, .count = 1 };
	int err = kv_store_commit(call->store, &txn);

	call->entry = change.entry;
	return err;
}

static int put(struct set_call *call)
{
	return commit_one(call, KV_OP_PUT);
}

static int delete(struct set_call *call)
{
	if (call->record.flags & KV_F_PREFIX)
		return kv_store_delete_prefix(call->store, call->key, call->record.key_len);
	return commit_one(call, KV_OP_DELETE);
}

static int seal(struct set_call *call)
{
	kv_store_seal(call->store);
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

/*
 * Copy so many bytes of the request. The kernel's own memory it is where a
 * cgroup's BPF program has looked at the call.
 */
static int copy_request(void *to, sockptr_t user, size_t offset, size_t len)
{
	const void __user *from = user.user + offset;

	if (sockptr_is_kernel(user)) {
		memcpy(to, user.kernel + offset, len);
		return 0;
	}
	if (!user_read_access_begin(from, len))
		return -EFAULT;
	kv_unsafe_get_bytes(to, from, len, fault);
	user_read_access_end();
	return 0;

fault:
	user_read_access_end();
	return -EFAULT;
}

/* An entry with the key and the value that follow the head. */
static struct kv_entry *entry_from_user(const struct kv_record *record, sockptr_t user)
{
	struct kv_entry *entry;
	bool waited = false;
	int err;

	entry = kv_entry_alloc(record->key_len, record->value_len, record->flags & KV_F_PRIVATE,
			       &waited);
	if (!entry)
		return ERR_PTR(-ENOMEM);
	/* One after the other: what both are in would be read twice. */
	err = copy_request(entry->record.data, user, sizeof(*record), record->key_len);
	if (!err)
		err = copy_request(entry->record.data + record->key_len, user,
				   sizeof(*record) + record->key_len, record->value_len);
	if (!err && !kv_key_valid(entry->record.data, record->key_len))
		err = -EINVAL;
	if (!err)
		return entry;
	kv_entry_free(entry);
	return ERR_PTR(err);
}

static int call_from_user(struct set_call *call, const struct kv_set_command *command,
			  sockptr_t user, unsigned int len)
{
	struct kv_record *record = &call->record;
	int err;

	if (len < sizeof(*record))
		return -EINVAL;
	if (len > KV_MSG_MAX)
		return -EMSGSIZE;
	if (copy_request(record, user, 0, sizeof(*record)))
		return -EFAULT;
	err = check_lengths(record, command, len);
	if (err)
		return err;
	err = record->op ? -EINVAL : kv_check_conditions(record, command->flags);
	if (err)
		return err;
	call->entry = NULL;
	call->key = call->buf;
	if (!command->stores)
		return copy_request(call->buf, user, sizeof(*record), record->key_len);
	call->entry = entry_from_user(record, user);
	if (IS_ERR(call->entry))
		return PTR_ERR(call->entry);
	call->key = call->entry->record.data;
	return 0;
}

/**
 * kv_sockset() - a setsockopt(2) call
 * @sk: socket
 * @word: one of ours
 * @user: the request
 * @len: bytes of it
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int kv_sockset(struct sock *sk, int word, sockptr_t user, unsigned int len)
{
	unsigned int index = word - kv_sockopt_base;
	const struct kv_set_command *command;
	struct set_call call __uninitialized;
	int err;

	if (index >= ARRAY_SIZE(set_commands))
		return -EOPNOTSUPP;
	command = &set_commands[array_index_nospec(index, ARRAY_SIZE(set_commands))];
	if (!kv_may_admin(sock_net(sk)))
		return -EPERM;
	err = call_from_user(&call, command, user, len);
	if (err)
		return err;
	call.store = kv_net_store(sock_net(sk));
	err = command->run(&call);
	if (call.entry)
		kv_entry_free(call.entry);
	return err;
}
