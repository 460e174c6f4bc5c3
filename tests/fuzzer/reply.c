// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks of replies that hold for every request */
#include "fuzz.h"

bool may_see_private(const struct worker *worker)
{
	return worker->at->ruled && (worker->capable || worker->at->foreign);
}

static bool all_zero(const unsigned char *bytes, int count)
{
	while (count > 0)
		if (bytes[--count])
			return false;
	return true;
}

const char *check_info(struct worker *worker, const void *reply, int len)
{
	struct kv_info info = { 0 };

	if (len != (worker->request.optlen < (int)sizeof(info) ? worker->request.optlen :
								 (int)sizeof(info)))
		return "INFO has a wrong length";
	memcpy(&info, reply, len);
	if (info.size != sizeof(info))
		return "INFO has a wrong size";
	if (len < (int)sizeof(info))
		return NULL;
	if (info.entries > info.max_entries || info.bytes > info.max_bytes)
		return "the store exceeds its limits";
	return NULL;
}

/* Check one record of a reply. */
static const char *check_record(const struct kv_record *record, bool show_private)
{
	if (record->op > KV_OP_COMPACTED || record->reserved ||
	    record->flags & ~(KV_F_PRIVATE | KV_F_DECLARED | KV_F_WITHHELD))
		return "a record with an invalid op, flag or reserved field";
	if (record->key_len > KV_KEY_MAX || record->value_len > KV_VALUE_MAX)
		return "a record exceeds its limits";
	if (record->flags & KV_F_PRIVATE && record->value_len && !show_private)
		return "a private value without the right to it";
	if (record->flags & KV_F_WITHHELD && (record->value_len || !(record->flags & KV_F_PRIVATE)))
		return "KV_F_WITHHELD on a record that is not private, or has its value";
	return NULL;
}

const char *check_records(const void *data, int len, int count, bool show_private)
{
	const unsigned char *at = data, *end = at + len;
	struct kv_record record;
	const char *wrong;
	int used, room, seen;

	for (seen = 0; at < end; seen++) {
		if (end - at < (int)sizeof(record))
			return "an incomplete record at the end";
		memcpy(&record, at, sizeof(record));
		wrong = check_record(&record, show_private);
		if (wrong)
			return wrong;
		used = sizeof(record) + record.key_len + record.value_len;
		room = padded(&record);
		if (room > end - at)
			return "a record that is cut off";
		if (!all_zero(at + used, room - used))
			return "padding that is not zero";
		at += room;
	}
	return count < 0 || seen == count ? NULL : "the number of records differs from count";
}

const char *check_get(struct worker *worker, const void *reply, int len)
{
	const struct request *request = &worker->request;
	struct kv_record record;

	memcpy(&record, reply, sizeof(record));
	if (len != (int)sizeof(record) + record.key_len + record.value_len)
		return "GET has a wrong length";
	if (memcmp((char *)reply + sizeof(record), request->data + sizeof(record), record.key_len))
		return "GET replies with another key";
	if (record.flags & KV_F_PRIVATE && !may_see_private(worker))
		return "GET of a private key without the right to it";
	if (worker->at->own && request->key >= 0)
		worker->revs[request->key] = record.rev;
	return check_record(&record, may_see_private(worker));
}

/* True if all keys of a page start with the prefix. */
static bool all_start_with(const unsigned char *at, const unsigned char *end,
			   const unsigned char *prefix, int prefix_len)
{
	struct kv_record record;

	for (; at < end; at += padded(&record)) {
		memcpy(&record, at, sizeof(record));
		if (record.key_len < prefix_len || memcmp(at + sizeof(record), prefix, prefix_len))
			return false;
	}
	return true;
}

const char *check_list(struct worker *worker, const void *reply, int len)
{
	const unsigned char *records = (unsigned char *)reply + sizeof(struct kv_list);
	int records_len = len - sizeof(struct kv_list);
	struct kv_list list;
	const char *wrong;

	memcpy(&list, reply, sizeof(list));
	if (list.more > 1 || list.flags)
		return "LIST with an invalid field";
	memcpy(worker->cursors[below(&worker->rng, 4)], list.cursor, sizeof(list.cursor));
	wrong = check_records(records, records_len, list.count, may_see_private(worker));
	if (!wrong && !all_start_with(records, records + records_len,
				      worker->request.data + sizeof(list), list.prefix_len))
		wrong = "a key that does not start with the prefix";
	return wrong;
}

const char *check_txn(struct worker *worker, const void *reply, int len)
{
	int records_len = len - sizeof(struct kv_txn);
	const char *records = (char *)reply + sizeof(struct kv_txn);
	struct kv_txn txn;

	memcpy(&txn, reply, sizeof(txn));
	worker->tally->stopped += !!txn.error;
	switch (txn.error) {
	case 0:
		break;
	case EEXIST:
	case ENOENT:
	case ESTALE:
	case ENOSPC:
	case EDQUOT:
	case EDOM:
	case EPERM:
		if (txn.count > (txn.error == EDOM))
			return "a refused transaction has records";
		break;
	default:
		return "a transaction with an undocumented error";
	}
	if (txn.reserved)
		return "TXN with a reserved field that is not zero";
	return check_records(records, records_len, txn.count, may_see_private(worker));
}

const char *check_watch(struct worker *worker, const void *reply, int len)
{
	struct kv_watch watch;

	(void)worker;
	memcpy(&watch, reply, sizeof(watch));
	if (len != sizeof(watch) || watch.fd < 0)
		return "WATCH without a descriptor";
	return NULL;
}

/* Check one complete description. */
static const char *check_description(const struct kv_description *one, const unsigned char *data,
				     bool show_private)
{
	int used = one->key_len + one->value_len + one->default_len + one->unit_len +
		   one->choices_len + one->module_len + one->text_len;
	int room = one->len - sizeof(*one);

	if (one->reserved || one->reserved2 || one->type > KV_TYPE_IPV6)
		return "a description with an invalid field";
	if (room - used < 0 || room - used > 7 || !all_zero(data + used, room - used))
		return "a description with a wrong length or padding";
	if (one->flags & KV_D_WITHHELD && (one->value_len || !(one->flags & KV_D_PRIVATE)))
		return "KV_D_WITHHELD on a description that is not private, or has its value";
	if (one->flags & KV_D_PRIVATE && one->value_len && !show_private)
		return "a description with a private value without the right to it";
	return NULL;
}

const char *check_describe(struct worker *worker, const void *reply, int len)
{
	const unsigned char *at = reply, *end = at + len;
	struct kv_description one;
	struct kv_describe head;
	const char *wrong;

	memcpy(&head, at, sizeof(head));
	if (head.more > 1)
		return "DESCRIBE with an invalid field";
	for (at += sizeof(head); head.count; head.count--) {
		if (end - at < (int)sizeof(one))
			return "an incomplete description at the end";
		memcpy(&one, at, sizeof(one));
		if (one.len % 8 || one.len < sizeof(one) || one.len > end - at)
			return "a description with an invalid length";
		wrong = check_description(&one, at + sizeof(one), may_see_private(worker));
		if (wrong)
			return wrong;
		at += one.len;
	}
	return at == end ? NULL : "bytes after the last description";
}
