// SPDX-License-Identifier: GPL-2.0-only
/* caller.ko: invalid tables of parameters */
#include <linux/kernel.h>
#include <linux/stringify.h>

#include "caller.h"

struct fields {
	u32 number;
	u16 small;
	bool on;
	unsigned int mode;
	struct kv_string __rcu *name;
	__be32 peer;
	struct kv_ipv6 __rcu *peer6;
};

#define AT(_field) KV_FIELD(struct fields, _field, true)
#define NUMBER .type = KV_TYPE_U64, AT(number)
#define TEXT .text = "a row"

static const char *const none[] = { NULL };
static const char *const two[] = { "a", "b", NULL };
static char long_key[KV_KEY_MAX + 2], long_text[KV_TEXT_MAX + 2], long_unit[KV_UNIT_MAX + 2];
static char long_choice[KV_CHOICES_MAX + 2];
static const char *const long_choices[] = { long_choice, NULL };

static int show(const struct kv_param *param, const struct net *net, const void *settings,
		char *buf, unsigned int size)
{
	return 0;
}

static int check(const struct kv_param *param, const char *value, unsigned int len,
		 struct kv_reason *reason)
{
	return kv_refuse(reason, param, "nothing is good enough");
}

/* The kernel log names the invalid row: tests/kernel/interface.sh looks for each name. */
static const struct kv_param rows[] = {
	{ .name = "wrong key", NUMBER, .def = "1", TEXT },
	{ .name = "", NUMBER, .def = "1", TEXT },
	{ .name = long_key, NUMBER, .def = "1", TEXT },
	{ .name = "wrong.no-type", AT(number), .def = "1", TEXT },
	{ .name = "wrong.type", .type = KV_TYPE_IPV6 + 1, AT(number), .def = "1", TEXT },
	{ .name = "wrong.no-text", NUMBER, .def = "1" },
	{ .name = "wrong.text", NUMBER, .def = "1", .text = long_text },
	{ .name = "wrong.unit", NUMBER, .def = "1", TEXT, .unit = long_unit },
	{ .name = "wrong.no-def", NUMBER, TEXT },
	{ .name = "wrong.def", NUMBER, .def = "one", TEXT },
	{ .name = "wrong.def-below", NUMBER, .min = 2, .max = 3, .def = "1", TEXT },
	{ .name = "wrong.def-above", NUMBER, .def = "0x100000000", TEXT },
	{ .name = "wrong.def-check", NUMBER, .def = "1", TEXT, .check = check },
	{ .name = "wrong.def-choice", .type = KV_TYPE_ENUM, AT(mode), .choices = two, .def = "c",
	  TEXT },
	{ .name = "wrong.def-string", .type = KV_TYPE_STRING, AT(name), .max = 2, .def = "abc",
	  TEXT },
	{ .name = "wrong.bounds", NUMBER, .min = 3, .max = 2, .def = "3", TEXT },
	{ .name = "wrong.bounds-field", .type = KV_TYPE_U64, AT(small), .max = 65536, .def = "1",
	  TEXT },
	{ .name = "wrong.bounds-signed", .type = KV_TYPE_S64, AT(small), .smin = -32769,
	  .smax = 1, .def = "1", TEXT },
	{ .name = "wrong.bounds-string", .type = KV_TYPE_STRING, AT(name),
	  .max = KV_VALUE_MAX + 1, .def = "", TEXT },
	{ .name = "wrong.bounds-bool", .type = KV_TYPE_BOOL, AT(on), .max = 1, .def = "on", TEXT },
	{ .name = "wrong.no-choices", .type = KV_TYPE_ENUM, AT(mode), .def = "a", TEXT },
	{ .name = "wrong.choices-none", .type = KV_TYPE_ENUM, AT(mode), .choices = none,
	  .def = "a", TEXT },
	{ .name = "wrong.choices-long", .type = KV_TYPE_ENUM, AT(mode), .choices = long_choices,
	  .def = "a", TEXT },
	{ .name = "wrong.choices-number", NUMBER, .choices = two, .def = "1", TEXT },
	{ .name = "wrong.outside", .type = KV_TYPE_U64, .offset = sizeof(struct fields), .size = 4,
	  .def = "1", TEXT },
	{ .name = "wrong.offset", .type = KV_TYPE_U64, .offset = U16_MAX - 3, .size = 4,
	  .def = "1", TEXT },
	{ .name = "wrong.misaligned", .type = KV_TYPE_U64, .offset = 2, .size = 4, .def = "1",
	  TEXT },
	{ .name = "wrong.size-none", .type = KV_TYPE_U64, .def = "1", TEXT },
	{ .name = "wrong.size-odd", .type = KV_TYPE_U64, .size = 3, .def = "1", TEXT },
	{ .name = "wrong.size-long", .type = KV_TYPE_U64, .size = 16, .def = "1", TEXT },
	{ .name = "wrong.size-bool", .type = KV_TYPE_BOOL, AT(number), .def = "on", TEXT },
	{ .name = "wrong.size-string", .type = KV_TYPE_STRING, AT(number), .def = "", TEXT },
	{ .name = "wrong.show-def", .type = KV_TYPE_U64, .show = show, .def = "1", TEXT },
	{ .name = "wrong.show-check", .type = KV_TYPE_U64, .show = show, .check = check, TEXT },
};

