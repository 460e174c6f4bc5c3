/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
#ifndef BENCH_GENETLINK_H
#define BENCH_GENETLINK_H

#define BENCH_GENETLINK_VALUE_LEN 64

enum bench_cmd {
	BENCH_CMD_GET = 1,	/* request: BENCH_A_KEY; reply: key and value */
};

enum bench_attr {
	BENCH_A_UNSPEC,
	BENCH_A_KEY,		/* bytes */
	BENCH_A_VALUE,		/* bytes */
	BENCH_A_COUNT,
};

#endif
