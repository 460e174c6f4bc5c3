/* SPDX-License-Identifier: GPL-2.0-only */
/* Values that are text of a type */
#ifndef KV_VALUE_H
#define KV_VALUE_H

#include <linux/in6.h>
#include <linux/types.h>

#include <kv_proto.h>

/**
 * union kv_parsed - what a text says
 * @u64: KV_TYPE_U64; KV_TYPE_BOOL: 0 or 1; KV_TYPE_ENUM: which of the choices
 * @s64: KV_TYPE_S64
 * @ipv4: KV_TYPE_IPV4
 * @ipv6: KV_TYPE_IPV6
 */
union kv_parsed {
	u64 u64;
	s64 s64;
	__be32 ipv4;
	struct in6_addr ipv6;
};

/* No text of a type but KV_TYPE_STRING and KV_TYPE_ENUM is as long as this. */
#define KV_PLAIN_MAX 48

bool kv_value_parse(enum kv_type type, const char *const *choices, const char *text,
		    unsigned int len, union kv_parsed *parsed);

#endif
