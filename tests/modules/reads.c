// SPDX-License-Identifier: GPL-2.0-only
/* caller.ko: kv_get() and the typed reads, in every context */
#include <linux/inet.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "caller.h"

#define LONG "0123456789012345678901234567890123456789012345678901234567890123456789"

static const struct sample {
	const char *key;
	const char *value;
	unsigned int len;	/* 0: length of the text */
	unsigned int flags;
} samples[] = {
	{ "text", "value" },
	{ "empty", "" },
	{ "nul", "a\0b", 3 },
	{ "secret", "hidden", 0, KV_F_PRIVATE },
	{ "long", LONG },
	{ "u64", "18446744073709551615" },
	{ "u64.hex", "0xFf" },
	{ "u64.secret", "7", 0, KV_F_PRIVATE },
	{ "u64.nul", "7\0", 2 },
	{ "u64.over", "18446744073709551616" },
	{ "s64", "-9223372036854775808" },
	{ "s64.over", "9223372036854775808" },
	{ "bool.on", "yes" },
	{ "bool.off", "off" },
	{ "bool.bad", "2" },
	{ "ipv4", "192.0.2.1" },
	{ "ipv4.bad", "192.0.2" },
	{ "ipv6", "2001:db8::1" },
	{ "ipv6.bad", "2001:db8:1" },
};

static char longest[KV_VALUE_MAX];

static void put_samples(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(samples); i++)
		if (kv_put(here, samples[i].key, samples[i].value,
			   samples[i].len ?: strlen(samples[i].value), samples[i].flags))
			report("# no %s\n", samples[i].key);
	memset(longest, 0xff, sizeof(longest));
	if (kv_put(here, "longest", longest, sizeof(longest), 0))
		report("# no longest\n");
}

static void get_present(void)
{
	char buf[8] = "........";

	EXPECT_IS(kv_get(here, "text", buf, sizeof(buf)), 5);
	EXPECT(!memcmp(buf, "value...", 8));
	EXPECT_IS(kv_get(here, "nul", buf, sizeof(buf)), 3);
	EXPECT(!memcmp(buf, "a\0bue...", 8));
	EXPECT_IS(kv_get(here, "empty", buf, sizeof(buf)), 0);
	EXPECT_IS(kv_get(here, "empty", buf, 0), 0);
}

static void get_longest(void)
{
	static char buf[KV_VALUE_MAX];

	memset(buf, 0, sizeof(buf));
	EXPECT_IS(kv_get(here, "longest", buf, sizeof(buf)), KV_VALUE_MAX);
	EXPECT(!memcmp(buf, longest, sizeof(buf)));
}

static void get_missing(void)
{
	char buf[8] = "........", key[KV_KEY_MAX + 2];

	memset(key, 'k', sizeof(key) - 1);
	key[sizeof(key) - 1] = '\0';
	EXPECT_IS(kv_get(here, "nothing", buf, sizeof(buf)), -ENOENT);
	EXPECT_IS(kv_get(here, "", buf, sizeof(buf)), -ENOENT);
	EXPECT_IS(kv_get(here, "not a key", buf, sizeof(buf)), -ENOENT);
	EXPECT_IS(kv_get(here, key, buf, sizeof(buf)), -ENOENT);
	EXPECT(!memcmp(buf, "........", 8));
}

static void get_too_long(void)
{
	char buf[8] = "........";

	EXPECT_IS(kv_get(here, "text", buf, 4), -ERANGE);
	EXPECT_IS(kv_get(here, "text", buf, 0), -ERANGE);
	EXPECT(!memcmp(buf, "........", 8));
	EXPECT_IS(kv_get(here, "text", buf, 5), 5);
}

static void get_private(void)
{
	char buf[8];

	EXPECT_IS(kv_get(here, "secret", buf, sizeof(buf)), 6);
	EXPECT(!memcmp(buf, "hidden", 6));
	EXPECT_IS(kv_get_u64(here, "u64.secret", 1), 7);
}

static void get_counted(void)
{
	char buf[8];

	EXPECT_IS(kv_get_bytes(here, "textual", 4, buf, sizeof(buf)), 5);
	EXPECT_IS(kv_get_bytes(here, "textual", 7, buf, sizeof(buf)), -ENOENT);
}

static void get_elsewhere(void)
{
	char buf[8];

	EXPECT_IS(kv_get(&init_net, "text", buf, sizeof(buf)), -ENOENT);
	EXPECT_IS(kv_get_u64(&init_net, "u64.hex", 3), 3);
}

static void read_u64(void)
{
	EXPECT(kv_get_u64(here, "u64", 1) == U64_MAX);
	EXPECT_IS(kv_get_u64(here, "u64.hex", 1), 255);
}

static void read_s64(void)
{
	EXPECT(kv_get_s64(here, "s64", 1) == S64_MIN);
	EXPECT_IS(kv_get_s64(here, "u64.hex", 1), 255);
}

static void read_bool(void)
{
	EXPECT(kv_get_bool(here, "bool.on", false));
	EXPECT(!kv_get_bool(here, "bool.off", true));
}

static void read_ipv4(void)
{
	EXPECT(kv_get_ipv4(here, "ipv4", 0) == in_aton("192.0.2.1"));
}

static void read_ipv6(void)
{
	struct in6_addr wanted = { { { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } } };
	struct in6_addr got = kv_get_ipv6(here, "ipv6", in6addr_any);

	EXPECT(!memcmp(&got, &wanted, sizeof(got)));
}

static const char *const not_numbers[] = {
	"nothing", "text", "empty", "nul", "secret", "long", "longest", "u64.nul", "u64.over",
};

