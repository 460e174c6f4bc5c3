/* SPDX-License-Identifier: GPL-2.0-only */
/* Network namespaces: their stores and parameters, and the permission to use them */
#ifndef KV_NET_H
#define KV_NET_H

#include <linux/types.h>

struct kv_limits;
struct kv_params;
struct kv_store;
struct net;

extern unsigned int kv_net_id;

struct kv_store *kv_net_store(const struct net *net);
bool kv_may_admin(const struct net *net);
bool kv_sees_private(const struct net *net);

int kv_net_register(const struct kv_limits *limits);
void kv_net_unregister(void);

#endif
