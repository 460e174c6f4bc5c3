/* SPDX-License-Identifier: MIT */
/*
 * kv.h - libkv, the C client library of the kvstore kernel module
 *
 *	struct kv *kv;
 *	char mtu[KV_VALUE_MAX + 1];
 *	ssize_t len;
 *	int err = kv_open(&kv);
 *
 *	if (err)
 *		errx(1, "%s", kv_strerror(err));
 *	kv_put(kv, "net.eth0.mtu", "1500", 4, 0, 0);
 *	len = kv_get(kv, "net.eth0.mtu", mtu, sizeof(mtu), NULL);
 *	kv_close(kv);
 *
 * Results: 0 or a count on success, otherwise a negative errno, which kv_strerror()
 * turns into a sentence. <kv_proto.h> has the table of errors; the comments here name
 * those that the library adds or that a caller is likely to handle. The library does
 * not use errno to return errors.
 *
 * Threads: a handle has no lock. Use one handle per thread, or let only one thread at
 * a time use a handle and its cached keys. Different handles are independent. The
 * functions may not be called in signal handlers.
 *
 * Namespaces: a handle accesses the store of the network namespace that the calling
 * thread was in when it opened the handle.
 *
 * Keys are NUL-terminated strings. Values have a length and may contain any bytes.
 */
#ifndef KV_H
#define KV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <kv_proto.h>

