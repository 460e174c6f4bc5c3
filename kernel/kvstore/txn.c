// SPDX-License-Identifier: GPL-2.0-only
/* KV_SO_TXN: from the records of a request, which is in kernel memory, to a transaction */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "call.h"
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
 * @at: the next one
 * @left: bytes from there to the end of the buffer
 * @writes: one of those read writes
 * @reads: one of those read has a record in the reply
 */
struct reader {
	const u8 *at;
	size_t left;
	bool writes;
	bool reads;
};

static bool is_zero(const u8 *bytes, size_t len)
{
	return !len || !memchr_inv(bytes, 0, len);
}

/* The next record, checked as far as it goes without the store. */
static const struct kv_record *next_record(struct reader *reader)
{
	const struct kv_record *record = (const struct kv_record *)reader->at;
	size_t len;

	if (reader->left < sizeof(*record))
		return ERR_PTR(-EINVAL);
	if (record->key_len > KV_KEY_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	if (record->value_len > KV_VALUE_MAX)
		return ERR_PTR(-EMSGSIZE);
	len = sizeof(*record) + record->key_len + record->value_len;
	if (!record->key_len || ALIGN(len, 8) > reader->left ||
	    !is_zero(reader->at + len, ALIGN(len, 8) - len))
		return ERR_PTR(-EINVAL);
	if (record->op >= ARRAY_SIZE(ops) || !ops[record->op].known ||
	    (record->value_len && !ops[record->op].stores) ||
	    (ops[record->op].needs && !(record->flags & ops[record->op].needs)) ||
	    kv_check_conditions(record, ops[record->op].flags))
		return ERR_PTR(-EINVAL);
	reader->writes |= ops[record->op].writes;
	reader->reads |= record->op == KV_OP_GET;
	reader->at += ALIGN(len, 8);
	reader->left -= ALIGN(len, 8);
	return record;
}

/* Fill in the changes but for their entries. */
static int read_changes(struct reader *reader, struct kv_transaction *txn)
{
	const struct kv_record *record;
	unsigned int i;

	for (i = 0; i < txn->count; i++) {
		record = next_record(reader);
		if (IS_ERR(record))
			return PTR_ERR(record);
		txn->changes[i] = (struct kv_change){
			.op = record->op,
			.flags = record->flags,
			.rev = record->rev,
			.key = record->data,
			.key_len = record->key_len,
		};
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
		memcpy(change->entry->data, record->data, record->key_len + record->value_len);
	}
	return 0;
}

static void free_changes(struct kv_transaction *txn)
{
	unsigned int i;

	for (i = 0; i < txn->count; i++)
		if (txn->changes[i].entry)
			kv_entry_free(txn->changes[i].entry);
	kvfree(txn->changes);
}

/* Room for the reply: only its head, if no record follows. */
static int make_reply(struct kv_call *call, struct kv_transaction *txn, bool reads)
{
	int err = reads ? kv_call_alloc(call, call->room) : 0;

	if (err)
		return err;
	txn->page.buf = call->reply + sizeof(struct kv_txn);
	txn->page.size = reads ? call->room - sizeof(struct kv_txn) : 0;
	txn->page.show_private = kv_sees_private(call->net);
	return 0;
}

static int run(struct kv_call *call, struct kv_transaction *txn)
{
	const struct kv_txn *request = call->request;
	struct reader reader = {
		.at = request->data,
		.left = call->room - sizeof(*request),
	};
	int err;

	err = read_changes(&reader, txn);
	if (err)
		return err;
	if (reader.writes && !kv_may_admin(call->net))
		return -EPERM;
	err = make_entries(txn);
	if (!err)
		err = make_reply(call, txn, reader.reads);
	if (err)
		return err;
	err = reader.writes ? kv_store_commit(call->store, txn) : kv_store_fetch(call->store, txn);
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
	/* Records take a multiple of 8 bytes. */
	head.value_len = min_t(size_t, head.value_len, round_down(page.size, 8) - sizeof(head));
	if (head.value_len)
		kv_page_add(&page, &head, reason);
	return page.len;
}

/**
 * kv_call_txn() - handler of KV_SO_TXN
 * @call: with the whole request
 *
 * Context: may sleep.
 * Return: 0, also for a record that was refused; or a negative errno.
 */
int kv_call_txn(struct kv_call *call)
{
	const struct kv_txn *request = call->request;
	char reason[KV_REASON_MAX + 1] = "";
	struct kv_transaction txn = {
		.count = request->count,
		.failed = KV_NO_RECORD,
		.reason = reason,
	};
	unsigned int records = 0, len = 0;
	int err;

	BUILD_BUG_ON(sizeof(struct kv_txn) + sizeof(struct kv_record) + ALIGN(KV_REASON_MAX, 8) >
		     sizeof(call->buf));
	if (request->reserved || !txn.count ||
	    txn.count > (call->room - sizeof(*request)) / KV_RECORD_MIN)
		return -EINVAL;
	txn.changes = kv_buffer_zalloc(array_size(txn.count, sizeof(*txn.changes)));
	if (!txn.changes)
		return -ENOMEM;
	err = run(call, &txn);
	free_changes(&txn);
	if (err && txn.failed == KV_NO_RECORD)
		return err;
	if (!err) {
		records = txn.page.count;
		len = txn.page.len;
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
