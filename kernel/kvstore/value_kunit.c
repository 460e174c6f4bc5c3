// SPDX-License-Identifier: GPL-2.0-only
/* value.c: what text is of which type */
#include <linux/kernel.h>
#include <linux/string.h>

#include "kunit.h"
#include "value.h"

static const char *const colours[] = { "red", "green", "", "redder", NULL };

static const struct value_case {
	const char *name;
	enum kv_type type;
	const char *text;
	bool good;
	u64 value;	/* s64: the same bits; ipv4: the host's order */
	unsigned int len;	/* 0: that of the text */
} values[] = {
	{ "u64: 0", KV_TYPE_U64, "0", true, 0 },
	{ "u64: the greatest", KV_TYPE_U64, "18446744073709551615", true, U64_MAX },
	{ "u64: one more", KV_TYPE_U64, "18446744073709551616", false },
	{ "u64: zeros before it are not octal", KV_TYPE_U64, "010", true, 10 },
	{ "u64: hexadecimal", KV_TYPE_U64, "0xaF", true, 0xaf },
	{ "u64: 0X", KV_TYPE_U64, "0X10", true, 16 },
	{ "u64: the greatest in hexadecimal", KV_TYPE_U64, "0xffffffffffffffff", true, U64_MAX },
	{ "u64: one more in hexadecimal", KV_TYPE_U64, "0x10000000000000000", false },
	{ "u64: nothing", KV_TYPE_U64, "", false },
	{ "u64: only 0x", KV_TYPE_U64, "0x", false },
	{ "u64: 0x twice", KV_TYPE_U64, "0x0x1", false },
	{ "u64: a minus", KV_TYPE_U64, "-1", false },
	{ "u64: a plus", KV_TYPE_U64, "+1", false },
	{ "u64: a plus after 0x", KV_TYPE_U64, "0x+1", false },
	{ "u64: a blank before", KV_TYPE_U64, " 1", false },
	{ "u64: a newline after", KV_TYPE_U64, "1\n", false },
	{ "u64: a letter after", KV_TYPE_U64, "1k", false },
	{ "u64: hexadecimal without 0x", KV_TYPE_U64, "a", false },
	{ "u64: a fraction", KV_TYPE_U64, "1.0", false },
	{ "u64: a NUL within", KV_TYPE_U64, "1\0x", false, 0, 3 },
	{ "u64: a NUL after", KV_TYPE_U64, "1", false, 0, 2 },
	{ "u64: too many digits", KV_TYPE_U64,
	  "000000000000000000000000000000000000000000000001", false },
	{ "s64: minus", KV_TYPE_S64, "-1", true, (u64)-1 },
	{ "s64: no sign", KV_TYPE_S64, "12", true, 12 },
	{ "s64: minus 0", KV_TYPE_S64, "-0", true, 0 },
	{ "s64: the greatest", KV_TYPE_S64, "9223372036854775807", true, S64_MAX },
	{ "s64: one more", KV_TYPE_S64, "9223372036854775808", false },
	{ "s64: the least", KV_TYPE_S64, "-9223372036854775808", true, (u64)S64_MIN },
	{ "s64: one less", KV_TYPE_S64, "-9223372036854775809", false },
	{ "s64: hexadecimal", KV_TYPE_S64, "-0x10", true, (u64)-16 },
	{ "s64: two signs", KV_TYPE_S64, "--1", false },
	{ "s64: only a sign", KV_TYPE_S64, "-", false },
	{ "s64: a plus", KV_TYPE_S64, "+1", false },
	{ "bool: 1", KV_TYPE_BOOL, "1", true, 1 },
	{ "bool: on", KV_TYPE_BOOL, "on", true, 1 },
	{ "bool: true", KV_TYPE_BOOL, "true", true, 1 },
	{ "bool: yes", KV_TYPE_BOOL, "yes", true, 1 },
	{ "bool: 0", KV_TYPE_BOOL, "0", true, 0 },
	{ "bool: off", KV_TYPE_BOOL, "off", true, 0 },
	{ "bool: false", KV_TYPE_BOOL, "false", true, 0 },
	{ "bool: no", KV_TYPE_BOOL, "no", true, 0 },
	{ "bool: y", KV_TYPE_BOOL, "y", false },
	{ "bool: On", KV_TYPE_BOOL, "On", false },
	{ "bool: 2", KV_TYPE_BOOL, "2", false },
	{ "bool: nothing", KV_TYPE_BOOL, "", false },
	{ "bool: more after it", KV_TYPE_BOOL, "on ", false },
	{ "enum: the first", KV_TYPE_ENUM, "red", true, 0 },
	{ "enum: an empty one", KV_TYPE_ENUM, "", true, 2 },
	{ "enum: one that starts with another", KV_TYPE_ENUM, "redder", true, 3 },
	{ "enum: the start of one", KV_TYPE_ENUM, "gree", false },
	{ "enum: another case", KV_TYPE_ENUM, "Red", false },
	{ "enum: a NUL after", KV_TYPE_ENUM, "red", false, 0, 4 },
	{ "string: nothing", KV_TYPE_STRING, "", true },
	{ "string: any bytes", KV_TYPE_STRING, "\n \x01\xff", true },
	{ "string: a NUL within", KV_TYPE_STRING, "a\0b", false, 0, 3 },
	{ "string: a NUL after", KV_TYPE_STRING, "a", false, 0, 2 },
	{ "ipv4: an address", KV_TYPE_IPV4, "192.0.2.1", true, 0xc0000201 },
	{ "ipv4: the last", KV_TYPE_IPV4, "255.255.255.255", true, 0xffffffff },
	{ "ipv4: over 255", KV_TYPE_IPV4, "192.0.2.256", false },
	{ "ipv4: three parts", KV_TYPE_IPV4, "192.0.2", false },
	{ "ipv4: five parts", KV_TYPE_IPV4, "192.0.2.1.1", false },
	{ "ipv4: an empty part", KV_TYPE_IPV4, "192..2.1", false },
	{ "ipv4: a dot after", KV_TYPE_IPV4, "192.0.2.1.", false },
	{ "ipv4: a blank after", KV_TYPE_IPV4, "192.0.2.1 ", false },
	{ "ipv4: byte 255 after", KV_TYPE_IPV4, "192.0.2.1\xff", false },
	{ "ipv4: a prefix length", KV_TYPE_IPV4, "192.0.2.0/24", false },
	{ "ipv4: hexadecimal", KV_TYPE_IPV4, "0xc0.0.2.1", false },
	{ "ipv4: nothing", KV_TYPE_IPV4, "", false },
	{ "ipv4: a name", KV_TYPE_IPV4, "localhost", false },
};

