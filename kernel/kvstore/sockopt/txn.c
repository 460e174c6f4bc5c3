// SPDX-License-Identifier: GPL-2.0-only
/* KV_SO_TXN: parsing the records of a request, and making the reply */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat.h"
#include "sockopt/call.h"

/* The shortest record: a head, a key of one byte, and padding. */
#define KV_RECORD_MIN ALIGN(sizeof(struct kv_record) + 1, 8)

/*
 * Copy in the rest of the record at @at, @data_len bytes and zeros up to a multiple
 * of 8: its size in the request, or a negative errno.
 */
static __always_inline int copy_in_data(struct kv_call *call, unsigned int at, size_t data_len)
{
	unsigned int size = kv_record_size(data_len), used = data_len % sizeof(u64);
	int err = kv_call_copy_in(call, at + size);
	u64 last;

	if (err || !used)
		return err ? err : size;
	last = le64_to_cpu(*(const __le64 *)(call->request + at + size - sizeof(last)));
	return last >> used * 8 ? -EINVAL : size;
}

/*
 * Parse and check the record at @at: its size in the request, or a negative errno. Sets
 * the bit of its op in @ops. Most records are a KV_OP_GET with a key alone, which needs
 * no further check.
 */
static __always_inline int parse_record(struct kv_call *call, unsigned int at, bool only,
					struct kv_operation *operation, unsigned int *ops)
{
	const struct kv_record *record = call->request + at;
	size_t key_len;
	int err, size;

	err = kv_call_copy_in(call, at + sizeof(*record));
	if (err)
		return err;
	kv_operation_init(operation, record);
	if (likely(kv_head_is_bare_key(*(const u64 *)record, KV_OP_GET, &key_len) &&
		   !record->rev)) {
		*ops |= BIT(KV_OP_GET);
		return copy_in_data(call, at, key_len);
	}
	err = kv_lengths_check(record->key_len, record->value_len);
	if (err)
		return err;
	size = copy_in_data(call, at, record->key_len + record->value_len);
	if (size < 0)
		return size;
	err = kv_operation_check(operation, only);
	if (err)
		return err;
	*ops |= BIT(operation->op);
	return size;
}

/* Parse and check all records: a bit for each op that they have, or a negative errno. */
static int parse_records(struct kv_call *call, struct kv_operation *operations,
			 unsigned int count)
{
	struct kv_operation *operation = operations, *end = operations + count;
	unsigned int at = sizeof(struct kv_txn), ops = 0;
	int size;

	for (; operation < end; operation++) {
		size = parse_record(call, at, count == 1, operation, &ops);
		if (size < 0)
			return size;
		at += size;
	}
	if (!kv_operations_write(ops))
		kv_call_mark_public(call, at);
	return ops;
}

/* Allocate memory for the reply; call->small is enough if no records follow its head. */
static int alloc_reply(struct kv_call *call, struct kv_records *reply, bool reads)
{
	int err = reads ? kv_call_alloc_reply(call, call->room) : 0;

	if (err)
		return err;
	reply->buf = call->reply + sizeof(struct kv_txn);
	reply->size = reads ? call->room - sizeof(struct kv_txn) : 0;
	kv_records_begin(reply);
	return 0;
}

static int write(struct kv_call *call, struct kv_transaction *txn)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < txn->count && !err; i++)
		err = kv_operation_check_key(&txn->operations[i]);
	if (!err)
		err = kv_call_probe(call, sizeof(struct kv_txn) + txn->reply.size);
	txn->reply.show_private = true;
	return err ? err : kv_store_commit(call->store, txn);
}

/* The capability is checked only if a value is private, which is rare. */
static int read(struct kv_call *call, struct kv_transaction *txn)
{
	int err = kv_store_read(call->store, txn);

	if (err != -EPERM || !kv_sees_private(call->net))
		return err;
	txn->reply.show_private = true;
	return kv_store_read(call->store, txn);
}

static int run(struct kv_call *call, struct kv_transaction *txn, struct kv_operation *operations)
{
	int ops = parse_records(call, operations, txn->count);
	bool writes;
	int err;

	if (ops < 0)
		return ops;
	writes = kv_operations_write(ops);
	if (writes && !kv_may_admin(call->net))
		return -EPERM;
	err = alloc_reply(call, &txn->reply, ops & BIT(KV_OP_GET));
	if (!err)
		err = writes ? write(call, txn) : read(call, txn);
	call->secret |= txn->reply.secret;
	return err;
}

/* Append the record with the reason of a refusal, truncated to the buffer: its bytes. */
static unsigned int append_reason(struct kv_call *call, const char *reason)
{
	struct kv_records records = {
		.buf = call->reply + sizeof(struct kv_txn),
		.size = min_t(size_t, call->room, call->reply_size) - sizeof(struct kv_txn),
	};
	struct kv_record head = { };

	kv_records_begin(&records);
	if (kv_records_left(&records) <= sizeof(head))
		return 0;
	head.value_len = min_t(size_t, strlen(reason), kv_records_left(&records) - sizeof(head));
	if (head.value_len)
		kv_records_append(&records, &head, NULL, reason);
	return kv_records_len(&records);
}

/* Make the reply of a transaction, done or refused. */
static void make_reply(struct kv_call *call, const struct kv_transaction *txn, int err)
{
	unsigned int len = err ? 0 : kv_records_len(&txn->reply);
	unsigned int records = err ? 0 : txn->reply.count;

	if (err == -EDOM) {
		len = append_reason(call, txn->reason);
		records = !!len;
	}
	*(struct kv_txn *)call->reply = (struct kv_txn){
		.count = records,
		.error = -err,
		.failed = err ? txn->failed : 0,
		.rev = txn->rev,
	};
	call->len = sizeof(struct kv_txn) + len;
}

/**
 * kv_call_txn() - handler of KV_SO_TXN
 * @call: the call, with the head of the request in call->request
 *
 * Context: may sleep.
 * Return: 0, also if a record was refused; or a negative errno.
 */
int kv_call_txn(struct kv_call *call)
{
	const struct kv_txn *head = call->request;
	char reason[KV_REASON_SIZE] __uninitialized;
	struct kv_transaction txn = {
		.count = head->count,
		.failed = KV_NO_RECORD,
		.reason = reason,
	};
	struct kv_operation one;
	struct kv_buffer operations = { .data = &one };
	int err;

	BUILD_BUG_ON(sizeof(struct kv_txn) + kv_record_size(KV_REASON_MAX) > sizeof(call->small));
	reason[0] = '\0';
	if (head->reserved || !txn.count ||
	    txn.count > (call->room - sizeof(*head)) / KV_RECORD_MIN)
		return -EINVAL;
	if (txn.count > 1 && kv_buffer_take(&operations, array_size(txn.count, sizeof(one))))
		return -ENOMEM;
	txn.operations = operations.data;
	err = run(call, &txn, operations.data);
	if (txn.count > 1)
		kv_buffer_give(&operations, 0);
	if (err && txn.failed == KV_NO_RECORD)
		return err;
	make_reply(call, &txn, err);
	return 0;
}
