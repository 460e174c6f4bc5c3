// SPDX-License-Identifier: GPL-2.0-only
/* What other modules call: include/kvstore.h; net.c has the rest of it */
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <kvstore.h>

#include "buffer.h"
#include "callback.h"
#include "compat.h"
#include "entry.h"
#include "net.h"
#include "notify.h"
#include "param.h"
#include "read.h"
#include "store.h"
#include "value.h"

/* Reads */

/**
 * kv_get_bytes() - kv_get() of a key that is counted
 * @net: network namespace
 * @key: @key_len bytes
 * @key_len: number of them
 * @buf: @size bytes for the value
 * @size: with KV_VALUE_MAX no value is too long
 *
 * Context: any.
 * Return: bytes of the value; -ENOENT; -ERANGE if it is longer than @size.
 */
int kv_get_bytes(const struct net *net, const char *key, unsigned int key_len, void *buf,
		 unsigned int size)
{
	struct kv_record found __uninitialized;
	int err;

	if (unlikely(!key_len || key_len > KV_KEY_MAX))
		return -ENOENT;
	err = kv_read(net, key, key_len, buf, size, &found);
	return err ? err : found.value_len;
}
EXPORT_SYMBOL_GPL(kv_get_bytes);

/* The value of a key that is text of the type; false if it is missing or is not. */
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
 * @fallback: what it is if there is no such key, or its value is not a number
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

/* kv_get_u64() of a number that may be negative. */
s64 kv_get_s64(const struct net *net, const char *key, s64 fallback)
{
	union kv_parsed parsed;

	return get_plain(net, key, KV_TYPE_S64, &parsed) ? parsed.s64 : fallback;
}
EXPORT_SYMBOL_GPL(kv_get_s64);

/* kv_get_u64() of a switch. */
bool kv_get_bool(const struct net *net, const char *key, bool fallback)
{
	union kv_parsed parsed;

	return get_plain(net, key, KV_TYPE_BOOL, &parsed) ? parsed.u64 : fallback;
}
EXPORT_SYMBOL_GPL(kv_get_bool);

/* kv_get_u64() of an IPv4 address. */
__be32 kv_get_ipv4(const struct net *net, const char *key, __be32 fallback)
{
	union kv_parsed parsed;

	return get_plain(net, key, KV_TYPE_IPV4, &parsed) ? parsed.ipv4 : fallback;
}
EXPORT_SYMBOL_GPL(kv_get_ipv4);

/* kv_get_u64() of an IPv6 address. */
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
 * @buf: where it goes, and a NUL byte behind it
 * @size: of @buf, 1 at least
 * @fallback: what it is if there is no such key, or its value has a NUL byte
 *            in it or does not fit
 *
 * Context: any.
 * Return: bytes of the string, without the NUL byte; -E2BIG if @fallback does
 * not fit and was cut.
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

static const unsigned int op_flags[] = {
	[KV_OP_PUT] = KV_F_CREATE | KV_F_REPLACE | KV_F_IF_REV | KV_F_PRIVATE,
	[KV_OP_DELETE] = KV_F_IF_REV,
	[KV_OP_CHECK] = KV_F_CREATE | KV_F_REPLACE | KV_F_IF_REV,
};

static int check_write(const struct kv_write *write)
{
	size_t key_len = strlen(write->key);

	if (write->op >= ARRAY_SIZE(op_flags) || !op_flags[write->op] ||
	    write->flags & ~op_flags[write->op] || !key_len ||
	    (write->flags & KV_F_CREATE && write->flags & (KV_F_REPLACE | KV_F_IF_REV)) ||
	    (write->rev && !(write->flags & KV_F_IF_REV)) ||
	    (write->op == KV_OP_CHECK && !write->flags) || (write->len && write->op != KV_OP_PUT))
		return -EINVAL;
	if (key_len > KV_KEY_MAX)
		return -ENAMETOOLONG;
	if (write->len > KV_VALUE_MAX)
		return -EMSGSIZE;
	return write->op != KV_OP_PUT || kv_key_valid(write->key, key_len) ? 0 : -EINVAL;
}

static int make_change(struct kv_change *change, const struct kv_write *write, bool *waited)
{
	unsigned int key_len = strlen(write->key);

	*change = (struct kv_change){
		.op = write->op,
		.flags = write->flags,
		.rev = write->rev,
		.key = write->key,
		.key_len = key_len,
	};
	if (write->op != KV_OP_PUT)
		return 0;
	change->entry = kv_entry_alloc(key_len, write->len, write->flags & KV_F_PRIVATE, waited);
	if (!change->entry)
		return -ENOMEM;
	memcpy(change->entry->record.data, write->key, key_len);
	memcpy(change->entry->record.data + key_len, write->value, write->len);
	return 0;
}

/**
 * kv_commit() - do a transaction: all of its records, as one change, or none
 * @net: network namespace
 * @writes: records; each sees what those before it did
 * @count: 1 to KV_WRITES_MAX
 * @failed: NULL, or where the index goes of the record that was refused; @count
 *          if the failure belongs to none
 *
 * Context: may sleep.
 * Return: 0, or nothing has changed and: -EINVAL for a record that is malformed,
 * -ENAMETOOLONG, -EMSGSIZE; a record's -EEXIST, -ENOENT, -ESTALE, -ENOSPC,
 * -EDQUOT or -EDOM, as <kv_proto.h> tells; -EROFS; -ENOMEM; -EINTR if the task
 * is being killed; -EDEADLK in a callback.
 */
