/* SPDX-License-Identifier: GPL-2.0-only */
/* The stores of all network namespaces */
#ifndef KV_NET_H
#define KV_NET_H

struct kv_limits;
struct kv_store;
struct net;

/* The store of a network namespace; valid as long as @net is held. Any context. */
struct kv_store *kv_net_store(const struct net *net);

int kv_net_register(const struct kv_limits *limits);
void kv_net_unregister(void);

#endif
