// SPDX-License-Identifier: GPL-2.0-only
/* caller.ko: kv_put(), kv_delete(), kv_commit() */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "caller.h"

#define PUT(_key, _value, ...)							\
	{ .op = KV_OP_PUT, .key = (_key), .value = (_value), .len = sizeof(_value) - 1,	\
	  __VA_ARGS__ }
#define DELETE(_key, ...) { .op = KV_OP_DELETE, .key = (_key), __VA_ARGS__ }
#define CHECK(_key, ...) { .op = KV_OP_CHECK, .key = (_key), __VA_ARGS__ }

#define CREATE .flags = KV_F_CREATE
#define REPLACE .flags = KV_F_REPLACE
#define IF_REV(_rev) .flags = KV_F_IF_REV, .rev = (_rev)

static char long_key[KV_KEY_MAX + 2], longest_key[KV_KEY_MAX + 1];
static char long_value[KV_VALUE_MAX + 1];

static void make_long(void)
{
	memset(long_key, 'k', sizeof(long_key) - 1);
	memset(longest_key, 'k', sizeof(longest_key) - 1);
	memset(long_value, 'v', sizeof(long_value));
	put("there", "1");
}

/* One key */

static void put_stores(void)
{
	static char buf[KV_VALUE_MAX];

	EXPECT_IS(kv_put(here, "put", "a\0b", 3, 0), 0);
	EXPECT(kv_get(here, "put", buf, sizeof(buf)) == 3 && !memcmp(buf, "a\0b", 3));
	EXPECT_IS(kv_put(here, "put", "new", 3, 0), 0);
	EXPECT(holds(here, "put", "new"));
	EXPECT_IS(kv_put(here, "put", NULL, 0, 0), 0);
	EXPECT(holds(here, "put", ""));
	EXPECT_IS(kv_put(here, longest_key, long_value, KV_VALUE_MAX, KV_F_PRIVATE), 0);
	EXPECT(kv_get(here, longest_key, buf, sizeof(buf)) == KV_VALUE_MAX &&
	       !memcmp(buf, long_value, KV_VALUE_MAX));
}

static void put_conditions(void)
{
	EXPECT_IS(kv_put(here, "new", "1", 1, KV_F_REPLACE), -ENOENT);
	EXPECT(is_absent(here, "new"));
	EXPECT_IS(kv_put(here, "new", "1", 1, KV_F_CREATE), 0);
	EXPECT_IS(kv_put(here, "new", "2", 1, KV_F_CREATE), -EEXIST);
	EXPECT(holds(here, "new", "1"));
	EXPECT_IS(kv_put(here, "new", "2", 1, KV_F_REPLACE), 0);
	EXPECT(holds(here, "new", "2"));
}

static void put_malformed(void)
{
	u64 rev = tick();

	EXPECT_IS(kv_put(here, "", "1", 1, 0), -EINVAL);
	EXPECT_IS(kv_put(here, "a key", "1", 1, 0), -EINVAL);
	EXPECT_IS(kv_put(here, "there", "2", 1, KV_F_IF_REV), -EINVAL);
	EXPECT_IS(kv_put(here, "there", "2", 1, KV_F_PREFIX), -EINVAL);
	EXPECT_IS(kv_put(here, "there", "2", 1, KV_F_DECLARED), -EINVAL);
	EXPECT_IS(kv_put(here, "there", "2", 1, 1 << 31), -EINVAL);
	EXPECT_IS(kv_put(here, "there", "2", 1, KV_F_CREATE | KV_F_REPLACE), -EINVAL);
	EXPECT_IS(kv_put(here, long_key, "1", 1, 0), -ENAMETOOLONG);
	EXPECT_IS(kv_put(here, "there", long_value, KV_VALUE_MAX + 1, 0), -EMSGSIZE);
	EXPECT(holds(here, "there", "1"));
	EXPECT_IS(tick(), rev + 1);
}

