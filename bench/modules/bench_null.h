/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
#ifndef BENCH_NULL_H
#define BENCH_NULL_H

#define BENCH_NULL_WORD 0x4B570000	/* after kvstore's words */

#endif
