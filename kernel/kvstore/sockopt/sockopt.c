// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command words: their range, and the set words. get.c has the get words.
 * Every command: permission, length, copy, validate, act.
 */
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/nospec.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/sock.h>

#include "compat.h"
#include "sockopt/call.h"

int kv_sockopt_base __ro_after_init;

/* Set words */

/**
 * struct set_call - a setsockopt() call
 * @store: store of the socket's namespace
 * @operation: the request as an operation
 * @entry: the entry of a put, or NULL
 */
struct set_call {
	struct kv_store *store;
	struct kv_operation operation;
	struct kv_entry *entry;
};

static int commit_one(struct set_call *call)
{
	struct kv_transaction txn = {
		.operations = &call->operation,
		.count = 1,
		.entry = call->entry,
	};

	return kv_store_commit(call->store, &txn);
}

static int seal(struct set_call *call)
{
	kv_store_seal(call->store);
	return 0;
}

/**
 * struct set_command - a row of the table of set words
 * @run: handler
 * @op: the operation that the request is; KV_OP_NONE: the request is all zero
 */
static const struct set_command {
	int (*run)(struct set_call *call);
	u8 op;
} set_commands[] = {
	[KV_SO_PUT - KV_SO_BASE] = { .run = commit_one, .op = KV_OP_PUT },
	[KV_SO_DELETE - KV_SO_BASE] = { .run = commit_one, .op = KV_OP_DELETE },
	[KV_SO_SEAL - KV_SO_BASE] = { .run = seal },
};

/* The most bytes of a request that has no value. */
#define KV_KEY_REQUEST_MAX (sizeof(struct kv_record) + KV_KEY_MAX)

/*
 * Copy in a request of @len bytes, as many of them as @size, and check it. A
 * longer request is malformed, which its head shows.
 */
static int operation_from_user(struct kv_operation *operation, u8 op, struct kv_record *record,
			       unsigned int size, sockptr_t user, unsigned int len)
{
	int err;

	if (copy_from_sockptr(record, user, min(len, size)))
		return -EFAULT;
	err = kv_lengths_check(record->key_len, record->value_len);
	if (err)
		return err;
	if (sizeof(*record) + record->key_len + record->value_len != len || record->op)
		return -EINVAL;
	kv_operation_init(operation, record);
	operation->op = op;
	if (op == KV_OP_NONE)
		return memchr_inv(record, 0, sizeof(*record)) ? -EINVAL : 0;
	return kv_operation_check(operation, true);
}

/* A put is copied to where its key and value stay. */
static int put_from_user(struct set_call *call, sockptr_t user, unsigned int len)
{
	unsigned int size = min_t(unsigned int, len, KV_KEY_REQUEST_MAX + KV_VALUE_MAX);
	bool waited = false;
	int err;

	call->entry = kv_entry_alloc(size - sizeof(struct kv_record), &waited);
	if (!call->entry)
		return -ENOMEM;
	err = operation_from_user(&call->operation, KV_OP_PUT, &call->entry->record, size, user,
				  len);
	if (err)	/* the value may be private */
		kfree_sensitive(call->entry);
	else
		kv_entry_init(call->entry, &call->operation);
	return err;
}

/* kv_sockset() of a word without a value. */
static noinline int set_key(const struct set_command *command, struct kv_store *store,
			    sockptr_t user, unsigned int len)
{
	u8 request[KV_KEY_REQUEST_MAX] __aligned(8) __uninitialized;
	struct set_call call = { .store = store };
	int err = operation_from_user(&call.operation, command->op, (void *)request,
				      sizeof(request), user, len);

	return err ? err : command->run(&call);
}

static int kv_sockset(struct sock *sk, int word, sockptr_t user, unsigned int len)
{
	unsigned int index = word - kv_sockopt_base;
	const struct set_command *command;
	struct set_call call __uninitialized;
	int err;

	if (index >= ARRAY_SIZE(set_commands))
		return -EOPNOTSUPP;
	command = &set_commands[array_index_nospec(index, ARRAY_SIZE(set_commands))];
	if (!kv_may_admin(sock_net(sk)))
		return -EPERM;
	if (len < sizeof(struct kv_record))
		return -EINVAL;
	if (len > KV_MSG_MAX)
		return -EMSGSIZE;
	call.store = kv_net_store(sock_net(sk));
	if (command->op != KV_OP_PUT)
		return set_key(command, call.store, user, len);
	err = put_from_user(&call, user, len);
	return err ? err : command->run(&call);
}

/* The range */

static struct nf_sockopt_ops sockopt_ops = {
	.pf = PF_INET,
	.set = kv_sockset,
	.get = kv_sockget,
	.owner = THIS_MODULE,
};

/**
 * kv_sockopt_register() - take the command words; from now on calls come in
 * @base: first of KV_SO_WORDS words
 *
 * Context: may sleep.
 * Return: 0; -EBUSY if another module has some of the words.
 */
int kv_sockopt_register(unsigned int base)
{
	kv_sockopt_base = base;
	sockopt_ops.set_optmin = base;
	sockopt_ops.set_optmax = base + KV_SO_WORDS;
	sockopt_ops.get_optmin = base;
	sockopt_ops.get_optmax = base + KV_SO_WORDS;
	return nf_register_sockopt(&sockopt_ops);
}

/**
 * kv_sockopt_unregister() - give the words back; no call is running afterwards
 *
 * Context: may sleep.
 */
void kv_sockopt_unregister(void)
{
	nf_unregister_sockopt(&sockopt_ops);
	kv_buffer_exit();
}
