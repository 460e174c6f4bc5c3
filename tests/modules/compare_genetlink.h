/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/* The protocol between compare_genetlink.c and tests/programs/guardctl.c */
#ifndef COMPARE_GENETLINK_H
#define COMPARE_GENETLINK_H

#define PORTGUARD_FAMILY "portguard"
#define PORTGUARD_VERSION 1
#define PORTGUARD_PORTS_MAX 1024	/* bytes */

enum portguard_cmd {
	PORTGUARD_CMD_GET = 1,		/* the reply has all attributes */
	PORTGUARD_CMD_SET,		/* any of the attributes up to LOG_RATELIMIT */
};

enum portguard_mode {
	PORTGUARD_MODE_DROP,
	PORTGUARD_MODE_REJECT,
};

enum portguard_attr {
	PORTGUARD_A_UNSPEC,
	PORTGUARD_A_ENABLED,		/* u8, 0 or 1 */
	PORTGUARD_A_MODE,		/* u32, enum portguard_mode */
	PORTGUARD_A_PORTS,		/* string such as 7,9,6000-6063 */
	PORTGUARD_A_LOG_RATELIMIT,	/* u32, messages/s */
	PORTGUARD_A_PAD,
	PORTGUARD_A_DROPPED,		/* u64, packets */
	PORTGUARD_A_REJECTED,		/* u64, packets */
	PORTGUARD_A_COUNT,
};

#endif
