/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kvstore.h - the interface of kvstore for other kernel modules
 *
 * Each network namespace has a store of short values under short keys. Users
 * write them with kvsh, and kernel code reads them here. There are three ways:
 *
 *    by key        kv_get() and the typed reads, in any context; kv_put(),
 *                  kv_delete() and kv_commit(), which may sleep
 *    notification  a callback for each change of a key with a prefix
 *    declaration   a const table of parameters. The store refuses values that
 *                  do not fit the table, and keeps a struct of the module up
 *                  to date, so that the hot path reads a field
 *
 * docs/in-kernel.md explains a module that declares parameters.
 *
 * A module that calls these functions depends on kvstore.ko, which cannot be
 * unloaded before it. The caller ensures that @net lasts during a call.
 *
 * The writers of a namespace take turns: each holds the writers' lock of the
 * namespace, a mutex. Callbacks that run under it may sleep and may read. They
 * must not write, declare, undeclare, register or unregister, in any namespace:
 * such a call fails with -EDEADLK or, if it returns nothing, warns and does
 * nothing. Queue it on a workqueue instead. The caller of such a function must
 * not hold a lock that a callback takes.
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

/*
 * Reads by key
 *
 * They take no lock and write no shared memory. Private values are read like all
 * others. A declared key that is not set does not exist: only the module that
 * declared it has the default.
 */

/**
 * kv_get_bytes() - copy the value of a key whose length is given
 * @net: network namespace
 * @key: @key_len bytes
 * @key_len: bytes of the key
 * @buf: @size bytes for the value; no NUL byte is appended
 * @size: bytes of @buf; KV_VALUE_MAX is enough for any value
 *
 * Context: any, including softirq and hardirq.
 * Return: bytes of the value; -ENOENT if there is no such key; -ERANGE, with @buf
 * unchanged, if the value is longer than @size.
 */
int kv_get_bytes(const struct net *net, const char *key, unsigned int key_len, void *buf,
		 unsigned int size);

/**
 * kv_get() - copy the value of a key
 * @net: network namespace
 * @key: key
 * @buf: @size bytes for the value; no NUL byte is appended
 * @size: bytes of @buf; KV_VALUE_MAX is enough for any value
 *
 * Context: any, including softirq and hardirq.
 * Return: as kv_get_bytes().
 */
static inline int kv_get(const struct net *net, const char *key, void *buf, unsigned int size)
{
	return kv_get_bytes(net, key, strlen(key), buf, size);
}

/**
 * kv_get_u64() - read the value of a key as an unsigned number
 * @net: network namespace
 * @key: key
 * @fallback: returned if there is no such key, or its value is not KV_TYPE_U64
 *
 * enum kv_type says how the values of each type are written.
 *
 * Context: any, including softirq and hardirq.
 * Return: the number.
 */
u64 kv_get_u64(const struct net *net, const char *key, u64 fallback);

/**
 * kv_get_s64() - read the value of a key as a signed number
 * @net: network namespace
 * @key: key
 * @fallback: returned if there is no such key, or its value is not KV_TYPE_S64
 *
 * Context: any, including softirq and hardirq.
 * Return: the number.
 */
s64 kv_get_s64(const struct net *net, const char *key, s64 fallback);

/**
 * kv_get_bool() - read the value of a key as a boolean
 * @net: network namespace
 * @key: key
 * @fallback: returned if there is no such key, or its value is not KV_TYPE_BOOL
 *
 * Context: any, including softirq and hardirq.
 * Return: the boolean.
 */
bool kv_get_bool(const struct net *net, const char *key, bool fallback);

/**
 * kv_get_ipv4() - read the value of a key as an IPv4 address
 * @net: network namespace
 * @key: key
 * @fallback: returned if there is no such key, or its value is not KV_TYPE_IPV4
 *
 * Context: any, including softirq and hardirq.
 * Return: the address.
 */
__be32 kv_get_ipv4(const struct net *net, const char *key, __be32 fallback);

/**
 * kv_get_ipv6() - read the value of a key as an IPv6 address
 * @net: network namespace
 * @key: key
 * @fallback: returned if there is no such key, or its value is not KV_TYPE_IPV6
 *
 * Context: any, including softirq and hardirq.
 * Return: the address.
 */
struct in6_addr kv_get_ipv6(const struct net *net, const char *key, struct in6_addr fallback);

/**
 * kv_get_string() - copy the value of a key as a NUL-terminated string
 * @net: network namespace
 * @key: key
 * @buf: @size bytes for the string and a NUL byte
 * @size: bytes of @buf, at least 1
 * @fallback: used if there is no such key, or its value contains a NUL byte or does
 *            not fit
 *
 * Context: any, including softirq and hardirq.
 * Return: bytes of the string, without the NUL byte; -E2BIG if @fallback does not
 * fit and was truncated.
 */
