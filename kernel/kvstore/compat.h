/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between kernels, and why. No other file tests for it. */
#ifndef KV_COMPAT_H
#define KV_COMPAT_H

#include <linux/compiler.h>

/*
 * A variable on the stack that is written before it is read, which kernels that
 * zero the stack (CONFIG_INIT_STACK_ALL_ZERO) need not zero. 5.10 lacks it.
 */
#ifndef __uninitialized
#define __uninitialized
#endif

#endif
