// SPDX-License-Identifier: GPL-2.0-only
/* types.c: parsing values of each type */
#include <linux/kernel.h>
#include <linux/string.h>

#include "kunit/kunit.h"
#include "params/params.h"

static const char *const colours[] = { "red", "green", "", "redder", NULL };

static const struct value_case {
	enum kv_type type;
	const char *name;
	const char *text;
	bool valid;
	u64 value;	/* s64: the same bits; ipv4: host byte order; string: bytes */
	unsigned int len;	/* 0: the length of the text */
} values[] = {
	{ KV_TYPE_U64, "0", "0", true, 0 },
	{ KV_TYPE_U64, "the greatest", "18446744073709551615", true, U64_MAX },
	{ KV_TYPE_U64, "one more", "18446744073709551616", false },
	{ KV_TYPE_U64, "zeros before it are not octal", "010", true, 10 },
	{ KV_TYPE_U64, "hexadecimal", "0xaF", true, 0xaf },
	{ KV_TYPE_U64, "0X", "0X10", true, 16 },
	{ KV_TYPE_U64, "the greatest in hexadecimal", "0xffffffffffffffff", true, U64_MAX },
	{ KV_TYPE_U64, "one more in hexadecimal", "0x10000000000000000", false },
	{ KV_TYPE_U64, "nothing", "", false },
	{ KV_TYPE_U64, "only 0x", "0x", false },
	{ KV_TYPE_U64, "0x twice", "0x0x1", false },
	{ KV_TYPE_U64, "a minus", "-1", false },
	{ KV_TYPE_U64, "a plus", "+1", false },
	{ KV_TYPE_U64, "a plus after 0x", "0x+1", false },
	{ KV_TYPE_U64, "a blank before", " 1", false },
	{ KV_TYPE_U64, "a newline after", "1\n", false },
	{ KV_TYPE_U64, "a letter after", "1k", false },
	{ KV_TYPE_U64, "hexadecimal without 0x", "a", false },
	{ KV_TYPE_U64, "a fraction", "1.0", false },
	{ KV_TYPE_U64, "a NUL within", "1\0x", false, 0, 3 },
	{ KV_TYPE_U64, "a NUL after", "1", false, 0, 2 },
	{ KV_TYPE_U64, "too many digits",
	  "000000000000000000000000000000000000000000000001", false },
	{ KV_TYPE_S64, "minus", "-1", true, (u64)-1 },
	{ KV_TYPE_S64, "no sign", "12", true, 12 },
	{ KV_TYPE_S64, "minus 0", "-0", true, 0 },
	{ KV_TYPE_S64, "the greatest", "9223372036854775807", true, S64_MAX },
	{ KV_TYPE_S64, "one more", "9223372036854775808", false },
	{ KV_TYPE_S64, "the least", "-9223372036854775808", true, (u64)S64_MIN },
	{ KV_TYPE_S64, "one less", "-9223372036854775809", false },
	{ KV_TYPE_S64, "hexadecimal", "-0x10", true, (u64)-16 },
	{ KV_TYPE_S64, "two signs", "--1", false },
	{ KV_TYPE_S64, "only a sign", "-", false },
	{ KV_TYPE_S64, "a plus", "+1", false },
	{ KV_TYPE_BOOL, "1", "1", true, 1 },
	{ KV_TYPE_BOOL, "on", "on", true, 1 },
	{ KV_TYPE_BOOL, "true", "true", true, 1 },
	{ KV_TYPE_BOOL, "yes", "yes", true, 1 },
	{ KV_TYPE_BOOL, "0", "0", true, 0 },
	{ KV_TYPE_BOOL, "off", "off", true, 0 },
	{ KV_TYPE_BOOL, "false", "false", true, 0 },
	{ KV_TYPE_BOOL, "no", "no", true, 0 },
	{ KV_TYPE_BOOL, "y", "y", false },
	{ KV_TYPE_BOOL, "On", "On", false },
	{ KV_TYPE_BOOL, "2", "2", false },
	{ KV_TYPE_BOOL, "nothing", "", false },
	{ KV_TYPE_BOOL, "more after it", "on ", false },
	{ KV_TYPE_ENUM, "the first", "red", true, 0 },
	{ KV_TYPE_ENUM, "an empty one", "", true, 2 },
	{ KV_TYPE_ENUM, "one that starts with another", "redder", true, 3 },
	{ KV_TYPE_ENUM, "the start of one", "gree", false },
	{ KV_TYPE_ENUM, "another case", "Red", false },
	{ KV_TYPE_ENUM, "a NUL after", "red", false, 0, 4 },
	{ KV_TYPE_STRING, "nothing", "", true },
	{ KV_TYPE_STRING, "any bytes", "\n \x01\xff", true, 4 },
	{ KV_TYPE_STRING, "a NUL within", "a\0b", false, 0, 3 },
	{ KV_TYPE_STRING, "a NUL after", "a", false, 0, 2 },
	{ KV_TYPE_IPV4, "an address", "192.0.2.1", true, 0xc0000201 },
	{ KV_TYPE_IPV4, "the last", "255.255.255.255", true, 0xffffffff },
	{ KV_TYPE_IPV4, "over 255", "192.0.2.256", false },
	{ KV_TYPE_IPV4, "three parts", "192.0.2", false },
	{ KV_TYPE_IPV4, "five parts", "192.0.2.1.1", false },
	{ KV_TYPE_IPV4, "an empty part", "192..2.1", false },
	{ KV_TYPE_IPV4, "a dot after", "192.0.2.1.", false },
	{ KV_TYPE_IPV4, "a blank after", "192.0.2.1 ", false },
	{ KV_TYPE_IPV4, "byte 255 after", "192.0.2.1\xff", false },
	{ KV_TYPE_IPV4, "a prefix length", "192.0.2.0/24", false },
	{ KV_TYPE_IPV4, "hexadecimal", "0xc0.0.2.1", false },
	{ KV_TYPE_IPV4, "nothing", "", false },
	{ KV_TYPE_IPV4, "a name", "localhost", false },
};

