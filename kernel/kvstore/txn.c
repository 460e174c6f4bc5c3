// SPDX-License-Identifier: GPL-2.0-only
/* KV_SO_TXN: from the records of a request to a transaction */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "buffer.h"
#include "call.h"
#include "compat.h"
#include "store.h"

/* The shortest record: a head and a key of one byte, filled up. */
#define KV_RECORD_MIN ALIGN(sizeof(struct kv_record) + 1, 8)

/* What each op takes; one without @known is EINVAL. */
static const struct {
	bool known;
	bool writes;
	bool stores;
	u8 flags;
	u8 needs;	/* one of these flags, if any */
} ops[] = {
	[KV_OP_GET] = { .known = true },
	[KV_OP_PUT] = {
		.known = true, .writes = true, .stores = true,
		.flags = KV_CONDITIONS | KV_F_PRIVATE,
	},
	[KV_OP_DELETE] = { .known = true, .writes = true, .flags = KV_F_IF_REV },
	[KV_OP_CHECK] = { .known = true, .flags = KV_CONDITIONS, .needs = KV_CONDITIONS },
};

/**
 * struct reader - the records of a request
 * @call: the request
 * @at: bytes of it up to the next record
 * @writes: one of those read writes
 * @reads: one of those read has a record in the reply
 */
struct reader {
	struct kv_call *call;
	unsigned int at;
	bool writes;
	bool reads;
};

/* Whether nothing but zeros fills the record of @len bytes up to a multiple of 8. */
static __always_inline bool is_filled(const void *record, size_t len)
{
	u64 last;

	if (len % sizeof(last) == 0)
		return true;
	last = le64_to_cpu(*(const __le64 *)(record + round_down(len, sizeof(last))));
	return !(last >> len % sizeof(last) * 8);
}

static bool is_known(const struct kv_record *record)
{
	return record->op < ARRAY_SIZE(ops) && ops[record->op].known &&
	       (!record->value_len || ops[record->op].stores) &&
	       (!ops[record->op].needs || record->flags & ops[record->op].needs) &&
	       !kv_check_conditions(record, ops[record->op].flags);
}

/* Read the next record: checked as far as it goes without the store. */
static int read_record(struct reader *reader)
{
	const struct kv_record *record = reader->call->request + reader->at;
	unsigned int left = reader->call->room - reader->at, len;
	int err;

	if (left < sizeof(*record))
		return -EINVAL;
	err = kv_call_need(reader->call, reader->at + sizeof(*record));
	if (err)
		return err;
	if (record->key_len > KV_KEY_MAX)
		return -ENAMETOOLONG;
	if (record->value_len > KV_VALUE_MAX)
		return -EMSGSIZE;
	len = sizeof(*record) + record->key_len + record->value_len;
	if (!record->key_len || ALIGN(len, 8) > left)
		return -EINVAL;
	err = kv_call_need(reader->call, reader->at + ALIGN(len, 8));
	if (err)
		return err;
	if (!is_filled(record, len) || !is_known(record))
		return -EINVAL;
	reader->writes |= ops[record->op].writes;
	reader->reads |= record->op == KV_OP_GET;
	reader->at += ALIGN(len, 8);
	return 0;
}

/* Go on to the next record, if this is a GET, all is well with it, and it is here. */
static __always_inline bool read_get(const void **at, const void *end)
{
	const struct kv_record *record = *at;
	const void *next;
	size_t key_len;

	if (unlikely((const void *)(record + 1) > end))
		return false;
	if (unlikely(!kv_says_key_len(*(const u64 *)record, KV_OP_GET, &key_len) || record->rev))
		return false;
	next = *at + ALIGN(sizeof(*record) + key_len, 8);
	if (unlikely(next > end))
		return false;
	if (key_len % 8 && unlikely(!is_filled(record, sizeof(*record) + key_len)))
		return false;
	*at = next;
	return true;
}

/* Read GETs up to what read_record() is for: which is how many of @count records. */
static unsigned int read_gets(struct reader *reader, unsigned int count)
{
	const void *request = reader->call->request, *at = request + reader->at;
	const void *end = request + reader->call->request_len;
	unsigned int left;

	for (left = count; left && likely(read_get(&at, end)); left--)
		;
	reader->at = at - request;
	reader->reads |= left < count;
	return left;
}

static int read_records(struct reader *reader, unsigned int count)
{
	int err = 0;

	while ((count = read_gets(reader, count)) && !err) {
		err = read_record(reader);
		count--;
	}
	return err;
}

/* The changes that the records ask for, but for their entries. */
static int make_changes(struct kv_transaction *txn, const struct kv_record *record)
{
	unsigned int i;

	txn->changes = kv_zalloc(array_size(txn->count, sizeof(*txn->changes)));
	if (!txn->changes)
		return -ENOMEM;
	for (i = 0; i < txn->count; i++, record = kv_record_next(record)) {
		txn->changes[i].op = record->op;
		txn->changes[i].flags = record->flags;
		txn->changes[i].rev = record->rev;
		txn->changes[i].key = record->data;
		txn->changes[i].key_len = record->key_len;
	}
	return 0;
}

