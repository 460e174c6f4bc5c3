// SPDX-License-Identifier: GPL-2.0-only
/* commit.c: transactions, and the operation that is refused */
#include <linux/kernel.h>
#include <linux/string.h>

#include "kunit/kunit.h"

#define PUT(_key, _value, ...)							\
	{ .op = KV_OP_PUT, .key = (_key), .value = (_value), .len = sizeof(_value) - 1,	\
	  __VA_ARGS__ }
#define DELETE(_key, ...) { .op = KV_OP_DELETE, .key = (_key), __VA_ARGS__ }
#define CHECK(_key, ...) { .op = KV_OP_CHECK, .key = (_key), __VA_ARGS__ }

#define CREATE .flags = KV_F_CREATE
#define REPLACE .flags = KV_F_REPLACE
#define IF_REV(_rev) .flags = KV_F_IF_REV, .rev = (_rev)

/* The store has a = 1 at revision 1 and b = 2 at revision 2. "-": no such key */
static const struct txn_case {
	const char *name;
	struct kv_write writes[4];
	int error;
	u32 failed;
	unsigned int commits;
	const char *a;
	const char *c;
} txns[] = {
	{ "puts", { PUT("a", "3"), PUT("c", "3") }, 0, KV_NO_RECORD, 1, "3", "3" },
	{ "nothing but a check", { CHECK("a", REPLACE) }, 0, KV_NO_RECORD, 0, "1", "-" },
	{ "checks that hold", { CHECK("a", IF_REV(1)), CHECK("c", CREATE), PUT("c", "3") }, 0,
	  KV_NO_RECORD, 1, "1", "3" },
	{ "a put twice", { PUT("c", "3"), PUT("c", "4") }, 0, KV_NO_RECORD, 1, "1", "4" },
	{ "a put and a delete", { PUT("c", "3", CREATE), DELETE("c") }, 0, KV_NO_RECORD, 0, "1",
	  "-" },
	{ "a delete and a put", { DELETE("a"), PUT("a", "3", CREATE) }, 0, KV_NO_RECORD, 1, "3",
	  "-" },
	{ "a delete twice", { DELETE("a"), DELETE("a") }, -ENOENT, 1, 0, "1", "-" },
	{ "a create of what is there", { PUT("c", "3"), PUT("a", "3", CREATE) }, -EEXIST, 1, 0,
	  "1", "-" },
	{ "a create twice", { PUT("c", "3", CREATE), PUT("c", "4", CREATE) }, -EEXIST, 1, 0, "1",
	  "-" },
	{ "a replace of nothing", { PUT("a", "3"), PUT("c", "3", REPLACE) }, -ENOENT, 1, 0, "1",
	  "-" },
	{ "a replace of what was just created", { PUT("c", "3"), PUT("c", "4", REPLACE) }, 0,
	  KV_NO_RECORD, 1, "1", "4" },
	{ "an old revision", { PUT("c", "3"), PUT("a", "3", IF_REV(2)) }, -ESTALE, 1, 0, "1",
	  "-" },
	{ "the right revision", { PUT("a", "3", IF_REV(1)), DELETE("b", IF_REV(2)) }, 0,
	  KV_NO_RECORD, 1, "3", "-" },
	{ "a revision of this transaction", { PUT("a", "3"), PUT("a", "4", IF_REV(3)) }, 0,
	  KV_NO_RECORD, 1, "4", "-" },
	{ "a revision from before it", { PUT("a", "3"), PUT("a", "4", IF_REV(1)) }, -ESTALE, 1, 0,
	  "1", "-" },
	{ "a check that fails at the end", { PUT("a", "3"), DELETE("b"), CHECK("c", REPLACE) },
	  -ENOENT, 2, 0, "1", "-" },
};

static void txn_name(const struct txn_case *txn, char *name)
{
	strscpy(name, txn->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(txn, txns, txn_name);

static bool is(struct kv_store *store, const char *key, const char *value)
{
	return *value == '-' ? kv_kunit_is_absent(store, key) : kv_kunit_holds(store, key, value);
}

static void a_transaction(struct kunit *test)
{
	const struct txn_case *txn = test->param_value;
	struct kv_store *store = test->priv;
	unsigned int count = 0;
	u64 bytes;
	u32 failed;

	kv_kunit_put(store, "a", "1");
	kv_kunit_put(store, "b", "2");
	bytes = store->bytes;
	while (count < ARRAY_SIZE(txn->writes) && txn->writes[count].op)
		count++;
	KUNIT_EXPECT_EQ(test, kv_kunit_commit(store, txn->writes, count, &failed), txn->error);
	KUNIT_EXPECT_EQ(test, failed, txn->failed);
	KUNIT_EXPECT_EQ(test, store->rev, 2 + txn->commits);
	KUNIT_EXPECT_TRUE(test, is(store, "a", txn->a));
	KUNIT_EXPECT_TRUE(test, is(store, "c", txn->c));
	if (txn->commits)
		return;
	KUNIT_EXPECT_TRUE(test, kv_kunit_holds(store, "b", "2"));
	KUNIT_EXPECT_EQ(test, store->entries, 2);
	KUNIT_EXPECT_EQ(test, store->bytes, bytes);
	KUNIT_EXPECT_EQ(test, store->log->next, 2);
}

/* Limits are checked at each put: a delete makes room for later puts only. */
static void limits_of_a_transaction(struct kunit *test)
{
	struct kv_write swap[] = { DELETE("k0"), PUT("new", "") };
	struct kv_write swap_late[] = { PUT("newer", ""), DELETE("k1") };
	struct kv_store *store = test->priv;
	unsigned int i;
	char key[8];
	u32 failed;

	for (i = 0; i < KV_KUNIT_ENTRIES; i++) {
		snprintf(key, sizeof(key), "k%u", i);
		KUNIT_ASSERT_EQ(test, kv_kunit_put(store, key, ""), 0);
	}
	KUNIT_EXPECT_EQ(test, kv_kunit_commit(store, swap, 2, &failed), 0);
	KUNIT_EXPECT_EQ(test, kv_kunit_commit(store, swap_late, 2, &failed), -ENOSPC);
	KUNIT_EXPECT_EQ(test, failed, 0);
	KUNIT_EXPECT_EQ(test, store->entries, KV_KUNIT_ENTRIES);
}

static struct kunit_case txn_cases[] = {
	KUNIT_CASE_PARAM(a_transaction, txn_gen_params),
	KUNIT_CASE(limits_of_a_transaction),
	{ }
};

struct kunit_suite txn_suite = {
	.name = "kv_txn",
	.init = kv_kunit_init,
	.exit = kv_kunit_exit,
	.test_cases = txn_cases,
};