static void value_name(const struct value_case *value, char *name)
{
	snprintf(name, KUNIT_PARAM_DESC_SIZE, "%s: %s", kv_type_find(value->type)->name,
		 value->name);
}

KUNIT_ARRAY_PARAM(value, values, value_name);

static u64 parsed_value(enum kv_type type, const union kv_parsed *parsed)
{
	return type == KV_TYPE_IPV4 ? ntohl(parsed->ipv4) : parsed->u64;
}

static void a_value(struct kunit *test)
{
	const struct value_case *value = test->param_value;
	unsigned int len = value->len ?: strlen(value->text);
	union kv_parsed parsed = { };
	bool valid;

	valid = kv_value_parse(value->type,
			       kv_type_find(value->type)->has_choices ? colours : NULL,
			       value->text, len, &parsed);
	KUNIT_EXPECT_EQ(test, valid, value->valid);
	if (valid)
		KUNIT_EXPECT_EQ(test, parsed_value(value->type, &parsed), value->value);
}

static const struct ipv6_case {
	const char *text;
	bool valid;
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
	bool valid = kv_value_parse(KV_TYPE_IPV6, NULL, ipv6->text, strlen(ipv6->text), &parsed);

	KUNIT_EXPECT_EQ(test, valid, ipv6->valid);
	if (valid)
		KUNIT_EXPECT_FALSE(test, memcmp(&parsed.ipv6, &ipv6->addr, sizeof(ipv6->addr)));
}

/* Bytes after the text must not be parsed. */
static void only_counted_bytes(struct kunit *test)
{
	union kv_parsed parsed;

	KUNIT_EXPECT_TRUE(test, kv_value_parse(KV_TYPE_U64, NULL, "123", 2, &parsed));
	KUNIT_EXPECT_EQ(test, parsed.u64, 12);
	KUNIT_EXPECT_TRUE(test, kv_value_parse(KV_TYPE_ENUM, colours, "redder", 3, &parsed));
	KUNIT_EXPECT_EQ(test, parsed.u64, 0);
	KUNIT_EXPECT_TRUE(test, kv_value_parse(KV_TYPE_STRING, NULL, "a\0", 1, &parsed));
}

/* Callers do not check whether these functions exist. */
static void rows_are_complete(struct kunit *test)
{
	const struct kv_type_ops *row;
	unsigned int type = KV_TYPE_NONE;

	KUNIT_EXPECT_NULL(test, kv_type_find(KV_TYPE_NONE));
	while ((row = kv_type_find(++type))) {
		KUNIT_EXPECT_TRUE(test, row->words && row->parse && row->store && row->publish);
		KUNIT_EXPECT_EQ(test, !row->set_bounds, !row->in_bounds);
		KUNIT_EXPECT_TRUE(test, !row->free || row->field_size == sizeof(void *));
	}
	KUNIT_EXPECT_EQ(test, type, KV_TYPE_IPV6 + 1);
}

static struct kunit_case value_cases[] = {
	KUNIT_CASE(rows_are_complete),
	KUNIT_CASE_PARAM(a_value, value_gen_params),
	KUNIT_CASE_PARAM(an_ipv6_address, ipv6_gen_params),
	KUNIT_CASE(only_counted_bytes),
	{ }
};

struct kunit_suite value_suite = {
	.name = "kv_value",
	.test_cases = value_cases,
};
