// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The faults of a malformed request, according to kv_proto.h and independent of the module. A
 * call must fail with the errno of one of its faults, and with none of these errnos if it has none.
 */
#include "fuzz.h"

/* A bit for each errno of malformed requests; a cursor may be EINVAL or not */
enum { INVALID = 1, NAME_TOO_LONG = 2, TOO_LARGE = 4, CURSOR = 8 };

static const struct {
	unsigned int fault;
	int error;
} errors[] = { { INVALID | CURSOR, EINVAL },
	       { NAME_TOO_LONG, ENAMETOOLONG },
	       { TOO_LARGE, EMSGSIZE } };

#define CONDITIONS (KV_F_CREATE | KV_F_REPLACE | KV_F_IF_REV)

/* The fields that a record may use, by word, and by op in a transaction */
struct takes {
	bool known, value;
	unsigned char flags;
	unsigned char needs; /* one of these flags is required, unless 0 */
};

static const struct takes put_takes = { true, true, CONDITIONS | KV_F_PRIVATE, 0 };
static const struct takes delete_takes = { true, false, KV_F_IF_REV | KV_F_PREFIX, 0 };
static const struct takes get_takes = { true, false, 0, 0 };
static const struct takes op_takes[256] = {
	[KV_OP_GET] = { true, false, 0, 0 },
	[KV_OP_PUT] = { true, true, CONDITIONS | KV_F_PRIVATE, 0 },
	[KV_OP_DELETE] = { true, false, KV_F_IF_REV | KV_F_PREFIX, 0 },
	[KV_OP_CHECK] = { true, false, CONDITIONS, CONDITIONS },
};

static bool valid_key(const unsigned char *key, int len)
{
	static const char bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789_.:/@+-";

	while (len--) {
		if (!memchr(bytes, key[len], sizeof(bytes) - 1))
			return false;
	}
	return true;
}

/* Faults of the lengths in a record: those over their limits. */
static unsigned int limit_faults(const struct kv_record *record)
{
	return (record->key_len > KV_KEY_MAX ? NAME_TOO_LONG : 0) |
	       (record->value_len > KV_VALUE_MAX ? TOO_LARGE : 0);
}

/* Faults of a complete record, without those of its op and its lengths. */
static unsigned int record_faults(const struct kv_record *record, const unsigned char *data,
				  const struct takes *takes)
{
	bool if_rev = record->flags & KV_F_IF_REV;
	bool fine =
		takes->known && !record->reserved && !(record->flags & ~takes->flags) &&
		(takes->value || !record->value_len) &&
		(!takes->needs || record->flags & takes->needs) && (if_rev || !record->rev) &&
		!(record->flags & KV_F_CREATE && record->flags & (KV_F_REPLACE | KV_F_IF_REV)) &&
		!(record->flags & KV_F_PREFIX && if_rev) && record->key_len &&
		(!takes->value || valid_key(data, record->key_len));

	return fine ? 0 : INVALID;
}

static unsigned int one_record(const struct request *request, const struct takes *takes)
{
	struct kv_record record;
	unsigned int faults;
	int len;

	memcpy(&record, request->data, sizeof(record));
	faults = limit_faults(&record);
	len = sizeof(record) + record.key_len + record.value_len;
	/* The buffer of a get word may be longer, and value_len does not count. */
	if (request->set ? len != request->optlen :
			   (int)sizeof(record) + record.key_len > request->optlen)
		return faults | INVALID;
	if (!faults)
		faults = record_faults(&record, request->data + sizeof(record), takes);
	return record.op ? faults | INVALID : faults;
}

unsigned int put_faults(const struct request *request)
{
	return one_record(request, &put_takes);
}

unsigned int delete_faults(const struct request *request)
{
	return one_record(request, &delete_takes);
}

unsigned int get_faults(const struct request *request)
{
	return one_record(request, &get_takes);
}

unsigned int seal_faults(const struct request *request)
{
	static const struct kv_record zero;
	struct kv_record record;

	memcpy(&record, request->data, sizeof(record));
	return limit_faults(&record) |
	       (request->optlen != sizeof(zero) || memcmp(&record, &zero, sizeof(zero)) ? INVALID :
											  0);
}

