// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two reads where each instruction counts: KV_SO_GET of a public value, and
 * kv_get_bytes(). Only this file and store/hash.h may have unidiomatic code, if it
 * saves 5 % of an operation. The figures in comments are from docs/performance.md,
 * which also explains the exception.
 */
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/sock.h>

#include <kvstore.h>

#include "compat.h"
#include "sockopt/call.h"
#include "trace.h"

/*
 * Copies between user memory and kernel memory, word by word and without a call.
 * copy_from_user() and copy_to_user() take some 150 instructions for a few dozen
 * bytes, most of them to check the kernel's memory, which is known to be large enough
 * here: this saves 20 % of a GET. Use them between user_read_access_begin() and
 * user_read_access_end(), or the same for writing, which check the user's memory.
 */

/* The largest unit that the machine accesses efficiently at any address. */
#ifdef CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS
#define word_t unsigned long
#else
#define word_t u8
#endif

#define unsafe_get_one(_type, _to, _from, _at, _fault) do {			\
	_type one;								\
										\
	unsafe_get_user(one, (const _type __user *)((_from) + (_at)), _fault);	\
	put_unaligned(one, (_type *)((_to) + (_at)));				\
} while (0)

#define unsafe_put_one(_type, _to, _from, _at, _fault)				\
	/* KV_F_DECLARED of an entry may be set or cleared meanwhile. */		\
	unsafe_put_user(data_race(get_unaligned((const _type *)((_from) + (_at)))), \
			(_type __user *)((_to) + (_at)), _fault)

/* Copy a constant number of words, without a loop. */
#define unsafe_copy_words(_one, _to, _from, _at, _words, _fault) do {		\
	int word;								\
										\
	_Pragma("GCC unroll 8")							\
	for (word = 0; word < (_words); word++)					\
		_one(word_t, _to, _from, (_at) + word * sizeof(word_t), _fault); \
} while (0)

/* Copy the first and the last words of up to twice as many; they may overlap. */
#define unsafe_copy_ends(_one, _to, _from, _len, _words, _fault) do {		\
	unsafe_copy_words(_one, _to, _from, 0, _words, _fault);			\
	if ((_len) > (_words) * sizeof(word_t))					\
		unsafe_copy_words(_one, _to, _from, (_len) - (_words) * sizeof(word_t), \
				  _words, _fault);				\
} while (0)

/* Copy bytes, eight words at a time. */
#define unsafe_copy(_one, _to, _from, _len, _fault) do {			\
	size_t copied, all = (_len), most = 8 * sizeof(word_t);			\
										\
	if (all >= most) {							\
		unsafe_copy_words(_one, _to, _from, 0, 8, _fault);		\
		if (all == most)						\
			break;							\
		for (copied = most; copied < all - most; copied += most)	\
			unsafe_copy_words(_one, _to, _from, copied, 8, _fault);	\
		unsafe_copy_words(_one, _to, _from, all - most, 8, _fault);	\
	} else if (all >= most / 2) {						\
		unsafe_copy_ends(_one, _to, _from, all, 4, _fault);		\
	} else if (all >= most / 4) {						\
		unsafe_copy_ends(_one, _to, _from, all, 2, _fault);		\
	} else if (all >= sizeof(word_t)) {					\
		unsafe_copy_ends(_one, _to, _from, all, 1, _fault);		\
	} else {								\
		for (copied = 0; copied < all; copied++)			\
			_one(u8, _to, _from, copied, _fault);			\
	}									\
} while (0)

/*
 * The store of a namespace, under rcu_read_lock_sched(). net_generic() would enter an
 * RCU section of its own: this saves 17 % of an in-kernel read.
 */
static __always_inline struct kv_store *net_store_rcu(const struct net *net)
{
	return rcu_dereference_sched(net->gen)->ptr[kv_net_id];
}

/*
 * Copy in the key of a request. Returns its length; or 0 to fall back to the slow path,
 * if memory is not mapped or the head is not zero except for a valid key length.
 */
static __always_inline size_t key_from_user(u8 *key, const void __user *user, unsigned int room)
{
	u64 head[sizeof(struct kv_record) / sizeof(u64)] __uninitialized;
	size_t len;
	bool bare;

	if (!user_read_access_begin(user, room))
		return 0;
	unsafe_copy_words(unsafe_get_one, (u8 *)head, user, 0, sizeof(head) / sizeof(word_t),
			  fault);
	bare = kv_head_is_bare_key(head[0], KV_OP_NONE, &len) && !head[1] &&
	       sizeof(head) + len <= room;
	if (likely(bare))
		unsafe_copy(unsafe_get_one, key, user + sizeof(head), len, fault);
	user_read_access_end();
	return likely(bare) ? len : 0;

fault:
	user_read_access_end();
	return 0;
}

/* Write header and value of a record; the key is already in place. */
static __always_inline bool record_to_user(void __user *user, unsigned int room,
					   const struct kv_record *record, size_t key_len,
					   size_t size)
{
	size_t at = sizeof(*record) + key_len;

	if (!user_write_access_begin(user, room))
		return false;
	unsafe_copy_words(unsafe_put_one, user, (const u8 *)record, 0,
			  sizeof(*record) / sizeof(word_t), fault);
	unsafe_copy(unsafe_put_one, user + at, (const u8 *)record + at, size - at, fault);
	user_write_access_end();
	return true;

fault:
	user_write_access_end();
	return false;
}