int kv_get_string(const struct net *net, const char *key, char *buf, unsigned int size,
		  const char *fallback);

/*
 * Writes
 *
 * They check no capability: if they act for a user, the caller checks it.
 */

/**
 * struct kv_write - one operation of a transaction
 * @op: KV_OP_PUT, KV_OP_DELETE or KV_OP_CHECK
 * @flags: KV_F_*; <kv_proto.h> says which each op takes
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

#define KV_WRITES_MAX 4096	/* operations of one transaction */

/**
 * kv_commit() - do a transaction: all of its operations, as one change, or none
 * @net: network namespace
 * @writes: operations; each sees the results of those before it
 * @count: 1 to KV_WRITES_MAX
 * @failed: NULL; or out: index of the operation that was refused, @count if none was
 *
 * Context: may sleep; not in a callback.
 * Return: 0; otherwise nothing has changed: -EINVAL for a malformed operation or
 * @count; -ENAMETOOLONG or -EMSGSIZE for a key or value that is too long; an
 * operation's -EEXIST, -ENOENT, -ESTALE, -ENOSPC, -EDQUOT or -EDOM, see
 * <kv_proto.h>; -EROFS if the store is sealed; -ENOMEM; -EINTR if the task is being
 * killed; -EDEADLK in a callback.
 */
int kv_commit(struct net *net, const struct kv_write *writes, unsigned int count,
	      unsigned int *failed);

/**
 * kv_put() - store a value under a key
 * @net: network namespace
 * @key: key
 * @value: @len bytes
 * @len: 0 to KV_VALUE_MAX
 * @flags: KV_F_CREATE, KV_F_REPLACE, KV_F_PRIVATE
 *
 * Context: may sleep; not in a callback.
 * Return: as kv_commit().
 */
int kv_put(struct net *net, const char *key, const void *value, unsigned int len,
	   unsigned int flags);

/**
 * kv_delete() - delete a key; a declared key falls back to its default
 * @net: network namespace
 * @key: key
 *
 * Context: may sleep; not in a callback.
 * Return: as kv_commit(); -ENOENT if there is no such key.
 */
int kv_delete(struct net *net, const char *key);

/* Notification */

/**
 * struct kv_notice - a change of one key
 * @net: network namespace
 * @key: key
 * @old: the value before the commit, @old_len bytes; NULL if the key did not exist
 * @old_len: bytes of @old
 * @new: the value after the commit, @new_len bytes; NULL if the key was deleted
 * @new_len: bytes of @new
 * @rev: revision of the commit
 *
 * The values may be private, and no NUL byte follows them.
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
 * struct kv_notifier - a callback for changes
 * @prefix: called for keys that start with it; "" for all keys
 * @changed: called for each key that a commit has changed, in the order of the
 *           commits and of the operations in each, before the command that
 *           commits returns. All changes of the commit can be read by then.
 *           The notice is valid only during the call. Called in process context
 *           under the writers' lock; may sleep and read
 * @net: set by kv_notifier_register()
 * @link: private to kvstore
 */
struct kv_notifier {
	const char *prefix;
	void (*changed)(struct kv_notifier *notifier, const struct kv_notice *notice);
	struct net *net;
	struct list_head link;
};

/**
 * kv_notifier_register() - call a function for each change from now on
 * @net: network namespace, which must last until kv_notifier_unregister(); NULL:
 *       all namespaces, including future ones
 * @notifier: with prefix and changed set; lasts until kv_notifier_unregister()
 *
 * Context: may sleep; not in a callback.
 * Return: 0; -EINVAL for a prefix longer than KV_KEY_MAX; -EDEADLK in a callback.
 */
int kv_notifier_register(struct net *net, struct kv_notifier *notifier);

/**
 * kv_notifier_unregister() - undo kv_notifier_register()
 * @notifier: registered
 *
 * Waits for running callbacks: when this returns, none is running or will run.
 *
 * Context: may sleep; not in a callback.
 */
void kv_notifier_unregister(struct kv_notifier *notifier);

/* Declared parameters */

/**
 * struct kv_string - a value of KV_TYPE_STRING, replaced under RCU
 * @rcu: private to kvstore
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
 * @rcu: private to kvstore
 * @addr: the address
 */
struct kv_ipv6 {
	struct rcu_head rcu;
	struct in6_addr addr;
};

struct kv_reason;

