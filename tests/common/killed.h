/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Transactions of many keys, whose callers are killed: all keys must have the same revision */
#ifndef KILLED_H
#define KILLED_H

#include "wire.h"

#define RECORDS 200

/* Make a transaction that puts @number to all keys, or gets them. Returns its length. */
static inline size_t txn_make(unsigned char *buf, int op, unsigned int number)
{
	struct kv_txn *txn = (void *)buf;
	size_t len = sizeof(*txn);
	char key[16], value[16] = "";

	*txn = (struct kv_txn){ .count = RECORDS };
	if (op == KV_OP_PUT)
		snprintf(value, sizeof(value), "%u", number);
	for (int i = 0; i < RECORDS; i++) {
		struct kv_record *record = (void *)(buf + len);
		size_t end;

		snprintf(key, sizeof(key), "killed.%d", i);
		end = len + record_make(record, 0, key, strlen(key), value, strlen(value), 0);
		record->op = op;
		len += padded(record);
		memset(buf + end, 0, len - end);
	}
	return len;
}

/* True if all keys have the same revision. */
static inline bool all_or_nothing(int fd)
{
	static _Alignas(8) unsigned char buf[KV_MSG_MAX];
	const struct kv_txn *txn = (void *)buf;
	const struct kv_record *first = (void *)txn->data, *record = first;
	int len = sizeof(buf);

	txn_make(buf, KV_OP_GET, 0);
	if (wire_get(fd, KV_SO_TXN, buf, &len) || txn->error || txn->count != RECORDS)
		return false;
	for (int i = 0; i < RECORDS; i++) {
		if (!record->rev || record->rev != first->rev)
			return false;
		record = (const void *)((const char *)record + padded(record));
	}
	return true;
}

#endif