int kv_commit(struct net *net, const struct kv_write *writes, unsigned int count,
	      unsigned int *failed)
{
	struct kv_transaction txn = { .count = count, .failed = KV_NO_RECORD };
	bool waited = false;
	unsigned int i;
	int err = 0;

	if (failed)
		*failed = count;
	if (kv_in_callback())
		return -EDEADLK;
	if (!count || count > KV_WRITES_MAX)
		return -EINVAL;
	txn.changes = kv_zalloc(array_size(count, sizeof(*txn.changes)));
	if (!txn.changes)
		return -ENOMEM;
	for (i = 0; i < count && !err; i++) {
		err = check_write(&writes[i]);
		if (err)
			txn.failed = i;
		else
			err = make_change(&txn.changes[i], &writes[i], &waited);
	}
	if (!err)
		err = kv_store_commit(kv_net_store(net), &txn);
	if (err && failed && txn.failed != KV_NO_RECORD)
		*failed = txn.failed;
	for (i = 0; i < count; i++)
		if (txn.changes[i].entry)
			kv_entry_free(txn.changes[i].entry);
	kvfree(txn.changes);
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
 * Return: as kv_commit().
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
 * kv_delete() - delete a key; one that is declared goes back to its default
 * @net: network namespace
 * @key: key
 *
 * Context: may sleep.
 * Return: as kv_commit(); -ENOENT if there is no such key.
 */
int kv_delete(struct net *net, const char *key)
{
	struct kv_write write = { .op = KV_OP_DELETE, .key = key };

	return kv_commit(net, &write, 1, NULL);
}
EXPORT_SYMBOL_GPL(kv_delete);

/* Notification */

/**
 * kv_notifier_register() - be told of changes from now on
 * @net: network namespace, which has to last until it is unregistered; NULL: all
 * @notifier: whom to tell; prefix and changed are set
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
	kv_notifier_add(net ? kv_net_store(net) : NULL, notifier);
	return 0;
}
EXPORT_SYMBOL_GPL(kv_notifier_register);

/**
 * kv_notifier_unregister() - be told no more; no callback is under way afterwards
 * @notifier: registered
 *
 * Context: may sleep; not in a callback.
 */
void kv_notifier_unregister(struct kv_notifier *notifier)
{
	if (WARN_ON_ONCE(kv_in_callback()))
		return;
	kv_notifier_del(notifier->net ? kv_net_store(notifier->net) : NULL, notifier);
}
EXPORT_SYMBOL_GPL(kv_notifier_unregister);

/* Declared parameters */

/**
 * kv_refuse() - say why a value is refused
 * @reason: as the callback was given it
 * @param: the parameter whose value it is, which the user's error then points
 *         at; NULL: no particular one
 * @format: a sentence without a capital or a full stop, such as "must be even";
 *          cut to KV_REASON_MAX bytes
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
 * kv_declare() - have the fields of a struct follow the values of keys
 * @net: network namespace
 * @declaration: table and callbacks; lasts until kv_undeclare()
 * @settings: the struct; lasts as long. Its strings and IPv6 addresses are NULL
 *            at first; other fields than those of the table are left alone
 *
 * When it returns, the fields are those of the values that are set, or of the
 * defaults, and commit() has been called. A value that was set before and is
 * refused is said in the kernel's log, and its default is in effect until
 * somebody puts another. The keys of the table belong to the module from now
 * on: what does not fit is refused with EDOM.
 *
 * To be called when the module's readers can cope with the fields as they are
 * (zeroed), or before there are any.
 *
 * Context: may sleep; not in a callback.
 * Return: 0; -EINVAL for a table that is wrong, said in the kernel's log, or
 * whose defaults are refused; -EEXIST if one of the keys is declared already;
 * -ENOMEM; -EDEADLK.
 */
int kv_declare(struct net *net, const struct kv_declaration *declaration, void *settings)
{
	if (kv_in_callback())
		return -EDEADLK;
	return kv_store_declare(kv_net_store(net), declaration, settings);
}
EXPORT_SYMBOL_GPL(kv_declare);

/**
 * kv_undeclare_begin() - the first half of kv_undeclare(), for the pre_exit of a namespace
 * @net: network namespace
 * @declaration: as declared
 *
 * The keys are no longer declared: no callback is called any more. To be called
 * in pernet_operations.pre_exit, with kv_undeclare() in exit: the grace period
 * that the kernel puts between them serves all namespaces that go together.
 *
 * Context: may sleep; not in a callback.
 */
void kv_undeclare_begin(struct net *net, const struct kv_declaration *declaration)
{
	if (WARN_ON_ONCE(kv_in_callback()))
		return;
	kv_store_undeclare_begin(kv_net_store(net), declaration);
}
EXPORT_SYMBOL_GPL(kv_undeclare_begin);

/**
 * kv_undeclare() - take kv_declare() back; the values stay in the store
 * @net: network namespace
 * @declaration: as declared
 *
 * Waits for a grace period, unless kv_undeclare_begin() was called before. Then
 * frees strings and IPv6 addresses, whose fields become NULL, and calls
 * release(): the readers of the hot path must be gone by then, as those are that
 * run under RCU and were stopped before. The fields of numbers stay as they are.
 *
 * Context: may sleep; not in a callback.
 */
void kv_undeclare(struct net *net, const struct kv_declaration *declaration)
{
	if (WARN_ON_ONCE(kv_in_callback()))
		return;
	kv_store_undeclare(kv_net_store(net), declaration);
}
EXPORT_SYMBOL_GPL(kv_undeclare);

/**
 * kv_is_locked() - whether the writers' lock of a namespace is held, as in callbacks
 * @net: network namespace
 *
 * For rcu_dereference_protected() and its like. Always true without lockdep.
 */
bool kv_is_locked(const struct net *net)
{
	return !IS_ENABLED(CONFIG_LOCKDEP) || lockdep_is_held(&kv_net_store(net)->lock);
}
EXPORT_SYMBOL_GPL(kv_is_locked);
