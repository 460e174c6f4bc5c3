/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading one key, for GET and for the kernel's own code, where each instruction counts */
#ifndef KV_READ_H
#define KV_READ_H

#include <linux/rcupdate.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "net.h"
#include "store.h"
#include "table.h"
#include "trace.h"

/**
 * struct kv_found - what is known of a key, besides its value
 * @len: bytes of the value
 * @flags: as programs see them
 * @rev: revision of the last put
 */
struct kv_found {
	unsigned int len;
	unsigned int flags;
	u64 rev;
};

/* The value that a module makes of a read-only parameter, if it is one; under RCU. */
static __always_inline int kv_read_shown(const struct kv_store *store, const u8 *key,
					 unsigned int len, void *buf, unsigned int size,
					 struct kv_found *found)
{
	struct kv_value value = { .buf = buf, .size = size };
	int err = kv_slot_show(store, key, len, &value);

	*found = (struct kv_found){ .len = value.len, .flags = value.flags };
	return err;
}

/**
 * kv_read() - copy the value of a key
 * @net: namespace
 * @key: its bytes
 * @len: number of them
 * @buf: room for the value
 * @size: bytes of it
 * @found: filled
 *
 * Takes no lock and writes no shared memory. Preemption is off for a lookup and
 * a short copy, which takes fewer instructions than the other kind of RCU.
 *
 * Context: any, softirq and hardirq included.
 * Return: 0; -ENOENT; -ERANGE if the value is longer than @size, with
 * found->len.
 */
static __always_inline int kv_read(const struct net *net, const u8 *key, unsigned int len,
				   void *buf, unsigned int size, struct kv_found *found)
{
	const struct kv_store *store;
	const struct kv_entry *entry;
	int err = -ENOENT;

	rcu_read_lock_sched();
	store = kv_net_store_rcu(net);
	entry = kv_table_find(store, key, len);
	if (unlikely(kv_is_shown(store, entry)))
		err = kv_read_shown(store, key, len, buf, size, found);
	if (likely(entry && err == -ENOENT)) {
		found->len = entry->value_len;
		found->flags = READ_ONCE(entry->flags) & KV_ENTRY_FLAGS;
		found->rev = entry->changed;
		err = found->len > size ? -ERANGE : 0;
		if (likely(!err))
			memcpy(buf, entry->data + entry->key_len, found->len);
	}
	rcu_read_unlock_sched();
	if (unlikely(err == -ENOENT))
		trace_kv_read_miss(store->netns, key, len);
	return err;
}

#endif