static void value_name(const struct value_case *value, char *name)
{
	strscpy(name, value->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(value, values, value_name);

static u64 parsed_value(enum kv_type type, const union kv_parsed *parsed)
{
	if (type == KV_TYPE_IPV4)
		return ntohl(parsed->ipv4);
	return type == KV_TYPE_STRING ? 0 : parsed->u64;
}

static void a_value(struct kunit *test)
{
	const struct value_case *value = test->param_value;
	unsigned int len = value->len ?: strlen(value->text);
	union kv_parsed parsed = { };
	bool good;

	good = kv_value_parse(value->type, value->type == KV_TYPE_ENUM ? colours : NULL,
			      value->text, len, &parsed);
	KUNIT_EXPECT_EQ(test, good, value->good);
	if (good)
		KUNIT_EXPECT_EQ(test, parsed_value(value->type, &parsed), value->value);
}

static const struct ipv6_case {
	const char *text;
	bool good;
	struct in6_addr addr;
} ipv6s[] = {
	{ "::", true },
	{ "::1", true, { { { [15] = 1 } } } },
	{ "1::", true, { { { [1] = 1 } } } },
	{ "2001:db8::1", true, { { { 0x20, 1, 0x0d, 0xb8, [15] = 1 } } } },
	{ "2001:DB8::1", true, { { { 0x20, 1, 0x0d, 0xb8, [15] = 1 } } } },
	{ "1:2:3:4:5:6:7:8", true, { { { 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8 } } } },
	{ "::ffff:192.0.2.1", true, { { { [10] = 255, 255, 192, 0, 2, 1 } } } },
	{ "1:2:3:4:5:6:192.0.2.1", true,
	  { { { 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 192, 0, 2, 1 } } } },
	{ "1:2:3:4:5:6:7", false },
	{ "1:2:3:4:5:6:7:8:9", false },
	{ "1::2::3", false },
	{ ":::", false },
	{ ":1", false },
	{ "1:", false },
	{ "12345::", false },
	{ "::g", false },
	{ "::1%lo", false },
	{ "::1/64", false },
	{ "::1 ", false },
	{ "::1\xff", false },
	{ "192.0.2.1", false },
	{ "::192.0.2", false },
	{ "", false },
};

static void ipv6_name(const struct ipv6_case *ipv6, char *name)
{
	snprintf(name, KUNIT_PARAM_DESC_SIZE, "'%*pE'", (int)strlen(ipv6->text), ipv6->text);
}

KUNIT_ARRAY_PARAM(ipv6, ipv6s, ipv6_name);

static void an_ipv6_address(struct kunit *test)
{
	const struct ipv6_case *ipv6 = test->param_value;
	union kv_parsed parsed = { };
	bool good = kv_value_parse(KV_TYPE_IPV6, NULL, ipv6->text, strlen(ipv6->text), &parsed);

	KUNIT_EXPECT_EQ(test, good, ipv6->good);
	if (good)
		KUNIT_EXPECT_FALSE(test, memcmp(&parsed.ipv6, &ipv6->addr, sizeof(ipv6->addr)));
}

/* The text is followed by what would make it another. */
static void only_counted_bytes(struct kunit *test)
{
	union kv_parsed parsed;

	KUNIT_EXPECT_TRUE(test, kv_value_parse(KV_TYPE_U64, NULL, "123", 2, &parsed));
	KUNIT_EXPECT_EQ(test, parsed.u64, 12);
	KUNIT_EXPECT_TRUE(test, kv_value_parse(KV_TYPE_ENUM, colours, "redder", 3, &parsed));
	KUNIT_EXPECT_EQ(test, parsed.u64, 0);
	KUNIT_EXPECT_TRUE(test, kv_value_parse(KV_TYPE_STRING, NULL, "a\0", 1, &parsed));
}

static struct kunit_case value_cases[] = {
	KUNIT_CASE_PARAM(a_value, value_gen_params),
	KUNIT_CASE_PARAM(an_ipv6_address, ipv6_gen_params),
	KUNIT_CASE(only_counted_bytes),
	{ }
};

struct kunit_suite value_suite = {
	.name = "kv_value",
	.test_cases = value_cases,
};
