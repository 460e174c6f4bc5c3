// SPDX-License-Identifier: MIT
/* Writes: each is a KV_SO_TXN, because its reply has the reason of a refusal */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* The longest reply to a refused transaction */
#define REFUSAL_BYTES (sizeof(struct kv_txn) + sizeof(struct kv_record) + KV_REASON_MAX)

/* Reasons */

const char *kv_reason(const struct kv *kv)
{
	return kv->reason;
}

/* Wipe the last reason, which may quote a private value. */
static void wipe_reason(struct kv *kv)
{
	if (*kv->reason)
		explicit_bzero(kv->reason, sizeof(kv->reason));
}

/* Store the reason of an EDOM, from the record at the start of @left bytes. */
static int store_reason(struct kv *kv, const unsigned char *record, size_t left)
{
	struct kv_unpacked unpacked;
	int err = kv_unpack(&unpacked, record, left);

	if (err < 0 || unpacked.item.value_len > KV_REASON_MAX)
		return -EPROTO;
	memcpy(kv->reason, unpacked.value, unpacked.item.value_len + 1);
	explicit_bzero(&unpacked, sizeof(unpacked));
	return -EDOM;
}

/* Send a request in a buffer of @size bytes: the length of the reply, or a negative errno. */
static int send_transaction(struct kv *kv, struct kv_txn *txn, size_t size)
{
	int len;

	wipe_reason(kv);
	len = kv_get_word(kv, KV_SO_TXN, txn, size);
	if (len >= 0 && (len < (int)sizeof(*txn) || txn->error < 0))
		return -EPROTO;
	return len;
}

/* The result of a transaction with a reply of @len bytes: 0 or a negative errno. */
static int transaction_result(struct kv *kv, const struct kv_txn *reply, int len)
{
	if (reply->error == EDOM && reply->count)
		return store_reason(kv, reply->data, len - sizeof(*reply));
	return -reply->error;
}

/* Single writes */

static int write_one(struct kv *kv, enum kv_op op, const char *key, const void *value,
		     size_t value_len, unsigned int flags, uint64_t rev)
{
	struct kv_txn *txn = &kv->buf.txn;
	size_t size = sizeof(*txn);
	ssize_t record;
	int len;

	record = kv_pack(txn->data, sizeof(kv->buf) - size, op, key, value, value_len, flags, rev);
	if (record < 0) {
		wipe_reason(kv);
		return record;
	}
	*txn = (struct kv_txn){ .count = 1 };
	size += kv_padded(record);
	len = send_transaction(kv, txn, size > REFUSAL_BYTES ? size : REFUSAL_BYTES);
	if (len >= 0)
		len = transaction_result(kv, txn, len);
	/* The value may be private, and so may the reason. */
	explicit_bzero(&kv->buf, size > REFUSAL_BYTES ? size : REFUSAL_BYTES);
	return len;
}

int kv_put(struct kv *kv, const char *key, const void *value, size_t len, unsigned int flags,
	   uint64_t rev)
{
	return write_one(kv, KV_OP_PUT, key, value, len, flags, rev);
}

int kv_delete(struct kv *kv, const char *key, unsigned int flags, uint64_t rev)
{
	return write_one(kv, KV_OP_DELETE, key, NULL, 0, flags, rev);
}

int kv_update(struct kv *kv, const char *key, kv_update_fn *fn, void *arg)
{
	char old[KV_VALUE_MAX + 1], value[KV_VALUE_MAX];
	struct kv_item item;
	ssize_t len;
	int err;

	do {
		unsigned int flags = KV_F_CREATE;

		item.rev = 0;
		len = kv_get(kv, key, old, sizeof(old), &item);
		if (len < 0 && len != -ENOENT)
			return len;
		if (len >= 0)
			flags = KV_F_IF_REV | (item.flags & KV_F_PRIVATE);
		len = len < 0 ? fn(NULL, 0, value, arg) : fn(old, len, value, arg);
		err = len < 0 ? len : kv_put(kv, key, value, len, flags, item.rev);
		/* These three errors mean that another change came in between. */
	} while (len >= 0 && (err == -ESTALE || err == -EEXIST || err == -ENOENT));
	explicit_bzero(old, sizeof(old));
	explicit_bzero(value, sizeof(value));
	return err;
}

/* Transactions */

/**
 * struct kv_transaction - a request that is being built
 * @len: bytes of the request so far
 * @reply: maximum length of the reply
 * @request: the request
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
	ssize_t size = kv_pack(txn->request.bytes + txn->len, KV_MSG_MAX - txn->len, op, key, value,
			       len, flags, rev);

	if (size < 0)
		return size;
	txn->len += kv_padded(size);
	if (op == KV_OP_GET)
		txn->reply += kv_padded(size + KV_VALUE_MAX);
	return txn->request.head.count++;
}

int kv_transaction_commit(struct kv *kv, const struct kv_transaction *txn, kv_list_fn *fn,
			  void *arg, uint64_t *rev, int *failed)
{
	size_t size = txn->len > txn->reply ? txn->len : txn->reply;
	struct kv_txn *buf;
	int len, err;

	if (failed)
		*failed = -1;
	/* Most replies fit even so, since few values have the maximum length. */
	if (size > KV_MSG_MAX)
		size = KV_MSG_MAX;
	buf = malloc(size);
	if (!buf) {
		wipe_reason(kv);
		return -ENOMEM;
	}
	memcpy(buf, txn->request.bytes, txn->len);
	memset((unsigned char *)buf + txn->len, 0, size - txn->len);
	len = send_transaction(kv, buf, size);
	err = len < 0 ? len : transaction_result(kv, buf, len);
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
