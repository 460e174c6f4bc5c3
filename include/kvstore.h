/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kvstore.h - what kvstore is to other kernel modules
 *
 * Each network namespace has a store of short values under short keys, which
 * users write with kvsh and kernel code reads here. There are three ways in:
 *
 *    by key        kv_get() and its typed sisters, from any context; kv_put(),
 *                  kv_delete(), kv_commit() where sleeping is allowed
 *    notification  a callback for each change of keys with a prefix
 *    declaration   a const table of parameters: the store refuses what does
 *                  not fit them, and keeps a struct of the module's own up to
 *                  date, so that the hot path reads a field of it
 *
 * docs/in-kernel.md walks through a module that does the last.
 *
 * A module that uses one of these functions depends on kvstore.ko, which cannot
 * be unloaded before it. The caller sees to it that @net lasts during a call.
 *
 * The writers of a namespace take turns under its writers' lock. Callbacks that
 * are said to run under it may sleep and may read, but may neither write,
 * declare nor register anything, in whatever namespace: that fails with EDEADLK
 * (or warns, where nothing is returned), and what has to follow belongs on a
 * work queue. No lock that a callback takes may be held around a call that
 * writes, declares or registers.
 */
#ifndef KVSTORE_H
#define KVSTORE_H

#include <linux/bug.h>
#include <linux/in6.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>

#include <kv_proto.h>

struct net;

/* Reads by key. They take no lock and write no shared memory. */

int kv_get_bytes(const struct net *net, const char *key, unsigned int key_len, void *buf,
		 unsigned int size);

/**
 * kv_get() - copy the value of a key
 * @net: network namespace
 * @key: key
 * @buf: @size bytes for the value, which no NUL byte follows
 * @size: with KV_VALUE_MAX no value is too long
 *
 * Private values are read like all others: who may see what is made of them is
 * for the caller to decide. A declared key that is not set is not there.
 *
 * Context: any, softirq and hardirq included.
 * Return: bytes of the value; -ENOENT; -ERANGE if it is longer than @size.
 */
static inline int kv_get(const struct net *net, const char *key, void *buf, unsigned int size)
{
	return kv_get_bytes(net, key, strlen(key), buf, size);
}

/*
 * Typed reads, as enum kv_type tells how each is written. A key that is missing
 * or has a value of another kind reads as @fallback. Context: any.
 */
u64 kv_get_u64(const struct net *net, const char *key, u64 fallback);
s64 kv_get_s64(const struct net *net, const char *key, s64 fallback);
bool kv_get_bool(const struct net *net, const char *key, bool fallback);
__be32 kv_get_ipv4(const struct net *net, const char *key, __be32 fallback);
struct in6_addr kv_get_ipv6(const struct net *net, const char *key, struct in6_addr fallback);
int kv_get_string(const struct net *net, const char *key, char *buf, unsigned int size,
		  const char *fallback);

/* Writes. No capability is asked for: that is for the caller to do. */

/**
 * struct kv_write - one record of a transaction
 * @op: KV_OP_PUT, KV_OP_DELETE or KV_OP_CHECK
 * @flags: KV_F_*, as <kv_proto.h> tells for each op
 * @key: key
 * @value: KV_OP_PUT: @len bytes
 * @len: 0 to KV_VALUE_MAX
 * @rev: with KV_F_IF_REV the revision that the key must have, else 0
 */
struct kv_write {
	enum kv_op op;
	unsigned int flags;
	const char *key;
	const void *value;
	unsigned int len;
	u64 rev;
};

#define KV_WRITES_MAX 4096	/* records of one transaction */

int kv_commit(struct net *net, const struct kv_write *writes, unsigned int count,
	      unsigned int *failed);
int kv_put(struct net *net, const char *key, const void *value, unsigned int len,
	   unsigned int flags);
int kv_delete(struct net *net, const char *key);

/* Notification */

/**
 * struct kv_notice - a change of one key
 * @net: network namespace
 * @key: key
 * @old: the value before, @old_len bytes; NULL if the key was not there
 * @old_len: bytes of it
 * @new: the value now, @new_len bytes; NULL if the key has been deleted
 * @new_len: bytes of it
 * @rev: revision of the change; those of one transaction have the same
 */
struct kv_notice {
	struct net *net;
	const char *key;
	const void *old;
	unsigned int old_len;
	const void *new;
	unsigned int new_len;
	u64 rev;
};

/**
 * struct kv_notifier - somebody to be told of changes
 * @prefix: of the keys; "" for all
 * @changed: called for each change, in the order of the changes, when all of its
 *           commit can be read and before the command that made it returns. In
 *           process context, under the writers' lock; the notice lasts during
 *           the call only
 * @net: set by kv_notifier_register()
 * @link: kvstore's
 */
