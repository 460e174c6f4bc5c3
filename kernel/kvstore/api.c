// SPDX-License-Identifier: GPL-2.0-only
/* The interface for other modules, <kvstore.h>; net.c and sockopt/fastpath.c have the rest of it */
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/string.h>

#include <kvstore.h>

#include "compat.h"
#include "net.h"
#include "params/params.h"
#include "store/store.h"

/* Typed reads */

/* Read the value of a key as @type; false if it is missing or is not of that type. */
static bool get_plain(const struct net *net, const char *key, enum kv_type type,
		      union kv_parsed *parsed)
{
	char text[KV_PLAIN_MAX];
	int len = kv_get(net, key, text, sizeof(text));

	return len >= 0 && kv_value_parse(type, NULL, text, len, parsed);
}

/**
 * kv_get_u64() - the value of a key as a number
 * @net: network namespace
 * @key: key
 * @fallback: returned if there is no such key, or its value is not a number
 *
 * Context: any.
 * Return: the number.
 */
u64 kv_get_u64(const struct net *net, const char *key, u64 fallback)
{
	union kv_parsed parsed;

	return get_plain(net, key, KV_TYPE_U64, &parsed) ? parsed.u64 : fallback;
}
EXPORT_SYMBOL_GPL(kv_get_u64);

/* Like kv_get_u64(), of a number that may be negative. */
s64 kv_get_s64(const struct net *net, const char *key, s64 fallback)
{
	union kv_parsed parsed;

	return get_plain(net, key, KV_TYPE_S64, &parsed) ? parsed.s64 : fallback;
}
EXPORT_SYMBOL_GPL(kv_get_s64);

/* Like kv_get_u64(), of a boolean. */
bool kv_get_bool(const struct net *net, const char *key, bool fallback)
{
	union kv_parsed parsed;

	return get_plain(net, key, KV_TYPE_BOOL, &parsed) ? parsed.u64 : fallback;
}
EXPORT_SYMBOL_GPL(kv_get_bool);

/* Like kv_get_u64(), of an IPv4 address. */
__be32 kv_get_ipv4(const struct net *net, const char *key, __be32 fallback)
{
	union kv_parsed parsed;

	return get_plain(net, key, KV_TYPE_IPV4, &parsed) ? parsed.ipv4 : fallback;
}
EXPORT_SYMBOL_GPL(kv_get_ipv4);

/* Like kv_get_u64(), of an IPv6 address. */
struct in6_addr kv_get_ipv6(const struct net *net, const char *key, struct in6_addr fallback)
{
	union kv_parsed parsed;

	return get_plain(net, key, KV_TYPE_IPV6, &parsed) ? parsed.ipv6 : fallback;
}
EXPORT_SYMBOL_GPL(kv_get_ipv6);

/**
 * kv_get_string() - the value of a key as a string
 * @net: network namespace
 * @key: key
 * @buf: @size bytes for the string and a NUL byte
 * @size: 1 at least
 * @fallback: used if there is no such key, or its value contains a NUL byte or does
 *            not fit
 *
 * Context: any.
 * Return: bytes of the string, without the NUL byte; -E2BIG if @fallback does not
 * fit and was truncated.
 */
int kv_get_string(const struct net *net, const char *key, char *buf, unsigned int size,
		  const char *fallback)
{
	int len;

	if (WARN_ON_ONCE(!size))
		return -EINVAL;
	len = kv_get(net, key, buf, size - 1);
	if (len < 0 || memchr(buf, '\0', len))
		return strscpy(buf, fallback, size);
	buf[len] = '\0';
	return len;
}
EXPORT_SYMBOL_GPL(kv_get_string);

/* Writes */

/* A number that is too large for its field becomes its maximum, which is always invalid. */
static void operation_of(struct kv_operation *operation, const struct kv_write *write)
{
	*operation = (struct kv_operation){
		.op = min_t(unsigned int, write->op, U8_MAX),
		.flags = min_t(unsigned int, write->flags, U8_MAX),
		.key_len = min_t(size_t, strlen(write->key), U16_MAX),
		.value_len = min_t(unsigned int, write->len, U16_MAX),
		.rev = write->rev,
		.key = write->key,
		.value = write->value,
	};
}

