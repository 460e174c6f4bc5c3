// SPDX-License-Identifier: GPL-2.0-only
/* params/: fields of every size, their bounds, and the reasons of refusals */
#include <linux/kernel.h>
#include <linux/string.h>

#include "kunit/kunit.h"
#include "params/params.h"

struct fields {
	u8 before;
	u8 u8;
	u16 u16;
	u32 u32;
	u64 u64;
	s8 s8;
	s16 s16;
	s32 s32;
	s64 s64;
	bool on;
	unsigned int mode;
	struct kv_string __rcu *name;
	u8 after;
};

static const char *const modes[] = { "slow", "fast", NULL };

static struct fields fields;

static int declare(struct kunit *test, const struct kv_declaration *declaration)
{
	struct kv_store *store = test->priv;

	memset(&fields, 0, sizeof(fields));
	return kv_params_declare(store->params, declaration, &fields);
}

static void undeclare(struct kunit *test, const struct kv_declaration *declaration)
{
	struct kv_store *store = test->priv;

	kv_params_undeclare(store->params, declaration);
	KUNIT_EXPECT_EQ(test, store->declared, 0);
	KUNIT_EXPECT_EQ(test, store->computed, 0);
	KUNIT_EXPECT_TRUE(test, kv_params_are_empty(store->params));
}

/* A row, its least and greatest values, and the values beyond them */
static const struct size_case {
	struct kv_param param;
	const char *least;
	const char *below;
	const char *greatest;
	const char *above;
} sizes[] = {
	{ KV_PARAM_UINT("u8", struct fields, u8, .def = "1", .text = "a number"),
	  "0", "-1", "255", "256" },
	{ KV_PARAM_UINT("u16", struct fields, u16, .def = "1", .text = "a number"),
	  "0", "-1", "0xffff", "65536" },
	{ KV_PARAM_UINT("u32", struct fields, u32, .def = "1", .text = "a number"),
	  "0", "-1", "4294967295", "0x100000000" },
	{ KV_PARAM_UINT("u64", struct fields, u64, .def = "1", .text = "a number"),
	  "0", "-1", "18446744073709551615", "18446744073709551616" },
	{ KV_PARAM_INT("s8", struct fields, s8, .def = "1", .text = "a number"),
	  "-128", "-129", "127", "128" },
	{ KV_PARAM_INT("s16", struct fields, s16, .def = "1", .text = "a number"),
	  "-32768", "-32769", "32767", "32768" },
	{ KV_PARAM_INT("s32", struct fields, s32, .def = "1", .text = "a number"),
	  "-2147483648", "-2147483649", "2147483647", "2147483648" },
	{ KV_PARAM_INT("s64", struct fields, s64, .def = "1", .text = "a number"),
	  "-9223372036854775808", "-9223372036854775809", "9223372036854775807",
	  "9223372036854775808" },
	{ KV_PARAM_UINT("bounded", struct fields, u16, .min = 3, .max = 5, .def = "3",
			.text = "a number"), "3", "2", "5", "6" },
	{ KV_PARAM_INT("negative", struct fields, s8, .smin = -5, .smax = -3, .def = "-3",
		       .text = "a number"), "-5", "-6", "-3", "-2" },
};