struct kv_notifier {
	const char *prefix;
	void (*changed)(struct kv_notifier *notifier, const struct kv_notice *notice);
	struct net *net;
	struct list_head link;
};

int kv_notifier_register(struct net *net, struct kv_notifier *notifier);
void kv_notifier_unregister(struct kv_notifier *notifier);

/* Declared parameters */

/**
 * struct kv_string - a value of KV_TYPE_STRING, replaced under RCU
 * @rcu: kvstore's
 * @len: bytes of @text without the NUL byte at its end
 * @text: the value and a NUL byte
 */
struct kv_string {
	struct rcu_head rcu;
	unsigned int len;
	char text[];
};

/**
 * struct kv_ipv6 - a value of KV_TYPE_IPV6, replaced under RCU
 * @rcu: kvstore's
 * @addr: the address
 */
struct kv_ipv6 {
	struct rcu_head rcu;
	struct in6_addr addr;
};

struct kv_reason;

/**
 * struct kv_param - a declared parameter; a row of a const table
 * @name: its key
 * @type: what its value has to be
 * @offset: where its field stands in the module's struct
 * @size: bytes of the field
 * @min: U64: least value; STRING: fewest bytes
 * @max: U64: greatest value; STRING: most bytes. @min and @max belong together:
 *       both 0 are whatever the field holds, and one alone leaves the other at 0
 * @smin: S64: least value
 * @smax: S64: greatest value; the same
 * @choices: ENUM: its values, and NULL at the end; the field is the index
 * @def: the default, as it would be put; it has to pass all checks
 * @unit: NULL, or what is counted, such as "ms" or "packets/s"
 * @text: one line that says what it is
 * @check: NULL, or refuses what the type lets through. @value has a NUL byte at
 *         its end. Under the writers' lock. Returns 0 or what kv_refuse() gives
 * @show: NULL, or the parameter is read-only, for statistics and state: makes
 *        the value in @buf and returns its length, as scnprintf() does. Called
 *        under RCU in the context of whoever reads the key, softirq and hardirq
 *        included: must not sleep. @settings is that of kv_declare()
 *
 * To be filled in by the macros below, which check the type of the field.
 * Text beyond the limits, KV_TEXT_MAX and so on, is refused by kv_declare().
 */
struct kv_param {
	const char *name;
	enum kv_type type;
	u16 offset;
	u16 size;
	union {
		struct { u64 min, max; };
		struct { s64 smin, smax; };
	};
	const char *const *choices;
	const char *def;
	const char *unit;
	const char *text;
	int (*check)(const struct kv_param *param, const char *value, unsigned int len,
		     struct kv_reason *reason);
	int (*show)(const struct kv_param *param, const struct net *net, const void *settings,
		    char *buf, unsigned int size);
};

#define KV_UNIT_MAX 32		/* bytes */
#define KV_TEXT_MAX 256		/* bytes */
#define KV_CHOICES_MAX 256	/* bytes of all choices, with one between each */
#define KV_PARAMS_MAX 1024	/* parameters of one declaration */
#define KV_SHOW_MAX 128		/* bytes that @show has room for */

#define KV_FIELD(_struct, _field, _ok)						\
	.offset = offsetof(_struct, _field),					\
	.size = sizeof_field(_struct, _field) + BUILD_BUG_ON_ZERO(!(_ok))
#define KV_FIELD_TYPE(_struct, _field) typeof(((_struct *)0)->_field)
#define KV_IS_UINT(_type)							\
	(__same_type(_type, u8) || __same_type(_type, u16) || __same_type(_type, u32) || \
	 __same_type(_type, u64) || __same_type(_type, unsigned long))
#define KV_IS_INT(_type)							\
	(__same_type(_type, s8) || __same_type(_type, s16) || __same_type(_type, s32) || \
	 __same_type(_type, s64) || __same_type(_type, long))
#define KV_FIELD_IS(_struct, _field, _type)					\
	KV_FIELD(_struct, _field, __same_type(KV_FIELD_TYPE(_struct, _field), _type))

/*
 * KV_PARAM_*(name, struct, field, .def = ..., .text = ..., ...): rows of a
 * table. The field's type: any unsigned integer (in the machine's byte order);
 * any signed integer; bool; unsigned int; struct kv_string __rcu *; __be32;
 * struct kv_ipv6 __rcu *.
 * Integers change by one store of their size: read them with READ_ONCE().
 * (One of 8 bytes may tear on a 32-bit machine.)
 */
#define KV_PARAM_UINT(_name, _struct, _field, ...)				\
	{ .name = (_name), .type = KV_TYPE_U64,					\
	  KV_FIELD(_struct, _field, KV_IS_UINT(KV_FIELD_TYPE(_struct, _field))),	\
	  __VA_ARGS__ }