static void fall_back_numbers(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(not_numbers); i++) {
		if (!EXPECT(kv_get_u64(here, not_numbers[i], 11) == 11) ||
		    !EXPECT(kv_get_s64(here, not_numbers[i], -11) == -11))
			report("# %s\n", not_numbers[i]);
	}
	EXPECT_IS(kv_get_u64(here, "s64", 11), 11);
	EXPECT_IS(kv_get_s64(here, "s64.over", -11), -11);
	EXPECT_IS(kv_get_s64(here, "u64", -11), -11);
}

static void fall_back_others(void)
{
	static const char *const bad[] = {
		"nothing", "text", "empty", "nul", "long", "longest", "bool.bad", "ipv4.bad",
		"ipv6.bad",
	};
	struct in6_addr addr;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		addr = kv_get_ipv6(here, bad[i], in6addr_loopback);
		if (!EXPECT(kv_get_bool(here, bad[i], true)) ||
		    !EXPECT(!kv_get_bool(here, bad[i], false)) ||
		    !EXPECT(kv_get_ipv4(here, bad[i], htonl(9)) == htonl(9)) ||
		    !EXPECT(!memcmp(&addr, &in6addr_loopback, sizeof(addr))))
			report("# %s\n", bad[i]);
	}
}

static void read_string(void)
{
	char buf[8] = "........";

	EXPECT_IS(kv_get_string(here, "text", buf, sizeof(buf), "other"), 5);
	EXPECT(!memcmp(buf, "value\0..", 8));
	EXPECT_IS(kv_get_string(here, "text", buf, 6, "other"), 5);
	EXPECT_IS(kv_get_string(here, "empty", buf, sizeof(buf), "other"), 0);
	EXPECT(!strcmp(buf, ""));
	EXPECT_IS(kv_get_string(here, "empty", buf, 1, "other"), 0);
	EXPECT_IS(kv_get_string(here, "secret", buf, sizeof(buf), "other"), 6);
	EXPECT(!strcmp(buf, "hidden"));
}

static void fall_back_string(void)
{
	static const char *const bad[] = { "nothing", "nul", "long", "longest" };
	char buf[8];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		memset(buf, '.', sizeof(buf));
		if (!EXPECT(kv_get_string(here, bad[i], buf, sizeof(buf), "other") == 5) ||
		    !EXPECT(!memcmp(buf, "other\0", 6)))
			report("# %s\n", bad[i]);
	}
	EXPECT_IS(kv_get_string(here, "text", buf, 5, "abcd"), 4);
	EXPECT(!strcmp(buf, "abcd"));
}

static void cut_string(void)
{
	char buf[8] = "........";

	EXPECT_IS(kv_get_string(here, "nothing", buf, 4, "other"), -E2BIG);
	EXPECT(!memcmp(buf, "oth\0....", 8));
	EXPECT_IS(kv_get_string(here, "text", buf, 1, "other"), -E2BIG);
	EXPECT(!buf[0]);
}

static const struct test reads[] = {
	{ "kv_get copies only the bytes of the value, and returns their number", get_present },
	{ "kv_get copies the longest value", get_longest },
	{ "kv_get of a missing key is ENOENT and writes nothing", get_missing },
	{ "kv_get of a value that does not fit is ERANGE and writes nothing", get_too_long },
	{ "private values are read like all others", get_private },
	{ "kv_get_bytes uses only the given length of the key", get_counted },
	{ "a read sees its own namespace only", get_elsewhere },
	{ "kv_get_u64 reads decimal and hexadecimal up to 64 bits", read_u64 },
	{ "kv_get_s64 reads negative numbers up to 64 bits", read_s64 },
	{ "kv_get_bool reads the words for on and off", read_bool },
	{ "kv_get_ipv4 reads an address", read_ipv4 },
	{ "kv_get_ipv6 reads an address", read_ipv6 },
	{ "a missing key, or a value that is too long or no number, reads as the fallback",
	  fall_back_numbers },
	{ "a value that is no boolean or address reads as the fallback", fall_back_others },
	{ "kv_get_string terminates the string and returns its length", read_string },
	{ "a string that is missing, too long or has a NUL reads as the fallback",
	  fall_back_string },
	{ "a fallback that does not fit is truncated: E2BIG", cut_string },
};

const struct suite reads_suite = {
	.name = "reads",
	.tests = reads,
	.count = ARRAY_SIZE(reads),
	.in_all_contexts = true,
	.enter = put_samples,
};

/*
 * Reads while user space writes: it puts `storm` again and again, as 1000 letters b
 * or 10 letters a. The number of changes shows that it does.
 */
#define CHANGES 500

static char last, torn;
static unsigned int changes;

static void read_storm(void)
{
	static char buf[KV_VALUE_MAX];
	int len = kv_get(here, "storm", buf, sizeof(buf));

	if (len < 0)
		return;
	if (len != (buf[0] == 'a' ? 10 : 1000) || memchr_inv(buf, buf[0], len))
		torn = true;
	changes += buf[0] != last;
	last = buf[0];
}

static void read_during_writes(void)
{
	unsigned int i;

	/* Ends at the timeout of the test run if user space does not write. */
	while (changes < CHANGES)
		for (i = 0; i < contexts_count; i++)
			contexts[i].run(read_storm);
	EXPECT(!torn);
}

static const struct test storm[] = {
	{ "reads in all contexts see each value whole while user space writes",
	  read_during_writes },
};

const struct suite storm_suite = {
	.name = "storm",
	.tests = storm,
	.count = ARRAY_SIZE(storm),
};
