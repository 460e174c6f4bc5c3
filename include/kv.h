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
 * Results: 0 or a count when all went well, else a negative errno, which
 * kv_strerror() turns into a sentence. The errors of each command are told in
 * <kv_proto.h>; the library adds only those named here. errno itself is not
 * part of the interface.
 *
 * Threads: one handle per thread. A handle holds no lock and no state but a
 * socket, a page of buffer, the last reason and its cached keys; two threads
 * that share one must take turns. Different handles never disturb one another.
 * Not for signal handlers.
 *
 * Namespaces: a handle sees the store of the network namespace that the
 * calling thread was in when it opened it.
 *
 * Keys are NUL-terminated strings; values are counted and may hold any byte.
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

/** struct kv - a handle: an idle datagram socket of one network namespace */
struct kv;

/**
 * struct kv_item - a key as the store holds it
 * @key: the key, NUL-terminated
 * @value: @value_len bytes, any bytes; a NUL byte follows them
 * @value_len: 0 to KV_VALUE_MAX
 * @flags: KV_F_PRIVATE, KV_F_DECLARED, KV_F_WITHHELD
 * @rev: revision of the last change
 *
 * KV_F_WITHHELD: a listing or a watch leaves out the value (@value_len is 0), since
 * it is private and the caller lacks CAP_NET_ADMIN.
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
 * @kv: where the handle goes; NULL on error
 *
 * Finds out where the module's command words are (its parameter opt_base,
 * from sysfs) and that it speaks this library's protocol.
 *
 * Return: 0; -ENOPROTOOPT if the module is not loaded; -EPROTONOSUPPORT if it
 * speaks another KV_ABI; -ENOMEM, -EMFILE and other errors of socket(2).
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
 * @rev: with KV_F_IF_REV the revision that the key must have, else 0
 *
 * If a kernel module refused the value (-EDOM), kv_reason() has its words.
 *
 * Return: 0 or a negative errno, and nothing has changed; except that -EFAULT, and
 * an errno of a BPF program on the socket, may come after the value was stored.
 */
int kv_put(struct kv *kv, const char *key, const void *value, size_t len, unsigned int flags,
	   uint64_t rev);

/**
 * kv_get() - fetch the value of a key
 * @kv: handle
 * @key: key
 * @buf: @size bytes for the value; a NUL byte follows it where there is room
 * @size: with KV_VALUE_MAX no value is too long
 * @item: NULL, or filled with the rest of what is known: its key is @key, its value @buf
 *
 * Return: the value's length; -ENOENT; -EPERM for a private value; -ERANGE if
 * it is longer than @size. @buf and @item are then unchanged.
 */
ssize_t kv_get(struct kv *kv, const char *key, void *buf, size_t size, struct kv_item *item);

/**
 * kv_delete() - delete a key, or all keys that start with it
 * @kv: handle
 * @key: key; with KV_F_PREFIX a prefix, which may not be empty
 * @flags: 0, KV_F_IF_REV or KV_F_PREFIX
 * @rev: with KV_F_IF_REV the revision that the key must have, else 0
 *
 * If a kernel module refused the default of a key (-EDOM), kv_reason() has its words.
 *
 * Return: 0; -ENOENT if there was nothing to delete; or another negative errno, with
 * the exceptions of kv_put().
 */
int kv_delete(struct kv *kv, const char *key, unsigned int flags, uint64_t rev);

/**
 * typedef kv_list_fn - called for each key of a listing, or of a transaction
 * @item: valid during the call only
 * @arg: as given to kv_list()
 *
 * Must not use the handle that is being listed.
 *
 * Return: 0 to go on; anything else ends the listing and is its result.
 */
typedef int kv_list_fn(const struct kv_item *item, void *arg);

/**
 * kv_list() - call a function for each key that starts with a prefix
 * @kv: handle
 * @prefix: prefix; NULL or "" for all keys
 * @fn: called in no particular order of keys
 * @arg: handed to @fn
 * @rev: NULL, or where the revision goes of which the listing is a snapshot;
 *       UINT64_MAX if the store changed meanwhile and it is none
 *
 * Snapshot or not: a key that exists during the whole of the listing is seen
 * exactly once, and no key twice.
 *
 * Return: 0; what @fn returned if not 0; or a negative errno: -EPROTO if what
 * answers is not the module.
 */
int kv_list(struct kv *kv, const char *prefix, kv_list_fn *fn, void *arg, uint64_t *rev);

/**
 * kv_info() - what the store is and holds
 * @kv: handle
 * @info: filled; fields that the module does not know are zero
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
 * typedef kv_update_fn - makes a new value of an old one
 * @old: the value as it is, a NUL byte after it; NULL if there is no such key
 * @old_len: its length
 * @value: KV_VALUE_MAX bytes for the new value
 * @arg: as given to kv_update()
 *
 * May be called several times.
 *
 * Return: the new value's length, or a negative errno to leave it at that.
 */