/* Make the entries of those that put; they are freed with the changes. */
static int make_entries(struct kv_transaction *txn)
{
	const struct kv_record *record;
	struct kv_change *change;
	bool waited = false;
	unsigned int i;

	for (i = 0; i < txn->count; i++) {
		change = &txn->changes[i];
		if (change->op != KV_OP_PUT)
			continue;
		if (!kv_key_valid(change->key, change->key_len))
			return -EINVAL;
		record = container_of(change->key, struct kv_record, data[0]);
		change->entry = kv_entry_alloc(record->key_len, record->value_len,
					       record->flags & KV_F_PRIVATE, &waited);
		if (!change->entry)
			return -ENOMEM;
		memcpy(change->entry->record.data, record->data,
		       record->key_len + record->value_len);
	}
	return 0;
}

static void free_changes(struct kv_transaction *txn)
{
	unsigned int i;

	for (i = 0; txn->changes && i < txn->count; i++)
		if (txn->changes[i].entry)
			kv_entry_free(txn->changes[i].entry);
	kvfree(txn->changes);
}

static int write_records(struct kv_call *call, struct kv_transaction *txn,
			 const struct kv_record *records)
{
	int err;

	err = make_changes(txn, records);
	if (!err)
		err = make_entries(txn);
	if (!err)
		err = kv_call_probe(call, sizeof(struct kv_txn) + txn->page.size);
	if (!err)
		err = kv_store_commit(call->store, txn);
	free_changes(txn);
	return err;
}

/* Room for the reply: only its head, if no record follows. */
static int make_reply(struct kv_call *call, struct kv_transaction *txn, bool reads)
{
	int err = reads ? kv_call_alloc(call, call->room) : 0;

	if (err)
		return err;
	txn->page.buf = call->reply + sizeof(struct kv_txn);
	txn->page.size = reads ? call->room - sizeof(struct kv_txn) : 0;
	kv_page_begin(&txn->page);
	return 0;
}

static int run(struct kv_call *call, struct kv_transaction *txn)
{
	struct reader reader = { .call = call, .at = sizeof(struct kv_txn) };
	const struct kv_record *records = call->request + reader.at;
	int err;

	err = read_records(&reader, txn->count);
	if (err)
		return err;
	if (!reader.writes)
		kv_call_is_public(call, reader.at);
	if (reader.writes && !kv_may_admin(call->net))
		return -EPERM;
	err = make_reply(call, txn, reader.reads);
	if (err)
		return err;
	txn->page.show_private = reader.writes;
	err = reader.writes ? write_records(call, txn, records) :
			      kv_store_fetch(call->store, txn, records);
	/* Most have nothing private, for which the right to it has to be known. */
	if (err == -EPERM && !reader.writes && kv_sees_private(call->net)) {
		txn->page.show_private = true;
		err = kv_store_fetch(call->store, txn, records);
	}
	call->secret |= txn->page.secret;
	return err;
}

/* The record that tells why a value was refused, as far as there is room: bytes of it. */
static unsigned int add_reason(struct kv_call *call, const char *reason)
{
	struct kv_record head = { .value_len = strlen(reason) };
	struct kv_page page = {
		.buf = call->reply + sizeof(struct kv_txn),
		.size = min_t(size_t, call->room, call->reply_size) - sizeof(struct kv_txn),
	};

	if (page.size < sizeof(head) + 8)
		return 0;
	kv_page_begin(&page);
	/* Records take a multiple of 8 bytes. */
	head.value_len = min_t(size_t, head.value_len, round_down(page.size, 8) - sizeof(head));
	if (head.value_len)
		kv_page_add(&page, &head, reason);
	return kv_page_len(&page);
}

/**
 * kv_call_txn() - handler of KV_SO_TXN
 * @call: with the head of the request
 *
 * Context: may sleep.
 * Return: 0, also for a record that was refused; or a negative errno.
 */
int kv_call_txn(struct kv_call *call)
{
	const struct kv_txn *request = call->request;
	char reason[KV_REASON_MAX + 1] __uninitialized;
	struct kv_transaction txn = {
		.count = request->count,
		.failed = KV_NO_RECORD,
		.reason = reason,
	};
	unsigned int records = 0, len = 0;
	int err;

	BUILD_BUG_ON(sizeof(struct kv_txn) + sizeof(struct kv_record) + ALIGN(KV_REASON_MAX, 8) >
		     sizeof(call->buf));
	reason[0] = '\0';
	if (request->reserved || !txn.count ||
	    txn.count > (call->room - sizeof(*request)) / KV_RECORD_MIN)
		return -EINVAL;
	err = run(call, &txn);
	if (err && txn.failed == KV_NO_RECORD)
		return err;
	if (!err) {
		records = txn.page.count;
		len = kv_page_len(&txn.page);
	} else if (err == -EDOM) {
		len = add_reason(call, reason);
		records = !!len;
	}
	*(struct kv_txn *)call->reply = (struct kv_txn){
		.count = records,
		.error = -err,
		.failed = err ? txn.failed : 0,
		.rev = txn.rev,
	};
	call->len = sizeof(struct kv_txn) + len;
	return 0;
}