static void delete_deletes(void)
{
	put("gone", "1");
	EXPECT_IS(kv_delete(here, "gone"), 0);
	EXPECT(is_absent(here, "gone"));
	EXPECT_IS(kv_delete(here, "gone"), -ENOENT);
	EXPECT_IS(kv_delete(here, "no key"), -ENOENT);
	EXPECT_IS(kv_delete(here, ""), -EINVAL);
	EXPECT_IS(kv_delete(here, long_key), -ENAMETOOLONG);
}

static void write_elsewhere(void)
{
	put("apart", "here");
	EXPECT(is_absent(&init_net, "apart"));
	EXPECT_IS(kv_put(&init_net, "apart", "there", 5, 0), 0);
	EXPECT(holds(here, "apart", "here"));
	EXPECT_IS(kv_delete(&init_net, "apart"), 0);
	EXPECT(holds(here, "apart", "here"));
}

/* Transactions */

static void commit_all(void)
{
	struct kv_write writes[] = {
		PUT("all.a", "1"), PUT("all.b", "2", CREATE), DELETE("all.old"),
		PUT("there", "1", REPLACE), CHECK("all.a", REPLACE), CHECK("all.none", CREATE),
	};
	unsigned int failed = 99;

	put("all.old", "1");
	EXPECT_IS(kv_commit(here, writes, ARRAY_SIZE(writes), &failed), 0);
	EXPECT_IS(failed, ARRAY_SIZE(writes));
	EXPECT(holds(here, "all.a", "1") && holds(here, "all.b", "2"));
	EXPECT(is_absent(here, "all.old"));
	EXPECT_IS(kv_commit(here, writes, 1, NULL), 0);
}

static void commit_in_order(void)
{
	struct kv_write twice[] = { PUT("order", "1", CREATE), PUT("order", "2", CREATE) };
	struct kv_write there_and_back[] = {
		PUT("order", "1", CREATE), PUT("order", "2", REPLACE), CHECK("order", REPLACE),
		DELETE("order"), CHECK("order", CREATE),
	};
	unsigned int failed;
	u64 rev = tick();

	EXPECT_IS(kv_commit(here, twice, ARRAY_SIZE(twice), &failed), -EEXIST);
	EXPECT_IS(failed, 1);
	EXPECT_IS(kv_commit(here, there_and_back, ARRAY_SIZE(there_and_back), NULL), 0);
	EXPECT(is_absent(here, "order"));
	/* Neither transaction has changed anything. */
	EXPECT_IS(tick(), rev + 1);
}

static void commit_if_rev(void)
{
	struct kv_write write = PUT("if", "2", IF_REV(0));
	struct kv_write check = CHECK("if", IF_REV(0));
	struct kv_write delete = DELETE("if", IF_REV(0));
	u64 rev;

	EXPECT_IS(kv_commit(here, &write, 1, NULL), -ENOENT);
	rev = tick() + 1;
	put("if", "1");
	EXPECT_IS(kv_commit(here, &write, 1, NULL), -ESTALE);
	EXPECT_IS(kv_commit(here, &check, 1, NULL), -ESTALE);
	EXPECT_IS(kv_commit(here, &delete, 1, NULL), -ESTALE);
	EXPECT(holds(here, "if", "1"));
	write.rev = rev;
	check.rev = rev;
	EXPECT_IS(kv_commit(here, &check, 1, NULL), 0);
	EXPECT_IS(kv_commit(here, &write, 1, NULL), 0);
	EXPECT(holds(here, "if", "2"));
	EXPECT_IS(kv_commit(here, &check, 1, NULL), -ESTALE);
	delete.rev = rev + 1;
	EXPECT_IS(kv_commit(here, &delete, 1, NULL), 0);
}

