// SPDX-License-Identifier: GPL-2.0-only
/* Values that are text of a type */
#include <linux/inet.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "value.h"

/* Decimal or, after 0x, hexadecimal; no sign, no blank, and no octal by surprise. */
static bool parse_u64(const char *text, union kv_parsed *parsed)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');

	if (hex)
		text += 2;
	/* kstrtoull() takes more than this: a sign, a newline, another 0x. */
	return *text && !text[strspn(text, hex ? "0123456789abcdefABCDEF" : "0123456789")] &&
	       !kstrtoull(text, hex ? 16 : 10, &parsed->u64);
}

static bool parse_s64(const char *text, union kv_parsed *parsed)
{
	bool negative = *text == '-';
	union kv_parsed size;

	if (!parse_u64(text + negative, &size) || size.u64 > (u64)S64_MAX + negative)
		return false;
	parsed->s64 = negative ? -size.u64 : size.u64;
	return true;
}

static bool parse_bool(const char *text, union kv_parsed *parsed)
{
	static const char *const words[] = { "0", "1", "off", "on", "false", "true", "no", "yes" };
	int i = match_string(words, ARRAY_SIZE(words), text);

	parsed->u64 = i & 1;
	return i >= 0;
}

static bool parse_ipv4(const char *text, union kv_parsed *parsed)
{
	const char *end;

	return in4_pton(text, -1, (u8 *)&parsed->ipv4, -1, &end) && !*end;
}

static bool parse_ipv6(const char *text, union kv_parsed *parsed)
{
	const char *end;

	return in6_pton(text, -1, parsed->ipv6.s6_addr, -1, &end) && !*end;
}

static bool (*const parsers[])(const char *text, union kv_parsed *parsed) = {
	[KV_TYPE_U64] = parse_u64,
	[KV_TYPE_S64] = parse_s64,
	[KV_TYPE_BOOL] = parse_bool,
	[KV_TYPE_IPV4] = parse_ipv4,
	[KV_TYPE_IPV6] = parse_ipv6,
};

static bool parse_choice(const char *const *choices, const char *text, unsigned int len,
			 union kv_parsed *parsed)
{
	for (parsed->u64 = 0; choices[parsed->u64]; parsed->u64++)
		if (strlen(choices[parsed->u64]) == len &&
		    !memcmp(choices[parsed->u64], text, len))
			return true;
	return false;
}

/**
 * kv_value_parse() - what a text says
 * @type: what it should be
 * @choices: KV_TYPE_ENUM: the choices, and NULL at the end
 * @text: @len bytes, any
 * @len: bytes
 * @parsed: filled, but for a KV_TYPE_STRING
 *
 * Context: any.
 * Return: whether it is a text of that type.
 */
bool kv_value_parse(enum kv_type type, const char *const *choices, const char *text,
		    unsigned int len, union kv_parsed *parsed)
{
	char plain[KV_PLAIN_MAX];

	if (type == KV_TYPE_STRING)
		return !memchr(text, '\0', len);
	if (type == KV_TYPE_ENUM)
		return parse_choice(choices, text, len, parsed);
	if (len >= sizeof(plain) || memchr(text, '\0', len))
		return false;
	memcpy(plain, text, len);
	plain[len] = '\0';
	return parsers[type](plain, parsed);
}