/**
 * struct kv_param - a declared parameter: a row of a const table
 * @name: its key
 * @type: type of its values
 * @offset: offset of its field in the module's struct
 * @size: bytes of the field
 * @min: U64: least value; STRING: fewest bytes
 * @max: U64: greatest value; STRING: most bytes. If @min and @max are both 0, they
 *       are what the field can hold (STRING: 0 and KV_VALUE_MAX)
 * @smin: S64: least value
 * @smax: S64: greatest value. If @smin and @smax are both 0, they are what the
 *        field can hold
 * @choices: ENUM: its values, and NULL at the end; the field holds the index.
 *           A choice is not empty and contains no "|"
 * @def: the default, written like a value; must pass all checks
 * @unit: NULL, or the unit, such as "ms" or "packets/s"
 * @text: one line that describes the parameter to users
 * @check: NULL, or a further check of a value that fits type and bounds. @value has
 *         a NUL byte at its end. Returns 0, the result of kv_refuse(), or -ENOMEM;
 *         any other error is a refusal without a reason. Called in process context
 *         under the writers' lock; may sleep and read
 * @show: NULL; or the parameter is read-only, for statistics and state, and has
 *        neither @def nor @check: writes the value to @buf and returns its length,
 *        as scnprintf() does. @settings is the module's struct. Called under RCU in
 *        the context of the reader, which may be a softirq or hardirq; must not sleep
 *
 * Use the macros KV_PARAM_*() to fill it in: they check the type of the field.
 * kv_declare() refuses a table that breaks a rule above or a limit below.
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

#define KV_UNIT_MAX 32		/* bytes of a unit */
#define KV_TEXT_MAX 256		/* bytes of a text */
#define KV_CHOICES_MAX 256	/* bytes of all choices with a separator between them */
#define KV_PARAMS_MAX 1024	/* parameters of one declaration */
#define KV_SHOW_MAX 128		/* bytes of the buffer of show() */

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
 * KV_PARAM_*(name, struct, field, .def = ..., .text = ..., ...): rows of a table
 *
 *    macro   type of the field
 *    UINT    any unsigned integer, in host byte order
 *    INT     any signed integer, in host byte order
 *    BOOL    bool
 *    ENUM    unsigned int, the index in the choices, which follow the field
 *    STRING  struct kv_string __rcu *
 *    IPV4    __be32
 *    IPV6    struct kv_ipv6 __rcu *
 *
 * A field is written by one store. Read strings and IPv6 addresses with
 * rcu_dereference(), all others with READ_ONCE(). (An integer of 8 bytes may tear
 * on a 32-bit machine.)
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
/* A read-only parameter, without a field or a default. @_type: type of the shown value. */
#define KV_PARAM_SHOW(_name, _type, _show, ...)					\
	{ .name = (_name), .type = (_type), .show = (_show), __VA_ARGS__ }

/**
 * struct kv_update - a change of the parameters of one declaration
 * @net: network namespace
 * @settings: the module's struct; kvstore writes its fields after prepare() and
 *            before commit()
 * @next: a copy of the struct with the new values. Its strings and IPv6 addresses
 *        are valid until commit() or abort() returns
 * @rev: revision of the commit; in kv_declare(): the store's current revision
 * @prepared: prepare() may set it for commit() and abort(); NULL before
 * @reason: argument for kv_refuse()
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
 * struct kv_declaration - the parameters of a module, and its callbacks
 * @module: KBUILD_MODNAME
 * @params: table
 * @count: rows of the table, 1 to KV_PARAMS_MAX
 * @size: bytes of the struct that has the fields. The struct is copied for each
 *        update: keep other data that changes, such as counters, outside of it
 * @prepare: NULL, or does everything that can fail: checks values that depend on
 *           one another, and allocates memory. Returns 0, the result of kv_refuse(),
 *           or -ENOMEM; any other error is a refusal without a reason. If it fails,
 *           neither @commit nor @abort follows
 * @commit: NULL, or publishes what was prepared; cannot fail. The fields have the
 *          new values already, and the store still shows the old ones: so a value
 *          that can be read is in effect
 * @abort: NULL, or frees what was prepared, because another declaration in the same
 *         transaction has refused, or memory has run out
 * @release: NULL, or frees what @commit has published. The parameters are no longer
 *           declared in the namespace, and a grace period has passed. Called in
 *           process context without the writers' lock; may sleep. Must not call
 *           kv_declare_all() or kv_undeclare_all()
 *
 * @prepare, and then @commit or @abort, are called once for a commit, however many
 * of the parameters it changes. kv_declare() calls @prepare and @commit too. If
 * @prepare refuses values that were set before, kv_declare() calls it again with
 * defaults in their place.
 *
 * These three are called in process context under the writers' lock; they may sleep
 * and read.
 *
 * Fields are written one by one. A hot path that must see the fields of one commit
 * together reads an object that @commit publishes with rcu_assign_pointer().
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

/**
 * kv_refuse() - give the reason why a value is refused
 * @reason: the argument of check(), or the update's reason in prepare()
 * @param: the parameter at fault, which the user's error message names; NULL: none
 *         in particular
 * @format: a sentence without a capital letter or a full stop, such as "must be
 *          even"; truncated to KV_REASON_MAX bytes. Do not quote the value, which
 *          may be private
 *
 * Context: any.
 * Return: -EDOM, for the callback to return.
 */
