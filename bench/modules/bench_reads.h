/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
#ifndef BENCH_READS_H
#define BENCH_READS_H

#define BENCH_ROUNDS	50000	/* reads that one measurement times */
#define BENCH_KEY	"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"	/* 32 bytes */
#define BENCH_VALUE_LEN	64

#endif
