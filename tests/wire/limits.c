// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The limits hold, and a refused write changes nothing. Expects the module
 * with buckets=1 max_entries=8 max_bytes=300.
 *
 * guest: KV_MODULE_PARAMS='buckets=1 max_entries=8 max_bytes=300'
 */
#include <pthread.h>
#include <stdatomic.h>

#include "tap.h"
#include "wire.h"

/* One record of a transaction: operation, key and length of the value */
struct row {
	int op;
	const char *key;
	int len;
};

/* Run a transaction of @rows: the index of the refused record, or -1. */
static int transaction(int fd, const struct row *rows, int count, int *error)
{
	union {
		struct kv_txn head;
		unsigned char bytes[4096];
	} u = { .head.count = count };
	unsigned char *at = u.head.data;
	int len = sizeof(u);

	for (int i = 0; i < count; i++) {
		struct kv_record *record = (void *)at;

		record_make(record, 0, rows[i].key, strlen(rows[i].key), NULL, rows[i].len, 0);
		record->op = rows[i].op;
		at += padded(record);
	}
	*error = wire_get(fd, KV_SO_TXN, &u, &len);
	if (!*error)
		*error = u.head.error;
	return *error ? (int)u.head.failed : -1;
}

/* Transactions on a store with seven entries of 5 bytes, "k1" to "k7". */
static void transactions(int fd)
{
	static const struct row two_more[] = { { KV_OP_PUT, "n1", 0 }, { KV_OP_PUT, "n2", 0 } };
	static const struct row exchange[] = {
		{ KV_OP_DELETE, "k1", 0 }, { KV_OP_PUT, "n1", 0 }, { KV_OP_PUT, "n2", 0 },
		{ KV_OP_DELETE, "n1", 0 }, { KV_OP_PUT, "n3", 0 },
	};
	static const struct row too_long[] = { { KV_OP_PUT, "k2", 200 }, { KV_OP_PUT, "k3", 200 } };
	static const struct row moved[] = {
		{ KV_OP_PUT, "k2", 260 },
		{ KV_OP_DELETE, "k2", 0 },
		{ KV_OP_PUT, "k3", 260 },
	};
	uint64_t before;
	char key[8];
	int error;

	for (int i = 1; i <= 7; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		put(fd, key, "123", 0, 0);
	}
	before = fingerprint(fd);
	ok(transaction(fd, two_more, 2, &error) == 1 && error == ENOSPC &&
		   fingerprint(fd) == before,
	   "a transaction is refused at the record that exceeds max_entries; nothing changes");
	ok(transaction(fd, exchange, 5, &error) == -1 && !error && info(fd).entries == 8,
	   "a transaction can put as many keys as it deletes");
	before = fingerprint(fd);
	ok(transaction(fd, too_long, 2, &error) == 1 && error == EDQUOT &&
		   fingerprint(fd) == before,
	   "a transaction is refused at the record that exceeds max_bytes; nothing changes");
	ok(transaction(fd, moved, 3, &error) == -1 && !error && info(fd).entries == 7,
	   "a transaction can put as many bytes as it deletes");
	ok(!del(fd, "k", KV_F_PREFIX, 0) && !del(fd, "n", KV_F_PREFIX, 0) && !info(fd).bytes,
	   "after deleting all keys, bytes is 0");
}

static atomic_bool stop;
static atomic_uint stored;

/* Put and delete this thread's own keys, more and larger than the limits allow. */
static void *write_beyond_limits(void *arg)
{
	const char *name = arg;
	int sock = wire_socket();
	char buf[RECORD_MAX], key[8];

	for (unsigned int i = 0; !stop; i++) {
		int len = snprintf(key, sizeof(key), "%s%u", name, i % 7);

		len = record_make(buf, 0, key, len, NULL, i * 13 % 90, 0);
		stored += !wire_set(sock, KV_SO_PUT, buf, len);
		if (i % 3 == 0)
			del(sock, key, 0, 0);
	}
	close(sock);
	return NULL;
}

static void bounded(int fd)
{
	pthread_t threads[2];
	int beyond = 0, full = 0;

	pthread_create(&threads[0], NULL, write_beyond_limits, "a");
	pthread_create(&threads[1], NULL, write_beyond_limits, "b");
	for (int i = 0; i < 5000 || !full || stored < 1000; i++) {
		struct kv_info state = info(fd);

		beyond += state.entries > 8 || state.bytes > 300;
		full += state.entries == 8 || state.bytes > 250;
	}
	stop = true;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	ok(!beyond, "bounded: two writers at the limits never exceed them");
	del(fd, "a", KV_F_PREFIX, 0);
	del(fd, "b", KV_F_PREFIX, 0);
	ok(!info(fd).entries && !info(fd).bytes,
	   "after deleting all keys, entries and bytes are 0");
}

int main(void)
{
	char value[301], key[8];
	int fd = wire_socket();
	bool passed = true;
	uint64_t before;

	memset(value, 'v', sizeof(value));
	for (int i = 0; i < 8; i++) {
		snprintf(key, sizeof(key), "key%d", i);
		passed &= !put(fd, key, "0123456789", 0, 0);
	}
	ok(passed && info(fd).entries == 8 && info(fd).bytes == 8 * 14 && info(fd).buckets == 1,
	   "the store accepts max_entries keys, all in one bucket");
	before = fingerprint(fd);
	ok(put(fd, "key8", "", 0, 0) == -ENOSPC && fingerprint(fd) == before,
	   "one more key is ENOSPC and changes nothing");
	ok(!put(fd, "key3", "x", 0, 0) && has(fd, "key3", "x", 0),
	   "a full store still accepts new values for its keys");
	ok(!del(fd, "key3", 0, 0) && !put(fd, "key8", "0123456789", 0, 0),
	   "a full store accepts a new key after a delete");

	value[300 - 7 * 14 - 4] = '\0';
	ok(!put(fd, "key0", value, 0, 0) && info(fd).bytes == 300,
	   "the store accepts max_bytes bytes");
	before = fingerprint(fd);
	ok(put(fd, "key1", "0123456789a", 0, 0) == -EDQUOT && fingerprint(fd) == before,
	   "one more byte is EDQUOT and changes nothing");
	ok(put(fd, "key9", "", 0, 0) == -ENOSPC && fingerprint(fd) == before,
	   "a new key is ENOSPC if both max_entries and max_bytes are reached");
	ok(!put(fd, "key0", "", 0, 0) && !put(fd, "key1", "0123456789a", 0, 0),
	   "a store at max_bytes accepts longer values after a shorter put");
	ok(!del(fd, "key", KV_F_PREFIX, 0) && !info(fd).entries && !info(fd).bytes,
	   "after deleting all keys, entries and bytes are 0");
	transactions(fd);
	bounded(fd);
	return done();
}