__printf(3, 4)
int kv_refuse(struct kv_reason *reason, const struct kv_param *param, const char *format, ...);

/**
 * kv_declare() - declare parameters in a network namespace
 * @net: network namespace
 * @declaration: table and callbacks; lasts until kv_undeclare()
 * @settings: struct with the fields; lasts until kv_undeclare(). Strings and IPv6
 *            addresses must be NULL. Fields that are not in the table are not
 *            written
 *
 * When this returns, the fields hold the values that are set, or the defaults, and
 * commit() has been called. If a value that was set before is refused, kvstore logs
 * that, and the default is in effect until another value is put. From now on a
 * put that does not fit the table is refused with -EDOM.
 *
 * Call it before the module's readers start, or let them cope with zeroed fields.
 *
 * Context: may sleep; not in a callback.
 * Return: 0; -EINVAL for an invalid table or refused defaults, with the reason in
 * the kernel log; -EEXIST if one of the keys is declared already; -ENOMEM; -EDEADLK
 * in a callback.
 */
int kv_declare(struct net *net, const struct kv_declaration *declaration, void *settings);

/**
 * kv_undeclare_begin() - first half of kv_undeclare(), for the pre_exit of a namespace
 * @net: network namespace
 * @declaration: as declared
 *
 * The keys are no longer declared, and prepare(), commit(), abort() and check() are
 * not called any more; show() may still be running. Call it in
 * pernet_operations.pre_exit, and kv_undeclare() in exit: between the two the
 * kernel waits for a grace period, one for all namespaces that are destroyed
 * together.
 *
 * Context: may sleep; not in a callback.
 */
void kv_undeclare_begin(struct net *net, const struct kv_declaration *declaration);

/**
 * kv_undeclare() - undo kv_declare(); the values stay in the store
 * @net: network namespace
 * @declaration: as declared
 *
 * Waits for a grace period, unless kv_undeclare_begin() was called before. Then
 * frees strings and IPv6 addresses, sets their fields to NULL, and calls release().
 * The module's readers must be gone by then; the grace period ensures that for
 * readers under RCU, if no new ones start. All other fields keep their values.
 *
 * Context: may sleep; not in a callback.
 */
void kv_undeclare(struct net *net, const struct kv_declaration *declaration);

/**
 * kv_is_locked() - whether the writers' lock of a namespace is held, as in callbacks
 * @net: network namespace
 *
 * A condition for rcu_dereference_protected() and similar functions.
 *
 * Context: any.
 * Return: true if it is held; always true without lockdep.
 */
bool kv_is_locked(const struct net *net);

/**
 * kv_declare_all() - declare parameters in all network namespaces, present and future
 * @declaration: table and callbacks; lasts until kv_undeclare_all()
 * @id: out: a number for kv_settings()
 *
 * kvstore allocates a zeroed struct of declaration->size bytes for each namespace.
 * A new namespace in which the declaration fails is not created.
 *
 * In a new namespace the callbacks run before other modules have set up their part
 * of it. A module with pernet_operations of its own therefore calls kv_declare() in
 * its init.
 *
 * Context: may sleep; not in a callback.
 * Return: 0; or an error as of kv_declare(), and nothing is declared anywhere.
 */
int kv_declare_all(const struct kv_declaration *declaration, unsigned int *id);

/**
 * kv_undeclare_all() - undo kv_declare_all(); the values stay in the stores
 * @declaration: as declared
 * @id: the number from kv_declare_all()
 *
 * Waits for a grace period, frees the structs and calls release(): see
 * kv_undeclare().
 *
 * Context: may sleep; not in a callback.
 */
void kv_undeclare_all(const struct kv_declaration *declaration, unsigned int id);

/**
 * kv_settings() - the struct that kv_declare_all() has allocated for a namespace
 * @net: network namespace
 * @id: the number from kv_declare_all()
 *
 * Context: any; under RCU, which keeps the struct.
 * Return: the struct; NULL while the namespace is being created or destroyed.
 */
void *kv_settings(const struct net *net, unsigned int id);

#endif /* KVSTORE_H */
