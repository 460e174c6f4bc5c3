/* SPDX-License-Identifier: GPL-2.0-only */
/* Differences between kernels, and their reasons. No other file tests for versions. */
#ifndef KV_COMPAT_H
#define KV_COMPAT_H

#include <linux/compiler.h>
#include <linux/version.h>

/* <asm/unaligned.h> became <linux/unaligned.h> in 6.12. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/*
 * Marks a variable on the stack that is written before it is read, so that kernels
 * with CONFIG_INIT_STACK_ALL_ZERO do not zero it. 5.10 lacks it.
 */
#ifndef __uninitialized
#define __uninitialized
#endif

/*
 * The table that a sysctl handler gets is const since 6.11. Tables are registered
 * with their length since 6.6; since 6.11 an empty row at the end is an error.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
#define kv_ctl_table const struct ctl_table
#else
#define kv_ctl_table struct ctl_table
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define register_net_sysctl_sz(net, path, table, size) \
	((void)(size), register_net_sysctl(net, path, table))
#endif

/* Before 5.11 it is declared only with CONFIG_LOCKDEP; its callers do not need it without. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0) && !defined(CONFIG_LOCKDEP)
#define lockdep_is_held(lock) ((void)(lock), 1)
#endif

/* Before 5.11 it is called in_irq(). */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#define in_hardirq() in_irq()
#endif

/* Before 5.13, IPv6 defragmentation stays enabled until the namespace is destroyed. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 13, 0)
#define nf_defrag_ipv6_disable(net) ((void)(net))
#endif

/* 5.10 does not export bpf_map_get(); 6.1 does. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#define kv_bpf_map_get(fd) ((void)(fd), (struct bpf_map *)ERR_PTR(-EOPNOTSUPP))
#else
#define kv_bpf_map_get(fd) bpf_map_get(fd)
#endif

#endif