static const struct kv_param good = { .name = "right", NUMBER, .def = "1", TEXT };
static struct fields fields;

static int declare(const struct kv_param *params, unsigned int count)
{
	struct kv_declaration declaration = {
		.module = KBUILD_MODNAME, .params = params, .count = count, .size = sizeof(fields),
	};
	int err = kv_declare(here, &declaration, &fields);

	if (!err)
		kv_undeclare(here, &declaration);
	return err;
}

static void make_long(void)
{
	memset(long_key, 'k', sizeof(long_key) - 1);
	memset(long_text, 't', sizeof(long_text) - 1);
	memset(long_unit, 'u', sizeof(long_unit) - 1);
	memset(long_choice, 'c', sizeof(long_choice) - 1);
}

/* Each row is declared with a valid one, which can be declared alone: so the other is at fault. */
static void refuse_rows(void)
{
	struct kv_param both[2] = { good };
	unsigned int i;

	EXPECT_IS(declare(&good, 1), 0);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		both[1] = rows[i];
		if (!EXPECT_IS(declare(both, 2), -EINVAL) ||
		    !EXPECT(!kv_put(here, "right", "free", 4, 0) && !kv_delete(here, "right")))
			report("# row %u, %s\n", i, rows[i].name);
	}
	EXPECT_IS(declare(&good, 1), 0);
}

static void refuse_twins(void)
{
	struct kv_param params[] = {
		good, { .name = "between", NUMBER, .def = "1", TEXT }, good,
	};

	EXPECT_IS(declare(params, ARRAY_SIZE(params)), -EINVAL);
	EXPECT_IS(declare(params, 2), 0);
}

static void refuse_tables(void)
{
	struct kv_declaration declaration = {
		.module = KBUILD_MODNAME, .params = &good, .count = 1, .size = sizeof(fields),
	};
	const struct kv_param nameless = { NUMBER, .def = "1", TEXT };

	EXPECT_IS(declare(&good, 0), -EINVAL);
	EXPECT_IS(declare(&good, KV_PARAMS_MAX + 1), -EINVAL);
	EXPECT_IS(declare(&nameless, 1), -EINVAL);
	declaration.module = NULL;
	EXPECT_IS(kv_declare(here, &declaration, &fields), -EINVAL);
	declaration.module = long_text;
	EXPECT_IS(kv_declare(here, &declaration, &fields), -EINVAL);
	declaration.module = KBUILD_MODNAME;
	declaration.size = sizeof(u16);
	EXPECT_IS(kv_declare(here, &declaration, &fields), -EINVAL);
}

static const struct test tables[] = {
	{ "a table with an invalid row is EINVAL", refuse_rows },
	{ "a table with two rows of the same name is EINVAL", refuse_twins },
	{ "a table without rows, with too many, or without a module is EINVAL", refuse_tables },
};

const struct suite tables_suite = {
	.name = "tables",
	.tests = tables,
	.count = ARRAY_SIZE(tables),
	.enter = make_long,
};
