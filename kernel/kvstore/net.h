/* SPDX-License-Identifier: GPL-2.0-only */
/* The stores of all network namespaces */
#ifndef KV_NET_H
#define KV_NET_H

#include <linux/rcupdate.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

struct kv_limits;
struct kv_store;

extern unsigned int kv_net_id;

/* The store of a network namespace; valid as long as @net is held. Any context. */
struct kv_store *kv_net_store(const struct net *net);

/* The same under rcu_read_lock_sched(), without net_generic()'s own RCU section. */
static inline struct kv_store *kv_net_store_rcu(const struct net *net)
{
	return rcu_dereference_sched(net->gen)->ptr[kv_net_id];
}

int kv_net_register(const struct kv_limits *limits);
void kv_net_unregister(void);

#endif
