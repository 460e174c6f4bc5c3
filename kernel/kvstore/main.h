/* SPDX-License-Identifier: GPL-2.0-only */
/* What main.c and sockopt.c know of each other */
#ifndef KV_MAIN_H
#define KV_MAIN_H

struct kv_store;
struct net;

/* The store of a network namespace; valid as long as @net is held. Any context. */
struct kv_store *kv_net_store(const struct net *net);

int kv_sockopt_register(unsigned int base);
void kv_sockopt_unregister(void);

#endif
