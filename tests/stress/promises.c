// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Promises of docs/design.md about concurrent callers that no other program tests
 *
 * guest:
 */
#include <pthread.h>
#include <stdatomic.h>

#include "tap.h"
#include "wire.h"

#define KEYS 16
#define ROUNDS 400

static int fd;
static atomic_bool stop;

/* Run a transaction of KEYS records with one op: 0, a record's errno, or the call's -errno. */
static int all_keys(int sock, int op, unsigned int flags, const char *value, void *buf, int size)
{
	struct kv_txn *txn = buf;
	unsigned char *at = txn->data;
	int error;

	memset(buf, 0, size);
	txn->count = KEYS;
	for (int i = 0; i < KEYS; i++) {
		struct kv_record *record = (void *)at;
		char key[16];

		snprintf(key, sizeof(key), "all.%02d", i);
		record_make(record, flags, key, strlen(key), value, strlen(value), 0);
		record->op = op;
		at += padded(record);
	}
	error = wire_get(sock, KV_SO_TXN, buf, &size);
	return error ? error : txn->error;
}

/* Create all keys, replace them, and delete them by transaction or by prefix. */
static void *writer(void *arg)
{
	_Alignas(8) unsigned char buf[4096];
	int sock = wire_socket(), turn = 0;

	(void)arg;
	while (!stop) {
		/* The second of two writers is refused at the first record. */
		all_keys(sock, KV_OP_PUT, KV_F_CREATE, "x", buf, sizeof(buf));
		all_keys(sock, KV_OP_PUT, KV_F_REPLACE, "yy", buf, sizeof(buf));
		if (turn++ % 4)
			all_keys(sock, KV_OP_DELETE, 0, "", buf, sizeof(buf));
		else
			del(sock, "all.", KV_F_PREFIX, 0);
	}
	close(sock);
	return NULL;
}

/* The number of keys that exist; *alike is true if they have the same revision. */
static int existing_keys(bool *alike)
{
	_Alignas(8) unsigned char buf[4096];
	const struct kv_txn *txn = (void *)buf;
	const unsigned char *at = txn->data;
	uint64_t rev = 0;
	int count = 0;

	*alike = !all_keys(fd, KV_OP_GET, 0, "", buf, sizeof(buf)) && txn->count == KEYS;
	for (int i = 0; i < KEYS && *alike; i++) {
		const struct kv_record *record = (const void *)at;

		count += record->rev != 0;
		*alike = !i || record->rev == rev;
		rev = record->rev;
		at += padded(record);
	}
	return count;
}

static void all_or_nothing(void)
{
	pthread_t threads[2];
	int half = 0, mixed = 0, there = 0;
	struct kv_info state;

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, writer, NULL);
	for (int i = 0; i < ROUNDS || !there; i++) {
		bool alike;
		int count = existing_keys(&alike);

		half += count != 0 && count != KEYS;
		mixed += !alike;
		there += count == KEYS;
		state = info(fd);
		half += state.entries != 0 && state.entries != KEYS;
	}
	stop = true;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	ok(!half && !mixed,
	   "all or nothing: 16 keys that two writers create, replace and delete in "
	   "transactions exist all or none, with one revision");
	del(fd, "all.", KV_F_PREFIX, 0);
	ok(!info(fd).entries && !info(fd).bytes,
	   "after deleting all keys, entries and bytes are 0");
}

static atomic_ulong gets;

static void *reader(void *arg)
{
	int sock = wire_socket();

	(void)arg;
	while (!stop)
		gets += has(sock, "read", "me", 0);
	close(sock);
	return NULL;
}

#define LONG_KEYS 32768

/* Put long keys that differ from @prefix only near its end, so that comparing them takes long. */
static void fill_with_long_keys(char prefix[KV_KEY_MAX])
{
	char key[KV_KEY_MAX + 1];

	memset(prefix, 'k', KV_KEY_MAX - 1);
	prefix[KV_KEY_MAX - 1] = '\0';
	for (int i = 0; i < LONG_KEYS; i++) {
		snprintf(key, sizeof(key), "%.*s.%05d", KV_KEY_MAX - 7, prefix, i);
		put(fd, key, "", 0, 0);
	}
}

static void readers_never_wait(void)
{
	unsigned long before, during;
	char prefix[KV_KEY_MAX];
	pthread_t thread;

	put(fd, "read", "me", 0, 0);
	fill_with_long_keys(prefix);
	stop = false;
	pthread_create(&thread, NULL, reader, NULL);
	while (gets < 10)
		;
	before = gets;
	/* Holds the writers' lock while it compares all keys with the prefix. */
	del(fd, prefix, KV_F_PREFIX, 0);
	during = gets - before;
	stop = true;
	pthread_join(thread, NULL);
	note("%lu gets during one delete", during);
	ok(during > 100, "readers never wait: gets return while a writer holds the lock");
	del(fd, "read", 0, 0);
}

int main(void)
{
	fd = wire_socket();
	all_or_nothing();
	readers_never_wait();
	return done();
}
