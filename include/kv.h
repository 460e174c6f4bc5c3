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
 * socket and a page of buffer; two threads that share one must take turns.
 * Different handles never disturb one another. Not for signal handlers.
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
 * @flags: KV_F_PRIVATE, KV_F_DECLARED
 * @rev: revision of the last change
 *
 * In a listing the value of a private key is left out (@value_len is 0) for a
 * caller without CAP_NET_ADMIN.
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
 * kv_close() - close a handle
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
 * Return: 0 or a negative errno; then nothing has changed.
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
 * Return: 0; -ENOENT if there was nothing to delete; or another negative errno.
 */
int kv_delete(struct kv *kv, const char *key, unsigned int flags, uint64_t rev);

/**
 * typedef kv_list_fn - called for each key of a listing
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
 * Return: 0; what @fn returned if not 0; or a negative errno.
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