static const struct {
	struct kv_write write;
	int error;
} refusals[] = {
	{ { .op = KV_OP_NONE, .key = "x" }, -EINVAL },
	{ { .op = KV_OP_GET, .key = "x" }, -EINVAL },
	{ { .op = KV_OP_COMPACTED, .key = "x" }, -EINVAL },
	{ { .op = 99, .key = "x" }, -EINVAL },
	{ PUT("", "1"), -EINVAL },
	{ PUT("x y", "1"), -EINVAL },
	{ PUT("x", "1", .flags = KV_F_PREFIX), -EINVAL },
	{ PUT("x", "1", .flags = KV_F_DECLARED), -EINVAL },
	{ PUT("x", "1", .flags = KV_F_CREATE | KV_F_IF_REV), -EINVAL },
	{ PUT(long_key, "1"), -ENAMETOOLONG },
	{ { .op = KV_OP_PUT, .key = "x", .value = long_value, .len = KV_VALUE_MAX + 1 },
	  -EMSGSIZE },
	{ { .op = KV_OP_PUT, .key = "x", .value = long_value, .len = UINT_MAX }, -EMSGSIZE },
	{ PUT("there", "2", CREATE), -EEXIST },
	{ PUT("none", "1", REPLACE), -ENOENT },
	{ PUT("none", "1", IF_REV(1)), -ENOENT },
	{ PUT("there", "1", IF_REV(U64_MAX)), -ESTALE },
	{ DELETE(""), -EINVAL },
	{ DELETE("there", .flags = KV_F_PREFIX), -EINVAL },
	{ DELETE("there", REPLACE), -EINVAL },
	{ { .op = KV_OP_DELETE, .key = "there", .value = "1", .len = 1 }, -EINVAL },
	{ DELETE(long_key), -ENAMETOOLONG },
	{ DELETE("none"), -ENOENT },
	{ DELETE("none", IF_REV(1)), -ENOENT },
	{ DELETE("there", IF_REV(U64_MAX)), -ESTALE },
	{ CHECK("there"), -EINVAL },
	{ CHECK("there", .flags = KV_F_PRIVATE), -EINVAL },
	{ CHECK("there", .flags = KV_F_CREATE | KV_F_REPLACE), -EINVAL },
	{ { .op = KV_OP_CHECK, .key = "there", .flags = KV_F_REPLACE, .len = 1 }, -EINVAL },
	{ CHECK(long_key, CREATE), -ENAMETOOLONG },
	{ CHECK("there", CREATE), -EEXIST },
	{ CHECK("none", REPLACE), -ENOENT },
	{ CHECK("none", IF_REV(1)), -ENOENT },
	{ CHECK("there", IF_REV(U64_MAX)), -ESTALE },
};

static void commit_nothing(void)
{
	struct kv_write writes[] = {
		PUT("refused.a", "1"), DELETE("there"), PUT("there", "1"), { },
		PUT("refused.b", "1"),
	};
	unsigned int i, failed;
	u64 rev = tick();

	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		writes[3] = refusals[i].write;
		failed = 99;
		if (!EXPECT_IS(kv_commit(here, writes, ARRAY_SIZE(writes), &failed),
			       refusals[i].error) ||
		    !EXPECT_IS(failed, 3) || !EXPECT(holds(here, "there", "1")) ||
		    !EXPECT(is_absent(here, "refused.a") && is_absent(here, "refused.b")))
			report("# refusal %u\n", i);
	}
	EXPECT_IS(tick(), rev + 1);
}

static void commit_count(void)
{
	struct kv_write *writes = kvcalloc(KV_WRITES_MAX + 1, sizeof(*writes), GFP_KERNEL);
	char (*keys)[16] = kvcalloc(KV_WRITES_MAX + 1, sizeof(*keys), GFP_KERNEL);
	static struct recorder recorder;
	unsigned int i, failed;

	if (!EXPECT(writes && keys))
		goto free;
	for (i = 0; i <= KV_WRITES_MAX; i++) {
		snprintf(keys[i], sizeof(keys[i]), "many.%u", i);
		writes[i] = (struct kv_write)PUT(keys[i], "1");
	}
	failed = 99;
	EXPECT_IS(kv_commit(here, writes, 0, &failed), -EINVAL);
	EXPECT_IS(failed, 0);
	EXPECT_IS(kv_commit(here, writes, KV_WRITES_MAX + 1, &failed), -EINVAL);
	EXPECT_IS(failed, KV_WRITES_MAX + 1);
	EXPECT_IS(kv_commit(here, writes, UINT_MAX, &failed), -EINVAL);
	EXPECT(is_absent(here, "many.0"));

	recorder_start(&recorder, here, "many.");
	EXPECT_IS(kv_commit(here, writes, KV_WRITES_MAX, NULL), 0);
	recorder_stop(&recorder);
	EXPECT_IS(recorder.count, KV_WRITES_MAX);
	EXPECT(recorder.first_rev == recorder.last_rev);
	EXPECT_IS(tick(), recorder.last_rev + 1);
free:
	kvfree(writes);
	kvfree(keys);
}