/*
 * Finish a reply whose page has to be faulted in: copy the entry, leave RCU, and write
 * the copy. A part of the reply may be written already, and must be of the same entry.
 */
static noinline int get_by_copy(const struct kv_entry *entry, void __user *user)
	__releases(RCU_SCHED)
{
	u8 value[KV_VALUE_MAX] __uninitialized;
	struct kv_record head;
	int err;

	data_race(head = entry->record);	/* KV_F_DECLARED */
	memcpy(value, kv_entry_value(entry), head.value_len);
	rcu_read_unlock_sched();
	err = copy_to_user(user, &head, sizeof(head)) ||
	      copy_to_user(user + sizeof(head) + head.key_len, value, head.value_len);
	return err ? -EFAULT : 0;
}

/* KV_SO_GET of a key that has no entry. */
static noinline int get_missing(struct sock *sk, const u8 *key, unsigned int key_len,
				void __user *user, int *len)
{
	const struct kv_store *store = kv_net_store(sock_net(sk));

	if (kv_may_be_computed(store, NULL))
		return kv_call_get_key(sk, key, key_len, user, len);
	trace_kv_read_miss(store->netns, key, key_len);
	return -ENOENT;
}

/*
 * KV_SO_GET of a public value that fits: written to user memory from its entry. No
 * page is faulted in under RCU.
 */
static __always_inline int fast_get(struct sock *sk, void __user *user, int *len)
{
	u8 key[KV_KEY_MAX] __aligned(8) __uninitialized;
	const struct kv_entry *entry;
	const struct kv_store *store;
	unsigned int room = *len;
	size_t key_len, size;
	bool done;

	/* A negative length is a large unsigned number. */
	if (unlikely(room < sizeof(struct kv_record) || room > KV_MSG_MAX))
		return kv_get_slow(sk, user, len);
	key_len = key_from_user(key, user, room);
	if (unlikely(!key_len))
		return kv_get_slow(sk, user, len);
	rcu_read_lock_sched();
	store = net_store_rcu(sock_net(sk));
	entry = kv_table_find(store, key, key_len);
	if (unlikely(!entry)) {
		rcu_read_unlock_sched();
		return get_missing(sk, key, key_len, user, len);
	}
	size = READ_ONCE(entry->size);
	if (unlikely(size > room)) {
		rcu_read_unlock_sched();
		return kv_call_get_key(sk, key, key_len, user, len);
	}
	*len = size;
	pagefault_disable();
	done = record_to_user(user, room, &entry->record, key_len, size);
	pagefault_enable();
	if (unlikely(!done))
		return get_by_copy(entry, user);
	rcu_read_unlock_sched();
	return 0;
}

/**
 * kv_sockget() - a getsockopt() call
 * @sk: socket
 * @word: one of the module's words
 * @user: the request, and the buffer for the reply
 * @len: bytes of the buffer; out: bytes of the reply
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int kv_sockget(struct sock *sk, int word, void __user *user, int *len)
{
	unsigned int index = word - kv_sockopt_base;

	if (likely(index == KV_SO_GET - KV_SO_BASE))
		return fast_get(sk, user, len);
	return kv_get_word(index - (KV_SO_INFO - KV_SO_BASE), sk, user, len);
}

/* kv_get_bytes() of a key that a module may compute; preemption stays enabled. */
static noinline int get_computed(const struct kv_store *store, const u8 *key, unsigned int key_len,
				 void *buf, unsigned int size)
{
	const struct kv_entry *entry;
	u8 value[KV_COMPUTED_MAX];
	int len;

	len = store->hooks->compute(store, key, key_len, value);
	if (len >= 0) {
		if (len > size)
			return -ERANGE;
		memcpy(buf, value, len);
		return len;
	}
	rcu_read_lock();
	entry = kv_store_find(store, key, key_len);
	if (entry) {
		len = entry->record.value_len;
		if (len > size)
			len = -ERANGE;
		else
			memcpy(buf, kv_entry_value(entry), len);
	}
	rcu_read_unlock();
	return len;
}

/*
 * Documented in <kvstore.h>. Takes no lock and writes no shared memory. Preemption
 * is off for a lookup and a short copy.
 */
int kv_get_bytes(const struct net *net, const char *key, unsigned int key_len, void *buf,
		 unsigned int size)
{
	const struct kv_entry *entry;
	const struct kv_store *store;
	int len = -ENOENT;

	if (unlikely(!key_len || key_len > KV_KEY_MAX))
		return -ENOENT;
	rcu_read_lock_sched();
	store = net_store_rcu(net);
	entry = kv_table_find(store, key, key_len);
	if (unlikely(kv_may_be_computed(store, entry))) {
		rcu_read_unlock_sched();
		len = get_computed(store, key, key_len, buf, size);
	} else {
		if (likely(entry)) {
			len = entry->record.value_len;
			if (unlikely(len > size))
				len = -ERANGE;
			else
				memcpy(buf, kv_entry_value(entry), len);
		}
		rcu_read_unlock_sched();
	}
	if (unlikely(len == -ENOENT))
		trace_kv_read_miss(store->netns, key, key_len);
	return len;
}
EXPORT_SYMBOL_GPL(kv_get_bytes);
