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

int kv_read_shown(const struct kv_store *store, const u8 *key, unsigned int len, void *buf,
		  unsigned int size, struct kv_record *found);

/* kv_read() of an entry; under RCU of any kind. */
static __always_inline int kv_read_entry(const struct kv_entry *entry, void *buf, unsigned int size,
					 struct kv_record *found)
{
	/* KV_F_DECLARED may come or go meanwhile. */
	data_race(memcpy(found, &entry->record, sizeof(*found)));
	if (unlikely(found->value_len > size))
		return -ERANGE;
	memcpy(buf, entry->record.data + found->key_len, found->value_len);
	return 0;
}

/**
 * kv_read() - copy the value of a key
 * @net: namespace
 * @key: its bytes
 * @len: number of them, 1 to KV_KEY_MAX
 * @buf: room for the value
 * @size: bytes of it
 * @found: the head of its record
 *
 * Takes no lock and writes no shared memory. Preemption is off for a lookup and
 * a short copy, which takes fewer instructions than the other kind of RCU.
 *
 * Context: any, softirq and hardirq included.
 * Return: 0; -ENOENT; -ERANGE if the value is longer than @size, with
 * found->value_len.
 */
static __always_inline int kv_read(const struct net *net, const u8 *key, unsigned int len,
				   void *buf, unsigned int size, struct kv_record *found)
{
	const struct kv_store *store;
	const struct kv_entry *entry;
	int err = -ENOENT;
	bool shown;

	rcu_read_lock_sched();
	store = kv_net_store_rcu(net);
	entry = kv_table_find(store, key, len);
	shown = kv_is_shown(store, entry);
	if (likely(entry && !shown))
		err = kv_read_entry(entry, buf, size, found);
	rcu_read_unlock_sched();
	if (unlikely(shown))
		err = kv_read_shown(store, key, len, buf, size, found);
	if (unlikely(err == -ENOENT))
		trace_kv_read_miss(store->netns, key, len);
	return err;
}

#endif
