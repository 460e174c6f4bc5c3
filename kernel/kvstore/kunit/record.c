// SPDX-License-Identifier: GPL-2.0-only
/* record.c: which operations are valid; call.h: comparing the head of a record as a word */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "kunit/kunit.h"
#include "sockopt/call.h"

#define OP(_op, ...) { .op = (_op), .key = "key", .key_len = 3, __VA_ARGS__ }

static const struct operation_case {
	const char *name;
	struct kv_operation operation;
	int err;	/* as the only operation of its request */
	int err_among;	/* as one of several */
} operations[] = {
	{ "no op", OP(KV_OP_NONE), -EINVAL, -EINVAL },
	{ "an op of watches only", OP(KV_OP_COMPACTED), -EINVAL, -EINVAL },
	{ "the greatest op", OP(U8_MAX), -EINVAL, -EINVAL },
	{ "get", OP(KV_OP_GET) },
	{ "get with a condition", OP(KV_OP_GET, .flags = KV_F_CREATE), -EINVAL, -EINVAL },
	{ "get with a value", OP(KV_OP_GET, .value_len = 1), -EINVAL, -EINVAL },
	{ "get with a revision", OP(KV_OP_GET, .rev = 1), -EINVAL, -EINVAL },
	{ "get with a reserved field", OP(KV_OP_GET, .reserved = 1), -EINVAL, -EINVAL },
	{ "get of an empty key", OP(KV_OP_GET, .key_len = 0), -EINVAL, -EINVAL },
	{ "a key too long", OP(KV_OP_GET, .key_len = KV_KEY_MAX + 1), -ENAMETOOLONG,
	  -ENAMETOOLONG },
	{ "a value too long", OP(KV_OP_PUT, .value_len = KV_VALUE_MAX + 1), -EMSGSIZE,
	  -EMSGSIZE },
	{ "a key and a value too long",
	  OP(KV_OP_NONE, .key_len = U16_MAX, .value_len = U16_MAX, .flags = U8_MAX),
	  -ENAMETOOLONG, -ENAMETOOLONG },
	{ "put without a value", OP(KV_OP_PUT) },
	{ "put", OP(KV_OP_PUT, .value_len = KV_VALUE_MAX, .flags = KV_F_PRIVATE | KV_F_CREATE) },
	{ "put with both other conditions",
	  OP(KV_OP_PUT, .flags = KV_F_REPLACE | KV_F_IF_REV, .rev = 1) },
	{ "put with a contradiction", OP(KV_OP_PUT, .flags = KV_F_CREATE | KV_F_REPLACE), -EINVAL,
	  -EINVAL },
	{ "put with another", OP(KV_OP_PUT, .flags = KV_F_CREATE | KV_F_IF_REV), -EINVAL,
	  -EINVAL },
	{ "put of a prefix", OP(KV_OP_PUT, .flags = KV_F_PREFIX), -EINVAL, -EINVAL },
	{ "put with an output flag", OP(KV_OP_PUT, .flags = KV_F_WITHHELD), -EINVAL, -EINVAL },
	{ "put with bit 7", OP(KV_OP_PUT, .flags = BIT(7)), -EINVAL, -EINVAL },
	{ "put with a revision alone", OP(KV_OP_PUT, .rev = 1), -EINVAL, -EINVAL },
	{ "put with a revision and another condition",
	  OP(KV_OP_PUT, .flags = KV_F_REPLACE, .rev = 1), -EINVAL, -EINVAL },
	{ "put at revision 0", OP(KV_OP_PUT, .flags = KV_F_IF_REV) },
	{ "delete", OP(KV_OP_DELETE) },
	{ "delete at a revision", OP(KV_OP_DELETE, .flags = KV_F_IF_REV, .rev = 1) },
	{ "delete a prefix", OP(KV_OP_DELETE, .flags = KV_F_PREFIX), 0, -EINVAL },
	{ "delete a prefix at a revision",
	  OP(KV_OP_DELETE, .flags = KV_F_PREFIX | KV_F_IF_REV), -EINVAL, -EINVAL },
	{ "delete with a value", OP(KV_OP_DELETE, .value_len = 1), -EINVAL, -EINVAL },
	{ "delete what is private", OP(KV_OP_DELETE, .flags = KV_F_PRIVATE), -EINVAL, -EINVAL },
	{ "check without a condition", OP(KV_OP_CHECK), -EINVAL, -EINVAL },
	{ "check", OP(KV_OP_CHECK, .flags = KV_F_CREATE) },
	{ "check with a contradiction", OP(KV_OP_CHECK, .flags = KV_F_CREATE | KV_F_REPLACE),
	  -EINVAL, -EINVAL },
};

