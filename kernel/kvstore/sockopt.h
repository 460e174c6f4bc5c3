/* SPDX-License-Identifier: GPL-2.0-only */
/* The command words, for main.c */
#ifndef KV_SOCKOPT_H
#define KV_SOCKOPT_H

int kv_sockopt_register(unsigned int base);
void kv_sockopt_unregister(void);

#endif
