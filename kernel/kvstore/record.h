/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations and records: the rules of each operation of a request, and the buffer
 * that the records of a reply are appended to. Depends on kv_proto.h only.
 */
#ifndef KV_RECORD_H
#define KV_RECORD_H

#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>

#include <kv_proto.h>

/**
 * struct kv_operation - one operation of a request, wherever the request comes from
 * @op: enum kv_op
 * @flags: KV_F_*
 * @key_len: bytes of the key
 * @value_len: bytes of the value
 * @reserved: zero
 * @rev: with KV_F_IF_REV the revision that the key must have, else 0
 * @key: the key
 * @value: the value; NULL: it follows the key
 *
 * It begins like a record. Every request becomes an array of operations, and
 * kv_operation_check() has accepted each before other code uses it.
 */
struct kv_operation {
	u8 op;
	u8 flags;
	u16 key_len;
	u16 value_len;
	u16 reserved;
	u64 rev;
	const u8 *key;
	const u8 *value;
};

/* Bytes of a record in a sequence of records, with the zeros after it. */
static inline unsigned int kv_record_size(unsigned int data_len)
{
	return ALIGN(sizeof(struct kv_record) + data_len, sizeof(u64));
}

/* The operation that a record of a request describes. */
static __always_inline void kv_operation_init(struct kv_operation *operation,
					      const struct kv_record *record)
{
	static_assert(offsetof(struct kv_operation, key_len) ==
		      offsetof(struct kv_record, key_len));
	static_assert(offsetof(struct kv_operation, key) == sizeof(*record));
	memcpy(operation, record, sizeof(*record));
	operation->key = record->data;
	operation->value = NULL;
}

/* 0, -ENAMETOOLONG or -EMSGSIZE: length errors come before all other errors of a record. */
static inline int kv_lengths_check(unsigned int key_len, unsigned int value_len)
{
	if (unlikely(key_len > KV_KEY_MAX))
		return -ENAMETOOLONG;
	return unlikely(value_len > KV_VALUE_MAX) ? -EMSGSIZE : 0;
}

/**
 * struct kv_rule - the rules of an operation
 * @known: requests may have this operation
 * @condition: it must have one of @flags
 * @writes: it may change the store
 * @value: it may have a value, and may create the key
 * @flags: the flags that it may have
 * @alone: a flag that must not be combined with another condition or KV_F_PREFIX
 * @only: a flag that is valid only if the request has a single operation
 */
struct kv_rule {
	bool known;
	bool condition;
	bool writes;
	bool value;
	u8 flags;
	u8 alone;
	u8 only;
};

#define KV_OPS (KV_OP_CHECK + 1)

extern const struct kv_rule kv_rules[KV_OPS];

int kv_operation_check(const struct kv_operation *operation, bool only);
int kv_operation_check_key(const struct kv_operation *operation);
bool kv_operations_write(unsigned int ops);
bool kv_key_is_valid(const u8 *key, unsigned int len);

/**
 * struct kv_records - a buffer that records are appended to
 * @show_private: append private values too, instead of KV_F_WITHHELD
 * @secret: out: a private value was appended, so that the buffer must be wiped
 * @buf: memory for the records, aligned to 8
 * @size: bytes of @buf
 * @at: end of the last record; kv_records_begin() sets this and the fields below
 * @end: end of the room for records, a multiple of 8 bytes from @buf
 * @count: records
 */
struct kv_records {
	bool show_private;
	bool secret;
	void *buf;
	size_t size;
	void *at;
	void *end;
	unsigned int count;
};

bool kv_records_append(struct kv_records *records, const struct kv_record *head, const u8 *key,
		       const u8 *value);

/* Empty the buffer. */
static inline void kv_records_begin(struct kv_records *records)
{
	records->at = records->buf;
	records->end = records->buf + round_down(records->size, sizeof(u64));
	records->count = 0;
}

/* Bytes of all records, a multiple of 8. */
static inline size_t kv_records_len(const struct kv_records *records)
{
	return records->at - records->buf;
}

/* Bytes that are left, a multiple of 8. */
static __always_inline size_t kv_records_left(const struct kv_records *records)
{
	return records->end - records->at;
}

/* Reserve @size bytes for one more record: a multiple of 8, at most kv_records_left(). */
static __always_inline void *kv_records_reserve(struct kv_records *records, size_t size)
{
	void *record = records->at;

	records->at += size;
	records->count++;
	return record;
}

#endif