/* Make and check the operations; on failure, @failed is the index of the one at fault. */
static int make_operations(struct kv_operation *operations, const struct kv_write *writes,
			   unsigned int count, u32 *failed)
{
	unsigned int i;
	int err;

	for (i = 0; i < count; i++) {
		operation_of(&operations[i], &writes[i]);
		err = kv_operation_check(&operations[i], count == 1);
		if (!err)
			err = kv_operation_check_key(&operations[i]);
		/* Nothing would receive the record of a KV_OP_GET. */
		if (!err && (writes[i].op == KV_OP_GET || (writes[i].len && !writes[i].value)))
			err = -EINVAL;
		if (err) {
			*failed = i;
			return err;
		}
	}
	return 0;
}

/**
 * kv_commit() - do a transaction: all of its operations, as one change, or none
 * @net: network namespace
 * @writes: operations; each sees what the ones before it did
 * @count: 1 to KV_WRITES_MAX
 * @failed: NULL; or out: index of the operation that was refused, @count if none was
 *
 * Context: may sleep.
 * Return: 0; otherwise nothing has changed: -EINVAL for a malformed operation;
 * -ENAMETOOLONG, -EMSGSIZE; an operation's -EEXIST, -ENOENT, -ESTALE, -ENOSPC,
 * -EDQUOT or -EDOM, see <kv_proto.h>; -EROFS; -ENOMEM; -EINTR if the task is
 * being killed; -EDEADLK in a callback.
 */
int kv_commit(struct net *net, const struct kv_write *writes, unsigned int count,
	      unsigned int *failed)
{
	struct kv_transaction txn = { .count = count, .failed = KV_NO_RECORD };
	struct kv_operation *operations;
	int err;

	if (failed)
		*failed = count;
	if (kv_in_callback())
		return -EDEADLK;
	if (!count || count > KV_WRITES_MAX)
		return -EINVAL;
	operations = kv_zalloc(array_size(count, sizeof(*operations)));
	if (!operations)
		return -ENOMEM;
	txn.operations = operations;
	err = make_operations(operations, writes, count, &txn.failed);
	if (!err)
		err = kv_store_commit(kv_net_store(net), &txn);
	if (err && failed && txn.failed != KV_NO_RECORD)
		*failed = txn.failed;
	kvfree(operations);
	return err;
}
EXPORT_SYMBOL_GPL(kv_commit);

/**
 * kv_put() - store a value under a key
 * @net: network namespace
 * @key: key
 * @value: @len bytes
 * @len: 0 to KV_VALUE_MAX
 * @flags: KV_F_CREATE, KV_F_REPLACE, KV_F_PRIVATE
 *
 * Context: may sleep.
 * Return: like kv_commit().
 */
int kv_put(struct net *net, const char *key, const void *value, unsigned int len,
	   unsigned int flags)
{
	struct kv_write write = {
		.op = KV_OP_PUT, .flags = flags, .key = key, .value = value, .len = len,
	};

	return flags & KV_F_IF_REV ? -EINVAL : kv_commit(net, &write, 1, NULL);
}
EXPORT_SYMBOL_GPL(kv_put);

/**
 * kv_delete() - delete a key; a declared key returns to its default
 * @net: network namespace
 * @key: key
 *
 * Context: may sleep.
 * Return: like kv_commit(); -ENOENT if there is no such key.
 */
int kv_delete(struct net *net, const char *key)
{
	struct kv_write write = { .op = KV_OP_DELETE, .key = key };

	return kv_commit(net, &write, 1, NULL);
}
EXPORT_SYMBOL_GPL(kv_delete);

/* Notification */

/**
 * kv_notifier_register() - call a function for each change from now on
 * @net: network namespace, which has to last until kv_notifier_unregister(); NULL:
 *       all namespaces
 * @notifier: with prefix and changed set
 *
 * Context: may sleep.
 * Return: 0; -EINVAL for a prefix that is longer than a key; -EDEADLK in a callback.
 */
int kv_notifier_register(struct net *net, struct kv_notifier *notifier)
{
	if (strlen(notifier->prefix) > KV_KEY_MAX)
		return -EINVAL;
	if (kv_in_callback())
		return -EDEADLK;
	notifier->net = net;
	kv_notifier_add(net ? kv_net_store(net)->params : NULL, notifier);
	return 0;
}
EXPORT_SYMBOL_GPL(kv_notifier_register);