static void size_name(const struct size_case *size, char *name)
{
	strscpy(name, size->param.name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(size, sizes, size_name);

static s64 field_value(const struct kv_param *param)
{
	bool is_signed = param->type == KV_TYPE_S64;
	const void *field = (const void *)&fields + param->offset;

	switch (param->size) {
	case 1:
		return is_signed ? *(s8 *)field : *(u8 *)field;
	case 2:
		return is_signed ? *(s16 *)field : *(u16 *)field;
	case 4:
		return is_signed ? *(s32 *)field : (s64)*(u32 *)field;
	default:
		return *(s64 *)field;
	}
}

static s64 number(const char *text)
{
	s64 value;

	return kstrtos64(text, 0, &value) ? (s64)U64_MAX : value;
}

/* A field gets each value that it can hold, and no byte beside it is written. */
static void bounds_of_a_field(struct kunit *test)
{
	const struct size_case *size = test->param_value;
	const struct kv_declaration declaration = {
		.module = "kunit", .params = &size->param, .count = 1, .size = sizeof(fields),
	};
	struct fields expected = { };

	KUNIT_ASSERT_EQ(test, declare(test, &declaration), 0);
	KUNIT_EXPECT_EQ(test, field_value(&size->param), number(size->param.def));
	KUNIT_EXPECT_EQ(test, kv_kunit_put(test->priv, size->param.name, size->least), 0);
	KUNIT_EXPECT_EQ(test, field_value(&size->param), number(size->least));
	KUNIT_EXPECT_EQ(test, kv_kunit_put(test->priv, size->param.name, size->below), -EDOM);
	KUNIT_EXPECT_EQ(test, kv_kunit_put(test->priv, size->param.name, size->greatest), 0);
	KUNIT_EXPECT_EQ(test, field_value(&size->param), number(size->greatest));
	KUNIT_EXPECT_EQ(test, kv_kunit_put(test->priv, size->param.name, size->above), -EDOM);
	KUNIT_EXPECT_EQ(test, field_value(&size->param), number(size->greatest));
	memcpy((void *)&expected + size->param.offset, (void *)&fields + size->param.offset,
	       size->param.size);
	KUNIT_EXPECT_FALSE(test, memcmp(&fields, &expected, sizeof(fields)));
	undeclare(test, &declaration);
}

/* The reason of a refusal */

static int check_length(const struct kv_param *param, const char *value, unsigned int len,
			struct kv_reason *reason)
{
	return len & 1 ? -EINVAL : 0;	/* without a reason */
}

static const struct kv_param params[] = {
	KV_PARAM_UINT("r.count", struct fields, u32, .min = 1, .max = 9, .def = "1",
		      .unit = "packets", .text = "a number"),
	KV_PARAM_INT("r.offset", struct fields, s32, .smin = -9, .smax = 9, .def = "0",
		     .text = "a number"),
	KV_PARAM_BOOL("r.on", struct fields, on, .def = "off", .text = "a switch"),
	KV_PARAM_ENUM("r.mode", struct fields, mode, modes, .def = "slow", .text = "a choice"),
	KV_PARAM_STRING("r.name", struct fields, name, .min = 2, .max = 4, .def = "me",
			.text = "a name"),
	KV_PARAM_UINT("r.silent", struct fields, u16, .def = "10", .text = "a number",
		      .check = check_length),
};

static const struct kv_declaration declaration = {
	.module = "kunit", .params = params, .count = ARRAY_SIZE(params), .size = sizeof(fields),
};

static const struct reason_case {
	const char *key;
	const char *value;
	const char *reason;
} reasons[] = {
	{ "r.count", "10", "must be a whole number from 1 to 9 packets" },
	{ "r.offset", "-10", "must be a whole number from -9 to 9" },
	{ "r.on", "maybe", "must be on or off, 1 or 0, true or false, yes or no" },
	{ "r.mode", "", "must be one of slow|fast" },
	{ "r.name", "a", "must be 2 to 4 bytes without NUL" },
	{ "r.name", "abcde", "must be 2 to 4 bytes without NUL" },
	{ "r.silent", "1", "" },
};

static void reason_name(const struct reason_case *reason, char *name)
{
	snprintf(name, KUNIT_PARAM_DESC_SIZE, "%s=%s", reason->key, reason->value);
}

KUNIT_ARRAY_PARAM(reason, reasons, reason_name);

static void reason_of_a_refusal(struct kunit *test)
{
	const struct reason_case *reason = test->param_value;
	struct kv_store *store = test->priv;

	KUNIT_ASSERT_EQ(test, declare(test, &declaration), 0);
	KUNIT_EXPECT_EQ(test, kv_kunit_put(store, reason->key, reason->value), -EDOM);
	KUNIT_EXPECT_STREQ(test, store->reason.text, reason->reason);
	KUNIT_EXPECT_STREQ(test, store->reason.param->name, reason->key);
	KUNIT_EXPECT_TRUE(test, kv_kunit_is_absent(store, reason->key));
	KUNIT_EXPECT_EQ(test, store->rev, 0);
	undeclare(test, &declaration);
}

static void find_a_slot(struct kunit *test)
{
	struct kv_store *store = test->priv;
	const struct kv_slot *slot;
	const char *name = "";
	unsigned int i, count = 0;

	KUNIT_ASSERT_EQ(test, declare(test, &declaration), 0);
	rcu_read_lock();
	for (i = 0; i < ARRAY_SIZE(params); i++) {
		slot = kv_slot_find(store->params, params[i].name, strlen(params[i].name));
		KUNIT_EXPECT_PTR_EQ(test, slot ? slot->param : NULL, &params[i]);
		/* Neither a shorter nor a longer key */
		KUNIT_EXPECT_NULL(test, kv_slot_find(store->params, params[i].name,
						     strlen(params[i].name) - 1));
		KUNIT_EXPECT_NULL(test, kv_slot_find(store->params, params[i].name,
						     strlen(params[i].name) + 1));
	}
	rcu_read_unlock();
	mutex_lock(&store->lock);
	while ((slot = kv_slot_next(store->params, name, strlen(name), true))) {
		KUNIT_EXPECT_LT(test, strcmp(name, slot->param->name), 0);
		name = slot->param->name;
		count++;
	}
	KUNIT_EXPECT_EQ(test, count, ARRAY_SIZE(params));
	slot = kv_slot_next(store->params, "r.mode", 6, false);
	KUNIT_EXPECT_PTR_EQ(test, slot ? slot->param : NULL, &params[3]);
	mutex_unlock(&store->lock);
	undeclare(test, &declaration);
}

/* No string leaks or is freed too early, whichever way an update ends: kmemleak and KASAN check. */
static void strings_of_an_update(struct kunit *test)
{
	struct kv_write writes[] = {
		{ .op = KV_OP_PUT, .key = "r.name", .value = "one", .len = 3 },
		{ .op = KV_OP_PUT, .key = "r.name", .value = "two", .len = 3 },
		{ .op = KV_OP_DELETE, .key = "r.name" },
		{ .op = KV_OP_PUT, .key = "r.name", .value = "end", .len = 3 },
		{ .op = KV_OP_PUT, .key = "r.count", .value = "0", .len = 1 },
	};
	u32 failed;

	KUNIT_ASSERT_EQ(test, declare(test, &declaration), 0);
	KUNIT_EXPECT_EQ(test, kv_kunit_commit(test->priv, writes, 5, &failed), -EDOM);
	KUNIT_EXPECT_EQ(test, failed, 4);
	KUNIT_EXPECT_STREQ(test, rcu_access_pointer(fields.name)->text, "me");
	KUNIT_EXPECT_EQ(test, kv_kunit_commit(test->priv, writes, 4, NULL), 0);
	KUNIT_EXPECT_STREQ(test, rcu_access_pointer(fields.name)->text, "end");
	undeclare(test, &declaration);
	KUNIT_EXPECT_NULL(test, rcu_access_pointer(fields.name));
	rcu_barrier();
}

static unsigned int flags_of(struct kv_store *store, const char *key)
{
	const struct kv_entry *entry;
	unsigned int flags;

	rcu_read_lock();
	entry = kv_store_find(store, key, strlen(key));
	flags = entry ? entry->record.flags : UINT_MAX;
	rcu_read_unlock();
	return flags;
}

static void flag_of_declared_keys(struct kunit *test)
{
	struct kv_store *store = test->priv;

	kv_kunit_put(store, "r.count", "2");
	kv_kunit_put(store, "r", "2");
	KUNIT_ASSERT_EQ(test, declare(test, &declaration), 0);
	kv_kunit_put(store, "r.on", "on");
	KUNIT_EXPECT_EQ(test, flags_of(store, "r.count"), KV_F_DECLARED);
	KUNIT_EXPECT_EQ(test, flags_of(store, "r.on"), KV_F_DECLARED);
	KUNIT_EXPECT_EQ(test, flags_of(store, "r"), 0);
	undeclare(test, &declaration);
	KUNIT_EXPECT_EQ(test, flags_of(store, "r.count"), 0);
	KUNIT_EXPECT_EQ(test, flags_of(store, "r.on"), 0);
}

static struct kunit_case param_cases[] = {
	KUNIT_CASE_PARAM(bounds_of_a_field, size_gen_params),
	KUNIT_CASE_PARAM(reason_of_a_refusal, reason_gen_params),
	KUNIT_CASE(find_a_slot),
	KUNIT_CASE(strings_of_an_update),
	KUNIT_CASE(flag_of_declared_keys),
	{ }
};

struct kunit_suite param_suite = {
	.name = "kv_param",
	.init = kv_kunit_init,
	.exit = kv_kunit_exit,
	.test_cases = param_cases,
};