unsigned int no_faults(const struct request *request)
{
	(void)request;
	return 0;
}

/* Faults of a name after a header of @head bytes; @fine: the header has no fault. */
static unsigned int name_faults(const struct request *request, int head, int name_len, bool fine)
{
	return (name_len > KV_KEY_MAX ? NAME_TOO_LONG : 0) |
	       (!fine || head + name_len > request->optlen ? INVALID : 0);
}

unsigned int list_faults(const struct request *request)
{
	struct kv_list list;

	memcpy(&list, request->data, sizeof(list));
	return name_faults(request, sizeof(list), list.prefix_len, !list.flags) |
	       (list.cursor[0] | list.cursor[1] ? CURSOR : 0);
}

unsigned int watch_faults(const struct request *request)
{
	struct kv_watch watch;

	memcpy(&watch, request->data, sizeof(watch));
	return name_faults(request, sizeof(watch), watch.prefix_len, !watch.flags);
}

unsigned int describe_faults(const struct request *request)
{
	struct kv_describe head;

	memcpy(&head, request->data, sizeof(head));
	return name_faults(request, sizeof(head), head.name_len,
			   head.prefix_len <= head.name_len && !(head.flags & ~KV_DESCRIBE_AFTER) &&
				   !(head.reserved[0] | head.reserved[1] | head.reserved[2]));
}

/* Faults of the record at @at and its padding. *len: length with padding, 0 if it is cut off. */
static unsigned int txn_record_faults(const struct request *request, int at, bool only, int *len)
{
	struct kv_record record;
	unsigned int faults;
	int used;

	*len = 0;
	if (request->optlen - at < (int)sizeof(record))
		return INVALID;
	memcpy(&record, request->data + at, sizeof(record));
	faults = limit_faults(&record);
	if (faults)
		return faults;
	if ((int)padded(&record) > request->optlen - at)
		return INVALID;
	*len = padded(&record);
	for (used = sizeof(record) + record.key_len + record.value_len; used < *len; used++) {
		if (request->data[at + used])
			return INVALID;
	}
	faults = record_faults(&record, request->data + at + sizeof(record), &op_takes[record.op]);
	/* A prefix delete is the only record of its request. */
	return record.flags & KV_F_PREFIX && !only ? faults | INVALID : faults;
}

unsigned int txn_faults(const struct request *request)
{
	int at = sizeof(struct kv_txn), len;
	unsigned int faults;
	struct kv_txn txn;
	bool only;

	memcpy(&txn, request->data, sizeof(txn));
	only = txn.count == 1;
	faults = txn.reserved || !txn.count ? INVALID : 0;
	/* The minimum length of a record is 24 bytes */
	if (txn.count > (request->optlen - sizeof(txn)) / 24)
		faults |= INVALID;
	for (; txn.count; txn.count--, at += len) {
		faults |= txn_record_faults(request, at, only, &len);
		if (!len)
			break;
	}
	return faults;
}

/* Faults of optlen alone, which is checked before the request is read. */
static unsigned int length_faults(const struct request *request, int least)
{
	if (request->optlen > KV_MSG_MAX)
		return TOO_LARGE;
	return request->optlen < least ? INVALID : 0;
}

const char *form_check(const struct word *row, const struct request *request, int error)
{
	unsigned int faults, fault = 0;

	faults = length_faults(request, row->least);
	if (!faults)
		faults = row->faults(request);
	for (unsigned int i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		fault |= error == errors[i].error ? errors[i].fault : 0;
	if (faults & ~CURSOR && !error)
		return "a malformed request succeeds";
	if (faults & ~CURSOR && !fault && error != EPERM && error != ENOMEM && error != EINTR)
		return "a malformed request is not refused as malformed";
	if (!faults && fault)
		return "a well-formed request is refused as malformed";
	if (fault && !(fault & faults))
		return "a malformed request is refused with the errno of another fault";
	return NULL;
}
