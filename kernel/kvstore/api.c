// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interface for other modules, which <kvstore.h> documents. net.c has the
 * functions for all namespaces, sockopt/fastpath.c has kv_get_bytes().
 */
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

u64 kv_get_u64(const struct net *net, const char *key, u64 fallback)
{
	union kv_parsed parsed;

	return get_plain(net, key, KV_TYPE_U64, &parsed) ? parsed.u64 : fallback;
}
EXPORT_SYMBOL_GPL(kv_get_u64);

s64 kv_get_s64(const struct net *net, const char *key, s64 fallback)
{
	union kv_parsed parsed;

	return get_plain(net, key, KV_TYPE_S64, &parsed) ? parsed.s64 : fallback;
}
EXPORT_SYMBOL_GPL(kv_get_s64);

bool kv_get_bool(const struct net *net, const char *key, bool fallback)
{
	union kv_parsed parsed;

	return get_plain(net, key, KV_TYPE_BOOL, &parsed) ? parsed.u64 : fallback;
}
EXPORT_SYMBOL_GPL(kv_get_bool);

__be32 kv_get_ipv4(const struct net *net, const char *key, __be32 fallback)
{
	union kv_parsed parsed;

	return get_plain(net, key, KV_TYPE_IPV4, &parsed) ? parsed.ipv4 : fallback;
}
EXPORT_SYMBOL_GPL(kv_get_ipv4);

struct in6_addr kv_get_ipv6(const struct net *net, const char *key, struct in6_addr fallback)
{
	union kv_parsed parsed;

	return get_plain(net, key, KV_TYPE_IPV6, &parsed) ? parsed.ipv6 : fallback;
}
EXPORT_SYMBOL_GPL(kv_get_ipv6);

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

/* A number that is too large for its field becomes the maximum of the field, which is invalid. */
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
		/* A KV_OP_GET is invalid: kv_commit() returns no records. */
		if (!err && (writes[i].op == KV_OP_GET || (writes[i].len && !writes[i].value)))
			err = -EINVAL;
		if (err) {
			*failed = i;
			return err;
		}
	}
	return 0;
}

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

int kv_put(struct net *net, const char *key, const void *value, unsigned int len,
	   unsigned int flags)
{
	struct kv_write write = {
		.op = KV_OP_PUT, .flags = flags, .key = key, .value = value, .len = len,
	};

	return flags & KV_F_IF_REV ? -EINVAL : kv_commit(net, &write, 1, NULL);
}
EXPORT_SYMBOL_GPL(kv_put);

int kv_delete(struct net *net, const char *key)
{
	struct kv_write write = { .op = KV_OP_DELETE, .key = key };

	return kv_commit(net, &write, 1, NULL);
}
EXPORT_SYMBOL_GPL(kv_delete);

/* Notification */

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

void kv_notifier_unregister(struct kv_notifier *notifier)
{
	if (WARN_ON_ONCE(kv_in_callback()))
		return;
	kv_notifier_del(notifier->net ? kv_net_store(notifier->net)->params : NULL,
			notifier);
}
EXPORT_SYMBOL_GPL(kv_notifier_unregister);

/* Declared parameters */

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

int kv_declare(struct net *net, const struct kv_declaration *declaration, void *settings)
{
	if (kv_in_callback())
		return -EDEADLK;
	return kv_params_declare(kv_net_store(net)->params, declaration, settings);
}
EXPORT_SYMBOL_GPL(kv_declare);

void kv_undeclare_begin(struct net *net, const struct kv_declaration *declaration)
{
	if (WARN_ON_ONCE(kv_in_callback()))
		return;
	kv_params_undeclare_begin(kv_net_store(net)->params, declaration);
}
EXPORT_SYMBOL_GPL(kv_undeclare_begin);

void kv_undeclare(struct net *net, const struct kv_declaration *declaration)
{
	if (WARN_ON_ONCE(kv_in_callback()))
		return;
	kv_params_undeclare(kv_net_store(net)->params, declaration);
}
EXPORT_SYMBOL_GPL(kv_undeclare);

bool kv_is_locked(const struct net *net)
{
	return !IS_ENABLED(CONFIG_LOCKDEP) || lockdep_is_held(&kv_net_store(net)->lock);
}
EXPORT_SYMBOL_GPL(kv_is_locked);
