/* SPDX-License-Identifier: GPL-2.0-only */
/* The command words */
#ifndef KV_SOCKOPT_H
#define KV_SOCKOPT_H

#include <linux/sockptr.h>

struct sock;

/* For main.c */
int kv_sockopt_register(unsigned int base);
void kv_sockopt_unregister(void);

/* The first of the words, and those who have them */
extern int kv_sockopt_base;
int kv_sockset(struct sock *sk, int word, sockptr_t user, unsigned int len);
int kv_sockget(struct sock *sk, int word, void __user *user, int *len);

#endif