static const struct test writes[] = {
	{ "kv_put stores any bytes, up to the longest key and value", put_stores },
	{ "kv_put only creates or only replaces with the flag for it", put_conditions },
	{ "kv_put refuses malformed arguments", put_malformed },
	{ "kv_delete deletes a key, and is ENOENT for a missing one", delete_deletes },
	{ "a write changes its own namespace only", write_elsewhere },
	{ "kv_commit does all of its records", commit_all },
	{ "each record of a transaction sees the results of those before it", commit_in_order },
	{ "KV_F_IF_REV holds while the key has that revision", commit_if_rev },
	{ "a transaction with a refused record changes nothing and says which record it is",
	  commit_nothing },
	{ "a transaction has 1 to KV_WRITES_MAX records and one revision", commit_count },
};

const struct suite writes_suite = {
	.name = "writes",
	.tests = writes,
	.count = ARRAY_SIZE(writes),
	.enter = make_long,
};

/* With kvstore.ko loaded with max_entries=3 max_bytes=20 */

static void limit_entries(void)
{
	struct kv_write full[] = { PUT("b", "1"), PUT("c", "1"), PUT("d", "1") };
	struct kv_write swap[] = { DELETE("a"), PUT("b", "1"), PUT("c", "1"), PUT("d", "1") };
	unsigned int failed;

	put("a", "1");
	EXPECT_IS(kv_commit(here, full, ARRAY_SIZE(full), &failed), -ENOSPC);
	EXPECT_IS(failed, 2);
	EXPECT(is_absent(here, "b") && is_absent(here, "c") && is_absent(here, "d"));
	EXPECT_IS(kv_commit(here, swap, ARRAY_SIZE(swap), NULL), 0);
	EXPECT_IS(put("e", "1"), -ENOSPC);
	EXPECT_IS(put("b", "2"), 0);
}

static void limit_bytes(void)
{
	struct kv_write full[] = { DELETE("c"), PUT("b", "0123456789"), PUT("d", "01234567") };
	unsigned int failed;

	EXPECT_IS(kv_commit(here, full, ARRAY_SIZE(full), &failed), 0);
	EXPECT_IS(kv_commit(here, full + 1, 2, &failed), 0);
	full[2].value = "012345678";
	full[2].len = 9;
	EXPECT_IS(kv_commit(here, full + 1, 2, &failed), -EDQUOT);
	EXPECT_IS(failed, 1);
	EXPECT(holds(here, "d", "01234567"));
}

static const struct test limits[] = {
	{ "a key beyond max_entries is ENOSPC, and nothing has changed", limit_entries },
	{ "a byte beyond max_bytes is EDQUOT, and nothing has changed", limit_bytes },
};

const struct suite limits_suite = {
	.name = "limits",
	.tests = limits,
	.count = ARRAY_SIZE(limits),
};

/* In a namespace whose store has been sealed, with a = 1 */

static void write_sealed(void)
{
	struct kv_write write = PUT("a", "2");
	unsigned int failed;

	EXPECT_IS(put("a", "2"), -EROFS);
	EXPECT_IS(kv_put(here, "b", "2", 1, KV_F_CREATE), -EROFS);
	EXPECT_IS(kv_delete(here, "a"), -EROFS);
	EXPECT_IS(kv_commit(here, &write, 1, &failed), -EROFS);
	EXPECT_IS(failed, 1);
	EXPECT(holds(here, "a", "1"));
}

static const struct test sealed[] = {
	{ "writes to a sealed store are EROFS, and no record is at fault", write_sealed },
};

const struct suite sealed_suite = {
	.name = "sealed",
	.tests = sealed,
	.count = ARRAY_SIZE(sealed),
};