static void operation_name(const struct operation_case *one, char *name)
{
	strscpy(name, one->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(operation, operations, operation_name);

static void an_operation(struct kunit *test)
{
	const struct operation_case *one = test->param_value;

	KUNIT_EXPECT_EQ(test, kv_operation_check(&one->operation, true), one->err);
	KUNIT_EXPECT_EQ(test, kv_operation_check(&one->operation, false), one->err_among);
}

static void operations_that_write(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, kv_operations_write(0));
	KUNIT_EXPECT_FALSE(test, kv_operations_write(BIT(KV_OP_GET) | BIT(KV_OP_CHECK)));
	KUNIT_EXPECT_TRUE(test, kv_operations_write(BIT(KV_OP_PUT)));
	KUNIT_EXPECT_TRUE(test, kv_operations_write(BIT(KV_OP_GET) | BIT(KV_OP_DELETE)));
}

/* Only the operations that may create a key check its characters. */
static void characters_of_a_key(struct kunit *test)
{
	struct kv_operation operation = OP(KV_OP_PUT);
	u8 key[] = "key";
	int byte;

	operation.key = key;
	for (byte = 0; byte <= U8_MAX; byte++) {
		bool good = isalnum(byte) && byte < 0x80;

		key[1] = byte;
		good |= byte && strchr("_.:/@+-", byte);
		operation.op = KV_OP_PUT;
		KUNIT_EXPECT_EQ(test, kv_operation_check_key(&operation), good ? 0 : -EINVAL);
		operation.op = KV_OP_DELETE;
		KUNIT_EXPECT_EQ(test, kv_operation_check_key(&operation), 0);
	}
}

static bool is_bare(const struct kv_record *head, u64 flip, enum kv_op op, size_t *len)
{
	u64 word;

	memcpy(&word, head, sizeof(word));
	return kv_head_is_bare_key(word ^ flip, op, len);
}

/* Each length, and each bit of the word that is not part of the key's length. */
static void bare_keys(struct kunit *test)
{
	struct kv_record head = { .key_len = U16_MAX };
	u64 lengths, flip;
	size_t len;
	u8 op;

	memcpy(&lengths, &head, sizeof(lengths));
	for (op = KV_OP_NONE; op <= KV_OP_CHECK; op++) {
		head.op = op;
		for (head.key_len = 0; head.key_len <= 2 * KV_KEY_MAX; head.key_len++) {
			bool is_length = head.key_len && head.key_len <= KV_KEY_MAX;

			KUNIT_ASSERT_EQ(test, is_bare(&head, 0, op, &len), is_length);
			if (is_length)
				KUNIT_ASSERT_EQ(test, len, head.key_len);
			for (flip = 1; flip; flip <<= 1)
				if (flip & ~lengths)
					KUNIT_ASSERT_FALSE(test, is_bare(&head, flip, op, &len));
		}
	}
}

static struct kunit_case record_cases[] = {
	KUNIT_CASE_PARAM(an_operation, operation_gen_params),
	KUNIT_CASE(operations_that_write),
	KUNIT_CASE(characters_of_a_key),
	KUNIT_CASE(bare_keys),
	{ }
};

struct kunit_suite record_suite = {
	.name = "kv_record",
	.test_cases = record_cases,
};