#ifdef __cplusplus
extern "C" {
#endif

/** struct kv - a handle on the store of one network namespace */
struct kv;

/**
 * struct kv_item - a key and its value
 * @key: the key, NUL-terminated
 * @value: @value_len bytes, and a NUL byte after them
 * @value_len: 0 to KV_VALUE_MAX
 * @flags: KV_F_PRIVATE, KV_F_DECLARED, KV_F_WITHHELD
 * @rev: revision of the last change
 *
 * KV_F_WITHHELD: a listing or a watch omitted the value (@value_len is 0), because it
 * is private and the caller may not read it.
 */
struct kv_item {
	const char *key;
	const void *value;
	size_t value_len;
	unsigned int flags;
	uint64_t rev;
};

/**
 * kv_open() - open a handle on the store of the current network namespace
 * @kv: out: the handle; NULL on error
 *
 * Reads the module's parameter opt_base from sysfs, and compares its KV_ABI with that
 * of the library.
 *
 * Return: 0; -ENOPROTOOPT if the module is not loaded; -EPROTONOSUPPORT if it has
 * another KV_ABI; -ENOMEM, -EMFILE and other errors of socket(2).
 */
int kv_open(struct kv **kv);

/**
 * kv_close() - close a handle, and remove its cached keys
 * @kv: from kv_open(), or NULL
 */
void kv_close(struct kv *kv);

/**
 * kv_put() - store a value under a key
 * @kv: handle
 * @key: key
 * @value: @len bytes; may be NULL if @len is 0
 * @len: 0 to KV_VALUE_MAX
 * @flags: KV_F_PRIVATE and the conditions KV_F_CREATE, KV_F_REPLACE, KV_F_IF_REV
 * @rev: with KV_F_IF_REV the revision that the key must have, otherwise 0
 *
 * If a kernel module refuses the value (-EDOM), kv_reason() returns the reason.
 *
 * Return: 0 or a negative errno. If the call failed, nothing has changed, except that
 * -EFAULT, or an errno of a BPF program on the socket, may come after the change.
 */
int kv_put(struct kv *kv, const char *key, const void *value, size_t len, unsigned int flags,
	   uint64_t rev);

/**
 * kv_get() - get the value of a key
 * @kv: handle
 * @key: key
 * @buf: @size bytes for the value; a NUL byte follows it if there is room
 * @size: KV_VALUE_MAX is enough for any value
 * @item: NULL, or out: the item, whose key is @key and whose value is @buf
 *
 * Return: the value's length; -ENOENT; -EPERM if the value is private and the caller
 * may not read it; -ERANGE if it is longer than @size. On error, @buf and @item are
 * unchanged.
 */
ssize_t kv_get(struct kv *kv, const char *key, void *buf, size_t size, struct kv_item *item);

/**
 * kv_delete() - delete a key, or all keys that start with it
 * @kv: handle
 * @key: key; with KV_F_PREFIX a prefix, which may not be empty
 * @flags: 0, KV_F_IF_REV or KV_F_PREFIX
 * @rev: with KV_F_IF_REV the revision that the key must have, otherwise 0
 *
 * If a kernel module refuses the default of a key (-EDOM), kv_reason() returns the
 * reason.
 *
 * Return: 0; -ENOENT if there was nothing to delete; or another negative errno, as of
 * kv_put().
 */
int kv_delete(struct kv *kv, const char *key, unsigned int flags, uint64_t rev);

/**
 * typedef kv_list_fn - called for each key of a listing, or KV_OP_GET of a transaction
 * @item: valid during the call only
 * @arg: argument of kv_list() or kv_transaction_commit()
 *
 * In a listing, must not use the handle.
 *
 * Return: 0 to continue; any other value ends the listing and becomes its result.
 */
typedef int kv_list_fn(const struct kv_item *item, void *arg);

/**
 * kv_list() - call a function for each key that starts with a prefix
 * @kv: handle
 * @prefix: prefix; NULL or "" for all keys
 * @fn: called in no particular order of keys
 * @arg: passed to @fn
 * @rev: NULL, or out: the revision of the store that the listing is a snapshot of;
 *       UINT64_MAX if it is not a snapshot, because the store changed meanwhile
 *
 * Snapshot or not: a key that exists during the whole listing is seen exactly once, and
 * no key is seen twice.
 *
 * Return: 0; the result of @fn if that is not 0; or a negative errno, such as -EPROTO
 * if a reply is malformed.
 */
int kv_list(struct kv *kv, const char *prefix, kv_list_fn *fn, void *arg, uint64_t *rev);

/**
 * kv_info() - get the limits and counters of the store
 * @kv: handle
 * @info: out; fields that an older module does not have are zero
 *
 * Return: 0 or a negative errno.
 */
int kv_info(struct kv *kv, struct kv_info *info);

/**
 * kv_seal() - make the store read-only until the module is unloaded
 * @kv: handle
 *
 * Return: 0 or a negative errno.
 */
int kv_seal(struct kv *kv);

/**
 * typedef kv_update_fn - computes a new value from the old one
 * @old: the old value, with a NUL byte after it; NULL if there is no such key
 * @old_len: bytes of @old
 * @value: KV_VALUE_MAX bytes for the new value
 * @arg: argument of kv_update()
 *
 * May be called several times.
 *
 * Return: the new value's length; or a negative errno, to change nothing.
 */
typedef ssize_t kv_update_fn(const void *old, size_t old_len, void *value, void *arg);

/**
 * kv_update() - replace a value by one that is computed from it, atomically
 * @kv: handle
 * @key: key
 * @fn: computes the new value; called again if another change came in between
 * @arg: passed to @fn
 *
 * A private value stays private.
 *
 * Return: 0; the result of @fn if that is negative; or a negative errno.
 */
int kv_update(struct kv *kv, const char *key, kv_update_fn *fn, void *arg);

/**
 * struct kv_transaction - records of a transaction
 *
 * Does not belong to a handle. Has copies of keys and values.
 */
struct kv_transaction;

/** kv_transaction_new() - make an empty transaction; NULL if there is no memory */
struct kv_transaction *kv_transaction_new(void);

/** kv_transaction_free() - wipe and free a transaction, or NULL */
void kv_transaction_free(struct kv_transaction *txn);

/**
 * kv_transaction_add() - append a record
 * @txn: transaction
 * @op: KV_OP_GET, KV_OP_PUT, KV_OP_DELETE or KV_OP_CHECK
 * @key: key
 * @value: @len bytes, for KV_OP_PUT
 * @len: 0 to KV_VALUE_MAX
 * @flags: KV_F_*, see KV_SO_TXN in <kv_proto.h>
 * @rev: with KV_F_IF_REV the revision, otherwise 0
 *
 * Return: the record's index; -EMSGSIZE if the value is too long, or the transaction
 * would be longer than KV_MSG_MAX; -ENAMETOOLONG; -EINVAL if @flags is over 255. On
 * error, the transaction is unchanged. All else is checked by
 * kv_transaction_commit().
 */
int kv_transaction_add(struct kv_transaction *txn, enum kv_op op, const char *key,
		       const void *value, size_t len, unsigned int flags, uint64_t rev);

/** kv_transaction_count() - number of records of a transaction */
unsigned int kv_transaction_count(const struct kv_transaction *txn);

/** kv_transaction_room() - bytes of key and value that fit in one more record; 0 if none do */
size_t kv_transaction_room(const struct kv_transaction *txn);

/**
 * kv_transaction_commit() - do all operations of a transaction, or none
 * @kv: handle
 * @txn: transaction; unchanged, and may be committed again
 * @fn: called for each KV_OP_GET in order, with a rev of 0 and no flags if there is no
 *      such key; may be NULL
 * @arg: passed to @fn
 * @rev: NULL, or out: the store's revision after the transaction
 * @failed: NULL, or out: index of the refused record; -1 if no record was refused
 *
 * Return: 0; the result of @fn if that is not 0, after the transaction was done; or a
 * negative errno, as of kv_put(): that of the refused record, or -ERANGE if the reply
 * would be longer than KV_MSG_MAX.
 */
int kv_transaction_commit(struct kv *kv, const struct kv_transaction *txn, kv_list_fn *fn,
			  void *arg, uint64_t *rev, int *failed);

/**
 * kv_watch() - get a descriptor that reports changes after a revision
 * @kv: handle; the descriptor does not depend on it
 * @prefix: prefix of the keys; NULL or "" for all keys
 * @rev: revision, from kv_list() or kv_info() to miss nothing since then
 *
 * The descriptor can be polled, read by kv_watch_read(), and closed by close(2).
 *
 * Return: the descriptor or a negative errno.
 */
int kv_watch(struct kv *kv, const char *prefix, uint64_t rev);

/**
 * typedef kv_watch_fn - called for each change
 * @op: KV_OP_PUT; KV_OP_DELETE, without a value; or KV_OP_COMPACTED, with "" as key:
 *      changes up to @item->rev may have been missed, so list the keys again
 * @item: valid during the call only
 * @arg: argument of kv_watch_read()
 *
 * Return: 0 or more to continue; a negative number ends the read and becomes its
 * result.
 */
typedef int kv_watch_fn(enum kv_op op, const struct kv_item *item, void *arg);

/**
 * kv_watch_read() - read changes, and call a function for each
 * @fd: from kv_watch()
 * @fn: called in the order of the changes
 * @arg: passed to @fn
 *
 * Waits for a change unless the descriptor is non-blocking.
 *
 * Return: the number of changes, at least 1; 0 if the namespace has been deleted;
 * -EAGAIN; -EINTR; or the result of @fn if that is negative. In that case, the changes
 * that were read together with this one and follow it are lost.
 */
int kv_watch_read(int fd, kv_watch_fn *fn, void *arg);

/**
 * struct kv_cached - a cached key: a key of a handle and a copy of its value
 *
 * For keys that are read often: as long as the store does not change, a read returns
 * the copy and makes no system call. The kernel shows the store's revision in a page
 * that the handle maps (see KV_SO_WATCH). A copy is valid as long as the page shows the
 * same revision as before the copy was fetched. A change of any key invalidates all
 * copies.
 *
 * A cached key belongs to its handle and so to its namespace, which is not deleted while
 * the handle is open. The rule of one thread at a time applies to each read of a cached
 * key. After fork(2), parent and child have cached keys of their own.
 */
struct kv_cached;

/**
 * kv_cache_add() - add a cached key to a handle
 * @kv: handle, which has to stay open
 * @key: key, which need not exist
 * @cached: out: the cached key, about 1300 bytes; NULL on error
 *
 * Does not fetch the value yet. As long as a handle has cached keys, they use one of
 * the namespace's watches together, and the module cannot be unloaded.
 *
 * Return: 0; -ENFILE if the namespace has no watch left; -EMFILE; -ENOMEM;
 * -ENAMETOOLONG.
 */
int kv_cache_add(struct kv *kv, const char *key, struct kv_cached **cached);

/**
 * kv_cache_get() - get the value of a cached key
 * @cached: cached key
 * @item: out: the copy, valid until the key is read again or removed; NULL on error
 *
 * The value is not older than any change whose call had returned before this call.
 * Reads of a cached key never go back to an older value. After a read of one cached key,
 * reads of other cached keys return what was stored when that value was put, or newer
 * values. But several reads are not a snapshot, as those of a transaction are. kv_get()
 * may show a change shortly before kv_cache_get() does, while the call that makes the
 * change has not returned yet.
 *
 * -ENOENT is cached like a value. Other errors are not cached, nor are values that a
 * module computes (KV_D_READONLY), which change without a new revision. So a process that
 * gains the capability to read a private value gets the value at once, but one that
 * loses the capability gets the copy until it is fetched again.
 *
 * Declaring or undeclaring a key does not change the revision. If a module declares a
 * key as read-only, the old copy, or -ENOENT, is returned until the store changes.
 * KV_F_DECLARED has its state from when the copy was fetched.
 *
 * Return: 0; -ENOENT; or another error of kv_get(), except -ERANGE.
 */
int kv_cache_get(struct kv_cached *cached, const struct kv_item **item);

/**
 * kv_cache_remove() - remove a cached key from its handle
 * @cached: from kv_cache_add(), or NULL
 *
 * A copy is wiped when the key is removed or the copy is replaced: it may be private.
 */
void kv_cache_remove(struct kv_cached *cached);

/**
 * struct kv_param - a key that a kernel module has declared
 * @key: the key
 * @type: type of its value
 * @flags: KV_D_SET, KV_D_READONLY, KV_D_REFUSED, KV_D_PRIVATE, KV_D_WITHHELD
 * @value: the value in effect, @value_len bytes and a NUL byte; NULL with
 *         KV_D_WITHHELD: it is private and the caller may not read it
 * @value_len: bytes of @value
 * @fallback: the default, which is in effect if no value is set; "" if the key is
 *            read-only
 * @unit: such as "ms", or ""
 * @choices: KV_TYPE_ENUM: the choices, separated by "|"; otherwise ""
 * @module: name of the module that declared the key
 * @text: a line that describes the key
 * @min: least value of a number (KV_TYPE_S64: as int64_t), fewest bytes of a string
 * @max: greatest value of a number (KV_TYPE_S64: as int64_t), most bytes of a string
 * @rev: revision of the last change; 0 if the key is not set or is read-only
 */
struct kv_param {
	const char *key;
	enum kv_type type;
	unsigned int flags;
	const void *value;
	size_t value_len;
	const char *fallback;
	const char *unit;
	const char *choices;
	const char *module;
	const char *text;
	uint64_t min;
	uint64_t max;
	uint64_t rev;
};

/**
 * typedef kv_describe_fn - called for each declared key
 * @param: valid during the call only
 * @arg: argument of kv_describe()
 *
 * Must not use the handle.
 *
 * Return: 0 to continue; any other value ends kv_describe() and becomes its result.
 */
typedef int kv_describe_fn(const struct kv_param *param, void *arg);

/**
 * kv_describe() - call a function for each declared key that starts with a prefix
 * @kv: handle
 * @prefix: prefix; NULL or "" for all keys
 * @fn: called in the byte order of the keys, whether they are set or not
 * @arg: passed to @fn
 *
 * Return: 0; the result of @fn if that is not 0; or a negative errno, such as
 * -EOPNOTSUPP if the module is too old to have declared keys.
 */
int kv_describe(struct kv *kv, const char *prefix, kv_describe_fn *fn, void *arg);

/**
 * kv_reason() - why a kernel module refused the last value
 * @kv: handle
 *
 * Return: the module's reason, as text, if the last kv_put(), kv_delete(), kv_update()
 * or kv_transaction_commit() of the handle failed with -EDOM; "" if the module gave no
 * reason or the call succeeded. Valid until the next call with the handle.
 */
const char *kv_reason(const struct kv *kv);

/**
 * kv_strerror() - describe an error
 * @err: an errno, negative or positive
 *
 * Return: a constant phrase that describes the errno in terms of the store, such as "no
 * such key", without a capital letter and a full stop. For other errnos, the text of
 * strerror(3), valid until the thread's next call of that function.
 */
const char *kv_strerror(int err);

#ifdef __cplusplus
}
#endif

#endif /* KV_H */