/**
 * kv_notifier_unregister() - undo kv_notifier_register(); no callback is running afterwards
 * @notifier: registered
 *
 * Context: may sleep; not in a callback.
 */
void kv_notifier_unregister(struct kv_notifier *notifier)
{
	if (WARN_ON_ONCE(kv_in_callback()))
		return;
	kv_notifier_del(notifier->net ? kv_net_store(notifier->net)->params : NULL,
			notifier);
}
EXPORT_SYMBOL_GPL(kv_notifier_unregister);

/* Declared parameters */

/**
 * kv_refuse() - say why a value is refused
 * @reason: the argument of the callback
 * @param: the parameter at fault, which the user's error message then points at;
 *         NULL: none in particular
 * @format: a sentence without a capital or a full stop, such as "must be even";
 *          truncated to KV_REASON_MAX bytes
 *
 * Context: any.
 * Return: -EDOM, for the callback to return.
 */
int kv_refuse(struct kv_reason *reason, const struct kv_param *param, const char *format, ...)
{
	va_list args;
	int err;

	va_start(args, format);
	err = kv_vrefuse(reason, param, format, args);
	va_end(args);
	return err;
}
EXPORT_SYMBOL_GPL(kv_refuse);

/**
 * kv_declare() - let the fields of a struct follow the values of keys
 * @net: network namespace
 * @declaration: table and callbacks; lasts until kv_undeclare()
 * @settings: the struct; lasts as long. Its strings and IPv6 addresses are NULL at
 *            first; fields that are not in the table are not touched
 *
 * When this returns, the fields hold the values that are set, or the defaults, and
 * commit() has been called. If a value that was set before is refused, that is
 * logged, and the default is in effect until another value is put. From now on a
 * put that does not fit the table is refused with EDOM.
 *
 * To be called when the module's readers can cope with zeroed fields, or before
 * there are readers.
 *
 * Context: may sleep; not in a callback.
 * Return: 0; -EINVAL for an invalid table, which is logged, or refused defaults;
 * -EEXIST if one of the keys is declared already; -ENOMEM; -EDEADLK.
 */
int kv_declare(struct net *net, const struct kv_declaration *declaration, void *settings)
{
	if (kv_in_callback())
		return -EDEADLK;
	return kv_params_declare(kv_net_store(net)->params, declaration, settings);
}
EXPORT_SYMBOL_GPL(kv_declare);

/**
 * kv_undeclare_begin() - the first half of kv_undeclare(), for the pre_exit of a namespace
 * @net: network namespace
 * @declaration: as declared
 *
 * The keys are no longer declared, and no callback is called any more. To be called
 * in pernet_operations.pre_exit, with kv_undeclare() in exit: the kernel waits for
 * one grace period between them, for all namespaces that go together.
 *
 * Context: may sleep; not in a callback.
 */
void kv_undeclare_begin(struct net *net, const struct kv_declaration *declaration)
{
	if (WARN_ON_ONCE(kv_in_callback()))
		return;
	kv_params_undeclare_begin(kv_net_store(net)->params, declaration);
}
EXPORT_SYMBOL_GPL(kv_undeclare_begin);

/**
 * kv_undeclare() - undo kv_declare(); the values stay in the store
 * @net: network namespace
 * @declaration: as declared
 *
 * Waits for a grace period, unless kv_undeclare_begin() was called before. Then
 * frees strings and IPv6 addresses, whose fields become NULL, and calls release().
 * By then the module's readers must be gone: readers under RCU are, if no new ones
 * start. The fields of numbers keep their values.
 *
 * Context: may sleep; not in a callback.
 */
void kv_undeclare(struct net *net, const struct kv_declaration *declaration)
{
	if (WARN_ON_ONCE(kv_in_callback()))
		return;
	kv_params_undeclare(kv_net_store(net)->params, declaration);
}
EXPORT_SYMBOL_GPL(kv_undeclare);

/**
 * kv_is_locked() - whether the writers' lock of a namespace is held, as in callbacks
 * @net: network namespace
 *
 * For rcu_dereference_protected() and the like. Always true without lockdep.
 *
 * Context: any.
 */
bool kv_is_locked(const struct net *net)
{
	return !IS_ENABLED(CONFIG_LOCKDEP) || lockdep_is_held(&kv_net_store(net)->lock);
}
EXPORT_SYMBOL_GPL(kv_is_locked);
