// SPDX-License-Identifier: GPL-2.0-only
/* Operations and records: the rules of each operation, and appending records to a reply */
#include <linux/bits.h>
#include <linux/string.h>

#include "record.h"

#define KV_CONDITIONS (KV_F_CREATE | KV_F_REPLACE | KV_F_IF_REV)

const struct kv_rule kv_rules[KV_OPS] = {
	[KV_OP_GET] = {
		.known = true,
	},
	[KV_OP_PUT] = {
		.known = true, .writes = true, .value = true,
		.flags = KV_CONDITIONS | KV_F_PRIVATE, .alone = KV_F_CREATE,
	},
	[KV_OP_DELETE] = {
		.known = true, .writes = true,
		.flags = KV_F_IF_REV | KV_F_PREFIX, .alone = KV_F_PREFIX, .only = KV_F_PREFIX,
	},
	[KV_OP_CHECK] = {
		.known = true, .condition = true,
		.flags = KV_CONDITIONS, .alone = KV_F_CREATE,
	},
};

/* The bytes that a key may consist of. */
static const bool key_bytes[256] = {
	['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['0' ... '9'] = true,
	['_'] = true, ['.'] = true, [':'] = true, ['/'] = true,
	['@'] = true, ['+'] = true, ['-'] = true,
};

/**
 * kv_key_is_valid() - whether a key may be created
 * @key: @len bytes
 * @len: bytes of the key
 *
 * Only a key that may be created is checked: an invalid one is never found.
 *
 * Context: any.
 * Return: true if all of its characters are valid.
 */
bool kv_key_is_valid(const u8 *key, unsigned int len)
{
	bool valid = true;

	for (; len >= 4; len -= 4, key += 4)
		valid &= key_bytes[key[0]] & key_bytes[key[1]] &
			 key_bytes[key[2]] & key_bytes[key[3]];
	while (len--)
		valid &= key_bytes[*key++];
	return valid;
}

static bool flags_are_valid(const struct kv_rule *rule, unsigned int flags, u64 rev, bool only)
{
	if (!flags)
		return !rule->condition && !rev;
	if (flags & ~rule->flags)
		return false;
	if (flags & rule->alone && flags & (KV_CONDITIONS | KV_F_PREFIX) & ~rule->alone)
		return false;
	if (flags & rule->only && !only)
		return false;
	return !rev || flags & KV_F_IF_REV;
}

/**
 * kv_operation_check() - check all of an operation except the characters of its key
 * @operation: operation
 * @only: it is the only operation of its request
 *
 * Context: any.
 * Return: 0; -ENAMETOOLONG or -EMSGSIZE for a length over its limit; -EINVAL.
 */
int kv_operation_check(const struct kv_operation *operation, bool only)
{
	int err = kv_lengths_check(operation->key_len, operation->value_len);
	const struct kv_rule *rule;

	if (err)
		return err;
	if (operation->op >= KV_OPS || !kv_rules[operation->op].known || !operation->key_len)
		return -EINVAL;
	rule = &kv_rules[operation->op];
	if (operation->reserved || (operation->value_len && !rule->value))
		return -EINVAL;
	if (!flags_are_valid(rule, operation->flags, operation->rev, only))
		return -EINVAL;
	return 0;
}

/**
 * kv_operation_check_key() - check the characters of a key that may be created
 * @operation: operation, which kv_operation_check() has accepted
 *
 * A separate step, because the permission is checked before it: a transaction is
 * parsed before it is known whether it writes.
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int kv_operation_check_key(const struct kv_operation *operation)
{
	if (kv_rules[operation->op].value &&
	    !kv_key_is_valid(operation->key, operation->key_len))
		return -EINVAL;
	return 0;
}

/**
 * kv_operations_write() - whether one of several operations may change the store
 * @ops: a bit for each op; kv_operation_check() has accepted them
 *
 * Context: any.
 * Return: true if one may.
 */
bool kv_operations_write(unsigned int ops)
{
	unsigned int op;

	for (op = 0; op < KV_OPS; op++)
		if (ops & BIT(op) && kv_rules[op].writes)
			return true;
	return false;
}

/**
 * kv_records_append() - append a record
 * @records: buffer
 * @head: head of the record, with the lengths of @key and @value
 * @key: key
 * @value: value
 *
 * Context: any.
 * Return: false, with the buffer unchanged, if the record does not fit.
 */
bool kv_records_append(struct kv_records *records, const struct kv_record *head, const u8 *key,
		       const u8 *value)
{
	size_t size = kv_record_size(head->key_len + head->value_len);
	struct kv_record *record;

	if (size > kv_records_left(records))
		return false;
	record = kv_records_reserve(records, size);
	memset(records->at - sizeof(u64), 0, sizeof(u64));
	*record = *head;
	memcpy(record->data, key, head->key_len);
	memcpy(record->data + head->key_len, value, head->value_len);
	return true;
}
