// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command words: their range, and the set words. get.c has the get words.
 * A set word checks permission and length, copies the request, validates it, and acts.
 */
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/nospec.h>
#include <linux/string.h>
#include <net/sock.h>

#include "compat.h"
#include "sockopt/call.h"

int kv_sockopt_base __ro_after_init;

/* Set words */

static int commit(struct kv_store *store, const struct kv_operation *operation)
{
	struct kv_transaction txn = { .operations = operation, .count = 1 };

	return kv_store_commit(store, &txn);
}

static int seal(struct kv_store *store, const struct kv_operation *operation)
{
	kv_store_seal(store);
	return 0;
}

/**
 * struct set_command - a row of the table of set words
 * @run: handler
 * @op: the operation of the request; KV_OP_NONE: the request must be all zero
 */
struct set_command {
	int (*run)(struct kv_store *store, const struct kv_operation *operation);
	u8 op;
};

static const struct set_command set_commands[] = {
	[KV_SO_PUT - KV_SO_BASE] = { .run = commit, .op = KV_OP_PUT },
	[KV_SO_DELETE - KV_SO_BASE] = { .run = commit, .op = KV_OP_DELETE },
	[KV_SO_SEAL - KV_SO_BASE] = { .run = seal },
};

/* The largest valid request. Only the head of a longer one is copied, which shows the error. */
#define KV_SET_MAX (sizeof(struct kv_record) + KV_KEY_MAX + KV_VALUE_MAX)

/* Check a request of @len bytes, and convert it to an operation. */
static int operation_of(struct kv_operation *operation, u8 op, const struct kv_record *record,
			unsigned int len)
{
	int err = kv_lengths_check(record->key_len, record->value_len);

	if (err)
		return err;
	if (sizeof(*record) + record->key_len + record->value_len != len || record->op)
		return -EINVAL;
	if (op == KV_OP_NONE)
		return memchr_inv(record, 0, sizeof(*record)) ? -EINVAL : 0;
	kv_operation_init(operation, record);
	operation->op = op;
	err = kv_operation_check(operation, true);
	return err ? err : kv_operation_check_key(operation);
}

static int kv_sockset(struct sock *sk, int word, sockptr_t user, unsigned int len)
{
	unsigned int index = word - kv_sockopt_base;
	u8 request[KV_SET_MAX] __aligned(8) __uninitialized;
	struct kv_operation operation __uninitialized;
	const struct set_command *command;
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
	if (copy_from_sockptr(request, user, len <= KV_SET_MAX ? len : sizeof(struct kv_record)))
		return -EFAULT;
	err = operation_of(&operation, command->op, (const struct kv_record *)request, len);
	if (!err)
		err = command->run(kv_net_store(sock_net(sk)), &operation);
	if (((const struct kv_record *)request)->flags & KV_F_PRIVATE)
		memzero_explicit(request, sizeof(request));
	return err;
}

/* The range */

static struct nf_sockopt_ops sockopt_ops = {
	.pf = PF_INET,
	.set = kv_sockset,
	.get = kv_sockget,
	.owner = THIS_MODULE,
};

/**
 * kv_sockopt_register() - register the command words; calls may come from now on
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
 * kv_sockopt_unregister() - unregister the command words, and free the spare buffers
 *
 * To be called when the module exits: a running call would pin it.
 *
 * Context: may sleep.
 */
void kv_sockopt_unregister(void)
{
	nf_unregister_sockopt(&sockopt_ops);
	kv_buffer_exit();
}