typedef ssize_t kv_update_fn(const void *old, size_t old_len, void *value, void *arg);

/**
 * kv_update() - change a value in terms of itself, against all others who do
 * @kv: handle
 * @key: key
 * @fn: called again with the newer value whenever another change came in between
 * @arg: handed to @fn
 *
 * A private value stays private.
 *
 * Return: 0; what @fn returned if that is negative; or a negative errno.
 */
int kv_update(struct kv *kv, const char *key, kv_update_fn *fn, void *arg);

/**
 * struct kv_transaction - records that will happen together or not at all
 *
 * Belongs to no handle until it is committed; holds copies of what it is given.
 */
struct kv_transaction;

/** kv_transaction_new() - an empty transaction, or NULL without memory */
struct kv_transaction *kv_transaction_new(void);

/** kv_transaction_free() - free a transaction and wipe its values; NULL is none */
void kv_transaction_free(struct kv_transaction *txn);

/**
 * kv_transaction_add() - append a record
 * @txn: transaction
 * @op: KV_OP_GET, KV_OP_PUT, KV_OP_DELETE or KV_OP_CHECK
 * @key: key
 * @value: @len bytes, for KV_OP_PUT
 * @len: 0 to KV_VALUE_MAX
 * @flags: KV_F_*, as <kv_proto.h> tells for each op
 * @rev: with KV_F_IF_REV the revision, else 0
 *
 * Return: the record's index; -EMSGSIZE if the value is too long, or the
 * transaction would be longer than KV_MSG_MAX; -ENAMETOOLONG; -EINVAL for flags
 * that are none. The transaction is then as it was.
 */
int kv_transaction_add(struct kv_transaction *txn, enum kv_op op, const char *key,
		       const void *value, size_t len, unsigned int flags, uint64_t rev);

/** kv_transaction_count() - records in it */
unsigned int kv_transaction_count(const struct kv_transaction *txn);

/** kv_transaction_room() - bytes of key and value that one more record may have; 0 if none */
size_t kv_transaction_room(const struct kv_transaction *txn);

/**
 * kv_transaction_commit() - do it, all or nothing
 * @kv: handle
 * @txn: transaction; stays as it is and may be committed again
 * @fn: called for each KV_OP_GET in their order, with a rev of 0 if there is
 *      no such key; NULL if there are none
 * @arg: handed to @fn
 * @rev: NULL, or where the store's revision goes, at which it happened
 * @failed: NULL, or where the index goes of the record that was refused; -1 if
 *          the failure belongs to none
 *
 * Return: 0; what @fn returned if not 0; or a negative errno, and nothing has
 * happened: -ERANGE if the values are longer than KV_MSG_MAX together. The
 * exceptions are those of kv_put().
 */
int kv_transaction_commit(struct kv *kv, const struct kv_transaction *txn, kv_list_fn *fn,
			  void *arg, uint64_t *rev, int *failed);

/**
 * kv_watch() - a descriptor of the changes after a revision
 * @kv: handle; the descriptor does not depend on it
 * @prefix: prefix of the keys; NULL or "" for all
 * @rev: of kv_list() or kv_info(), so that nothing is missed in between
 *
 * The descriptor can be polled, read by kv_watch_read(), and closed by close(2).
 *
 * Return: the descriptor or a negative errno.
 */
int kv_watch(struct kv *kv, const char *prefix, uint64_t rev);

/**
 * typedef kv_watch_fn - called for each change
 * @op: KV_OP_PUT; KV_OP_DELETE, without a value; or KV_OP_COMPACTED: changes up
 *      to @item->rev were missed, list again (@item->key is "")
 * @item: valid during the call only
 * @arg: as given to kv_watch_read()
 *
 * Return: 0 or more to go on; a negative number ends this read and is its result.
 */
typedef int kv_watch_fn(enum kv_op op, const struct kv_item *item, void *arg);

/**
 * kv_watch_read() - call a function for each change that waits
 * @fd: from kv_watch()
 * @fn: called in the order of the changes
 * @arg: handed to @fn
 *
 * Waits for a change unless the descriptor is non-blocking.
 *
 * Return: the number of changes, 1 at least; 0 when the namespace has gone;
 * -EAGAIN; -EINTR; what @fn returned if that is negative: of the changes that
 * were read with it, those behind it are lost.
 */
int kv_watch_read(int fd, kv_watch_fn *fn, void *arg);

/**
 * struct kv_cached - a key of a handle, and a copy of its value
 *
 * For keys that are read over and over: as long as nothing in the store has
 * changed, a read gives the copy and makes no system call. The kernel shows the
 * store's revision in a page (see KV_SO_WATCH), and a copy holds while the page
 * shows the revision that it showed before the copy was fetched. So a change of
 * any key makes the next read of each cached key fetch it again.
 *
 * A cached key belongs to its handle: to its namespace, which does not go while
 * the handle is open, and to one thread at a time, for reads that hold too.
 * Threads have handles of their own. After fork(2), parent and child have
 * cached keys of their own.
 */
