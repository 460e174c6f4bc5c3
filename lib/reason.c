// SPDX-License-Identifier: MIT
/* Why a kernel module refused a value: only the reply to a transaction has room to say so */
#include <errno.h>
#include <string.h>

#include "internal.h"

const char *kv_reason(const struct kv *kv)
{
	return kv->reason;
}

void kv_forget_reason(struct kv *kv)
{
	if (*kv->reason)
		explicit_bzero(kv->reason, sizeof(kv->reason));
}

/* The record that came with EDOM; @left bytes are there of it. */
static int keep_reason(struct kv *kv, const unsigned char *record, size_t left)
{
	struct kv_unpacked unpacked;
	int err = kv_unpack(&unpacked, record, left);

	if (err < 0 || unpacked.item.value_len > KV_REASON_MAX)
		return -EPROTO;
	memcpy(kv->reason, unpacked.value, unpacked.item.value_len + 1);
	explicit_bzero(&unpacked, sizeof(unpacked));
	return -EDOM;
}

int kv_txn_result(struct kv *kv, const struct kv_txn *reply, int len)
{
	if (len < 0)
		return len;
	if (len < (int)sizeof(*reply) || reply->error < 0)
		return -EPROTO;
	if (reply->error == EDOM && reply->count)
		return keep_reason(kv, reply->data, len - sizeof(*reply));
	return -reply->error;
}

int kv_ask_why(struct kv *kv, enum kv_op op, size_t len)
{
	struct kv_txn *txn = &kv->buf.txn;
	struct kv_record *record = (struct kv_record *)txn->data;

	memmove(record, &kv->buf, len);
	memset(txn->data + len, 0, kv_padded(len) - len);
	record->op = op;
	*txn = (struct kv_txn){ .count = 1 };
	return kv_txn_result(kv, txn, kv_get_word(kv, KV_SO_TXN, txn, sizeof(kv->buf)));
}
