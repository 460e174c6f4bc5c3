// SPDX-License-Identifier: MIT
/* Transactions: records are collected in the form in which they travel */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/**
 * struct kv_transaction - a request that grows
 * @len: bytes of it
 * @reply: bytes that the reply has at most
 * @request: KV_MSG_MAX bytes, of which the first @len are there
 */
struct kv_transaction {
	size_t len;
	size_t reply;
	union {
		struct kv_txn head;
		unsigned char bytes[KV_MSG_MAX];
	} request;
};

struct kv_transaction *kv_transaction_new(void)
{
	struct kv_transaction *txn = calloc(1, sizeof(*txn));

	if (txn) {
		txn->len = sizeof(txn->request.head);
		txn->reply = REFUSAL_BYTES;
	}
	return txn;
}

void kv_transaction_free(struct kv_transaction *txn)
{
	if (!txn)
		return;
	explicit_bzero(txn->request.bytes, txn->len);
	free(txn);
}

unsigned int kv_transaction_count(const struct kv_transaction *txn)
{
	return txn->request.head.count;
}

size_t kv_transaction_room(const struct kv_transaction *txn)
{
	size_t room = KV_MSG_MAX - txn->len;

	return room > sizeof(struct kv_record) ? room - sizeof(struct kv_record) : 0;
}

int kv_transaction_add(struct kv_transaction *txn, enum kv_op op, const char *key,
		       const void *value, size_t len, unsigned int flags, uint64_t rev)
{
	struct kv_record record = { .op = op, .flags = flags, .rev = rev };
	size_t key_len = strlen(key), size;
	unsigned char *at = txn->request.bytes + txn->len;

	if (key_len > KV_KEY_MAX)
		return -ENAMETOOLONG;
	if (len > KV_VALUE_MAX)
		return -EMSGSIZE;
	if (flags > UINT8_MAX)
		return -EINVAL;
	size = kv_padded(sizeof(record) + key_len + len);
	if (txn->len + size > KV_MSG_MAX)
		return -EMSGSIZE;
	record.key_len = key_len;
	record.value_len = len;
	memset(at, 0, size);
	memcpy(at, &record, sizeof(record));
	memcpy(at + sizeof(record), key, key_len);
	if (len)
		memcpy(at + sizeof(record) + key_len, value, len);
	txn->len += size;
	if (op == KV_OP_GET)
		txn->reply += kv_padded(sizeof(record) + key_len + KV_VALUE_MAX);
	return txn->request.head.count++;
}

int kv_transaction_commit(struct kv *kv, const struct kv_transaction *txn, kv_list_fn *fn,
			  void *arg, uint64_t *rev, int *failed)
{
	size_t size = txn->len > txn->reply ? txn->len : txn->reply;
	struct kv_txn *buf;
	int len, err;

	kv_forget_reason(kv);
	/* Values seldom are as long as they may be: most replies fit all the same. */
	if (size > KV_MSG_MAX)
		size = KV_MSG_MAX;
	buf = malloc(size);
	if (failed)
		*failed = -1;
	if (!buf)
		return -ENOMEM;
	memcpy(buf, txn->request.bytes, txn->len);
	memset((unsigned char *)buf + txn->len, 0, size - txn->len);
	len = kv_get_word(kv, KV_SO_TXN, buf, size);
	err = kv_txn_result(kv, buf, len);
	if (failed && len >= 0 && buf->error > 0 && buf->failed < kv_transaction_count(txn))
		*failed = buf->failed;
	if (!err && rev)
		*rev = buf->rev;
	if (!err && fn)
		err = kv_each_record(buf->data, len - sizeof(*buf), buf->count, fn, arg);
	explicit_bzero(buf, size);
	free(buf);
	return err;
}