struct kv_cached;

/**
 * kv_cache_add() - have a key cached
 * @kv: handle, which has to stay open
 * @key: key; there need not be such a key
 * @cached: where the cached key goes, some 1300 bytes; NULL on error
 *
 * Fetches nothing yet. As long as a handle has cached keys, all of them take
 * one of the namespace's watches, and the module cannot be unloaded.
 *
 * Return: 0; -ENFILE if the namespace has as many watches as it may; -EMFILE;
 * -ENOMEM; -ENAMETOOLONG.
 */
int kv_cache_add(struct kv *kv, const char *key, struct kv_cached **cached);

/**
 * kv_cache_get() - the value of a cached key
 * @cached: cached key
 * @item: where the copy is told, which lasts until the key is read again or
 *        removed; NULL on error
 *
 * The value is not older than any change whose call had returned when this call
 * began. Reads of a cached key do not go back; and whoever is given a value, is
 * given in later reads of other keys what was complete when that value was put,
 * or newer. But several reads are no snapshot: a transaction of GETs is. And
 * kv_get() may show a change a moment before kv_cache_get() does, while the call
 * that makes it has not returned.
 *
 * That there is no such key is kept as a value is. Not kept, so fetched each
 * time, are other errors, and values that a module makes when they are read
 * (KV_D_READONLY), as both change without a revision. A right to private values
 * that the process gains counts at once; one that it gives up, when the copy is
 * fetched again.
 *
 * Nor has it a revision that a module declares a key, or does so no more. When
 * one makes a key read-only, a copy that was kept before is given until the
 * store changes, also where it is that there is no such key; and KV_F_DECLARED
 * is as it was when the copy was fetched.
 *
 * Return: 0; -ENOENT; another errno of kv_get(), but for -ERANGE.
 */
int kv_cache_get(struct kv_cached *cached, const struct kv_item **item);

/**
 * kv_cache_remove() - have a key cached no more
 * @cached: from kv_cache_add(), or NULL
 *
 * The copy is wiped, as it is when another replaces it: it may be private.
 */
void kv_cache_remove(struct kv_cached *cached);

/**
 * struct kv_param - a key that a kernel module has declared
 * @key: the key
 * @type: what its value has to be
 * @flags: KV_D_SET, KV_D_READONLY, KV_D_REFUSED, KV_D_PRIVATE, KV_D_WITHHELD
 * @value: the value in effect, @value_len bytes and a NUL byte; NULL with
 *         KV_D_WITHHELD: it is private and the caller lacks CAP_NET_ADMIN
 * @value_len: bytes of it
 * @fallback: the default, that is what is in effect when nothing is set; ""
 *            where it is read-only
 * @unit: such as "ms", or ""
 * @choices: KV_TYPE_ENUM: its values with "|" between them, else ""
 * @module: who declared it
 * @text: a line that says what it is
 * @min: least value of a number (KV_TYPE_S64: as int64_t), fewest bytes of a string
 * @max: greatest value of a number (KV_TYPE_S64: as int64_t), most bytes of a string
 * @rev: revision of the last change; 0 if it is not set
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
 * @arg: as given to kv_describe()
 *
 * Must not use the handle.
 *
 * Return: 0 to go on; anything else ends it and is its result.
 */
typedef int kv_describe_fn(const struct kv_param *param, void *arg);

/**
 * kv_describe() - call a function for each declared key that starts with a prefix
 * @kv: handle
 * @prefix: prefix; NULL or "" for all
 * @fn: called in the order of the keys' bytes, for keys that are set and for
 *      those that are not
 * @arg: handed to @fn
 *
 * Return: 0; what @fn returned if not 0; or a negative errno: -EOPNOTSUPP if
 * the module is too old to know.
 */
int kv_describe(struct kv *kv, const char *prefix, kv_describe_fn *fn, void *arg);

/**
 * kv_reason() - why a kernel module refused the last value
 * @kv: handle
 *
 * Return: what the module said, in words, if the last kv_put(), kv_delete() or
 * kv_transaction_commit() of the handle ended with -EDOM; "" if it said nothing
 * or all went well. Valid until the next call with the handle.
 */
const char *kv_reason(const struct kv *kv);

/**
 * kv_strerror() - an error in words
 * @err: an errno, negative or positive
 *
 * Return: a constant sentence without a capital or a full stop, in terms of
 * the store ("no such key"); strerror(3)'s for an errno that the store has no
 * words of its own for, valid until the thread's next call of it.
 */
const char *kv_strerror(int err);

#ifdef __cplusplus
}
#endif

#endif /* KV_H */