#define KV_PARAM_INT(_name, _struct, _field, ...)				\
	{ .name = (_name), .type = KV_TYPE_S64,					\
	  KV_FIELD(_struct, _field, KV_IS_INT(KV_FIELD_TYPE(_struct, _field))),	\
	  __VA_ARGS__ }
#define KV_PARAM_BOOL(_name, _struct, _field, ...)				\
	{ .name = (_name), .type = KV_TYPE_BOOL,				\
	  KV_FIELD_IS(_struct, _field, bool), __VA_ARGS__ }
#define KV_PARAM_ENUM(_name, _struct, _field, _choices, ...)			\
	{ .name = (_name), .type = KV_TYPE_ENUM, .choices = (_choices),		\
	  KV_FIELD_IS(_struct, _field, unsigned int), __VA_ARGS__ }
#define KV_PARAM_STRING(_name, _struct, _field, ...)				\
	{ .name = (_name), .type = KV_TYPE_STRING,				\
	  KV_FIELD_IS(_struct, _field, struct kv_string *), __VA_ARGS__ }
#define KV_PARAM_IPV4(_name, _struct, _field, ...)				\
	{ .name = (_name), .type = KV_TYPE_IPV4,				\
	  KV_FIELD_IS(_struct, _field, __be32), __VA_ARGS__ }
#define KV_PARAM_IPV6(_name, _struct, _field, ...)				\
	{ .name = (_name), .type = KV_TYPE_IPV6,				\
	  KV_FIELD_IS(_struct, _field, struct kv_ipv6 *), __VA_ARGS__ }
/* One that is read-only: no field, no default. @type is what is shown to be. */
#define KV_PARAM_SHOW(_name, _type, _show, ...)					\
	{ .name = (_name), .type = (_type), .show = (_show), __VA_ARGS__ }

/**
 * struct kv_update - a change of a module's parameters
 * @net: network namespace
 * @settings: the module's struct, as it is
 * @next: a copy of it, as it will be. Its strings and addresses last until
 *        commit() or abort() returns
 * @rev: revision of the commit; the store's, where it comes from kv_declare()
 * @prepared: for prepare() to leave something for commit() or abort()
 * @reason: for kv_refuse()
 */
struct kv_update {
	struct net *net;
	void *settings;
	const void *next;
	u64 rev;
	void *prepared;
	struct kv_reason *reason;
};

/**
 * struct kv_declaration - a module's parameters, and what it does when they change
 * @module: KBUILD_MODNAME
 * @params: table
 * @count: rows of it
 * @size: bytes of the struct that has the fields; it is copied for an update,
 *        so whatever else changes has its place beside it
 * @prepare: NULL, or does all that can fail: judges values that depend on one
 *           another, and allocates. Returns 0, what kv_refuse() gives, or -ENOMEM
 * @commit: NULL, or makes what was prepared the truth. When it is called the
 *          fields are written, and the store still shows the old values: a
 *          value that can be read is in effect
 * @abort: NULL, or frees what was prepared: somebody else refused
 * @release: NULL, or frees what @commit has published: the declaration has ended
 *           in the namespace, and a grace period has passed since. Not under
 *           the writers' lock
 *
 * @prepare, and then @commit or @abort, are called once for a commit, however
 * many parameters it changes, under the writers' lock. After a @prepare that
 * refuses, neither is: it has to leave nothing behind. kv_declare() does the
 * same, but asks again with defaults as long as @prepare refuses what was set
 * before.
 *
 * Fields change one by one: a hot path that must see several as they were put
 * together reads what @commit has published with rcu_assign_pointer().
 */
struct kv_declaration {
	const char *module;
	const struct kv_param *params;
	unsigned int count;
	size_t size;
	int (*prepare)(struct kv_update *update);
	void (*commit)(struct kv_update *update);
	void (*abort)(struct kv_update *update);
	void (*release)(struct net *net, void *settings);
};

__printf(3, 4)
int kv_refuse(struct kv_reason *reason, const struct kv_param *param, const char *format, ...);

int kv_declare(struct net *net, const struct kv_declaration *declaration, void *settings);
void kv_undeclare_begin(struct net *net, const struct kv_declaration *declaration);
void kv_undeclare(struct net *net, const struct kv_declaration *declaration);
bool kv_is_locked(const struct net *net);

int kv_declare_all(const struct kv_declaration *declaration, unsigned int *id);
void kv_undeclare_all(const struct kv_declaration *declaration, unsigned int id);
void *kv_settings(const struct net *net, unsigned int id);

#endif /* KVSTORE_H */
