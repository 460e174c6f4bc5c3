// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KV_SO_TXN: all or nothing; one revision; later records see earlier ones; no reader sees a
 * part of a transaction
 *
 * guest:
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "tap.h"
#include "wire.h"

#define KEYS 16
#define TOTAL 1600
#define ROUNDS 300

static int fd;

/* The request of a transaction, overwritten by its reply */
struct txn {
	size_t len;
	union {
		struct kv_txn head;
		unsigned char bytes[KV_MSG_MAX];
	} u;
};

static void begin(struct txn *txn)
{
	memset(txn, 0, sizeof(*txn));
	txn->len = sizeof(txn->u.head);
}

static void add(struct txn *txn, int op, const char *key, const char *value, unsigned int flags,
		uint64_t rev)
{
	struct kv_record *record = (void *)(txn->u.bytes + txn->len);

	record_make(record, flags, key, strlen(key), value, strlen(value), rev);
	record->op = op;
	txn->len += padded(record);
	txn->u.head.count++;
}

static int run_in(int sock, struct txn *txn, int size)
{
	return wire_get(sock, KV_SO_TXN, &txn->u, &size);
}

static int run(struct txn *txn)
{
	return run_in(fd, txn, sizeof(txn->u));
}

/* Record @i of the request or the reply. */
static const struct kv_record *reply(const struct txn *txn, unsigned int i)
{
	const unsigned char *at = txn->u.head.data;

	while (i--)
		at += padded((const void *)at);
	return (const void *)at;
}

static bool reply_has(const struct txn *txn, unsigned int i, const char *value)
{
	const struct kv_record *record = reply(txn, i);

	return record->op == KV_OP_GET && record->rev && record->value_len == strlen(value) &&
	       !memcmp(record->data + record->key_len, value, record->value_len);
}

static void together(void)
{
	uint64_t rev = info(fd).rev;
	struct txn txn;

	begin(&txn);
	add(&txn, KV_OP_CHECK, "t.a", "", KV_F_CREATE, 0);
	add(&txn, KV_OP_PUT, "t.a", "1", KV_F_CREATE, 0);
	add(&txn, KV_OP_PUT, "t.b", "2", KV_F_PRIVATE, 0);
	add(&txn, KV_OP_GET, "t.a", "", 0, 0);
	add(&txn, KV_OP_GET, "t.none", "", 0, 0);
	add(&txn, KV_OP_PUT, "t.a", "3", KV_F_IF_REV, rev + 1);
	add(&txn, KV_OP_GET, "t.a", "", 0, 0);
	ok(!run(&txn) && !txn.u.head.error, "a transaction of checks, puts and gets");
	ok(txn.u.head.rev == rev + 1 && info(fd).rev == rev + 1 && rev_of(fd, "t.a") == rev + 1 &&
		   rev_of(fd, "t.b") == rev + 1,
	   "a transaction is one revision, which its reply has");
	ok(txn.u.head.count == 3 && reply_has(&txn, 0, "1") && reply_has(&txn, 2, "3"),
	   "later records see earlier ones, and the reply has a record for each get");
	ok(!reply(&txn, 1)->rev && !reply(&txn, 1)->value_len && reply(&txn, 1)->key_len == 6,
	   "the record of a get of a missing key has revision 0");
	ok(has(fd, "t.a", "3", 0) && has(fd, "t.b", "2", KV_F_PRIVATE) && info(fd).entries == 2 &&
		   info(fd).bytes == 8,
	   "each key has the value of its last put");

	begin(&txn);
	add(&txn, KV_OP_PUT, "t.c", "new", KV_F_CREATE, 0);
	add(&txn, KV_OP_DELETE, "t.c", "", 0, 0);
	add(&txn, KV_OP_CHECK, "t.c", "", KV_F_CREATE, 0);
	ok(!run(&txn) && !txn.u.head.error && info(fd).entries == 2 && info(fd).bytes == 8 &&
		   info(fd).rev == rev + 1,
	   "create then delete changes nothing: no key, no bytes, no revision");

	begin(&txn);
	add(&txn, KV_OP_DELETE, "t.a", "", 0, 0);
	add(&txn, KV_OP_PUT, "t.a", "again", KV_F_CREATE, 0);
	add(&txn, KV_OP_DELETE, "t.b", "", KV_F_IF_REV, rev + 1);
	ok(!run(&txn) && !txn.u.head.error && has(fd, "t.a", "again", 0) &&
		   !has(fd, "t.b", "2", KV_F_PRIVATE) && info(fd).rev == rev + 2,
	   "delete then create is a put");
	del(fd, "t.", KV_F_PREFIX, 0);
}

static void refused(void)
{
	static const struct {
		const char *name, *key;
		int op;
		unsigned int flags;
		uint64_t rev;
		int error;
	} rows[] = {
		{ "create of an existing key", "r.a", KV_OP_PUT, KV_F_CREATE, 0, EEXIST },
		{ "create of a key put by record 0", "r.new", KV_OP_PUT, KV_F_CREATE, 0, EEXIST },
		{ "replace of a missing key", "r.none", KV_OP_PUT, KV_F_REPLACE, 0, ENOENT },
		{ "put at another revision", "r.a", KV_OP_PUT, KV_F_IF_REV, 77777, ESTALE },
		{ "put of no key at a revision", "r.none", KV_OP_PUT, KV_F_IF_REV, 1, ENOENT },
		{ "delete of a missing key", "r.none", KV_OP_DELETE, 0, 0, ENOENT },
		{ "delete of a key deleted by record 1", "r.gone", KV_OP_DELETE, 0, 0, ENOENT },
		{ "delete at another revision", "r.a", KV_OP_DELETE, KV_F_IF_REV, 77777, ESTALE },
		{ "check for absence of a key", "r.a", KV_OP_CHECK, KV_F_CREATE, 0, EEXIST },
		{ "check for a missing key", "r.none", KV_OP_CHECK, KV_F_REPLACE, 0, ENOENT },
		{ "check of another revision", "r.a", KV_OP_CHECK, KV_F_IF_REV, 77777, ESTALE },
	};
	uint64_t before;

	put(fd, "r.a", "1", 0, 0);
	put(fd, "r.gone", "1", 0, 0);
	before = fingerprint(fd);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct txn txn;

		begin(&txn);
		add(&txn, KV_OP_PUT, "r.new", "x", 0, 0);
		add(&txn, KV_OP_DELETE, "r.gone", "", 0, 0);
		add(&txn, KV_OP_PUT, "r.a", "changed", 0, 0);
		add(&txn, rows[i].op, rows[i].key, "", rows[i].flags, rows[i].rev);
		add(&txn, KV_OP_GET, "r.a", "", 0, 0);
		ok(!run(&txn) && txn.u.head.error == rows[i].error && txn.u.head.failed == 3 &&
			   !txn.u.head.count && fingerprint(fd) == before,
		   "%s: refused at record 3, nothing changed", rows[i].name);
	}
	del(fd, "r.", KV_F_PREFIX, 0);
}

static void malformed(const char *name, struct txn *txn, int size, int error)
{
	uint64_t before = fingerprint(fd);
	int got = run_in(fd, txn, size);

	if (!ok(got == error && fingerprint(fd) == before, "%s is %s and changes nothing", name,
		strerrorname_np(-error)))
		note("%s", strerror(-got));
}

static struct txn *fresh(void)
{
	static struct txn txn;

	begin(&txn);
	add(&txn, KV_OP_PUT, "m.one", "1", 0, 0);
	add(&txn, KV_OP_PUT, "m.two", "22", 0, 0);
	return &txn;
}

static struct kv_record *second(struct txn *txn)
{
	return (struct kv_record *)reply(txn, 1);
}

static void refusals(void)
{
	struct txn *txn = fresh();
	bool passed = true;
	uint64_t before = fingerprint(fd);
	void *page;
	int len;

	for (int size = 0; size < (int)txn->len; size++)
		passed &= run_in(fd, fresh(), size) == -EINVAL;
	ok(passed && fingerprint(fd) == before, "a buffer that cuts off records is EINVAL");
	malformed("a message that is too long", fresh(), KV_MSG_MAX + 1, -EMSGSIZE);
	txn = fresh(), txn->u.head.count = 0;
	malformed("no records", txn, txn->len, -EINVAL);
	txn = fresh(), txn->u.head.count = 3;
	malformed("a count one too high", txn, txn->len, -EINVAL);
	txn = fresh(), txn->u.head.count = UINT32_MAX;
	malformed("the highest count", txn, txn->len, -EINVAL);
	txn = fresh(), txn->u.head.reserved = 1;
	malformed("a reserved field that is not zero", txn, txn->len, -EINVAL);
	txn = fresh(), second(txn)->reserved = 1;
	malformed("a reserved field of a record that is not zero", txn, txn->len, -EINVAL);
	txn = fresh(), txn->u.bytes[txn->len - 1] = 1;
	malformed("padding that is not zero", txn, txn->len, -EINVAL);
	txn = fresh(), second(txn)->key_len = 0;
	malformed("an empty key", txn, txn->len, -EINVAL);
	txn = fresh(), second(txn)->key_len = 129;
	malformed("a key that is too long", txn, txn->len, -ENAMETOOLONG);
	txn = fresh(), second(txn)->value_len = 1025;
	malformed("a value that is too long", txn, txn->len, -EMSGSIZE);
	txn = fresh(), second(txn)->value_len = 100;
	malformed("a record past the end", txn, txn->len, -EINVAL);
	txn = fresh(), second(txn)->data[0] = ' ';
	malformed("an invalid character of a key", txn, txn->len, -EINVAL);
	txn = fresh(), second(txn)->op = KV_OP_CHECK;
	malformed("a check with a value", txn, txn->len, -EINVAL);
	txn = fresh(), second(txn)->flags = KV_F_CREATE | KV_F_REPLACE;
	malformed("contradicting conditions", txn, txn->len, -EINVAL);
	txn = fresh(), second(txn)->flags = KV_F_PREFIX;
	malformed("a flag that put does not accept", txn, txn->len, -EINVAL);
	txn = fresh(), second(txn)->rev = 1;
	malformed("a revision without KV_F_IF_REV", txn, txn->len, -EINVAL);
	txn = fresh(), add(txn, KV_OP_CHECK, "m.one", "", 0, 0);
	malformed("a check without a condition", txn, txn->len, -EINVAL);
	txn = fresh(), add(txn, KV_OP_DELETE, "m.", "", KV_F_PREFIX, 0);
	malformed("a prefix delete that is not the only record", txn, txn->len, -EINVAL);
	txn = fresh(), add(txn, KV_OP_GET, "m.one", "", KV_F_CREATE, 0);
	malformed("a get with a condition", txn, txn->len, -EINVAL);
	for (int op = 0; op < 256; op++) {
		txn = fresh();
		second(txn)->op = op;
		passed &= (op >= KV_OP_GET && op <= KV_OP_CHECK) || run(txn) == -EINVAL;
	}
	ok(passed && fingerprint(fd) == before, "an unknown op is EINVAL");
	txn = fresh(), add(txn, KV_OP_GET, "m.one", "", 0, 0);
	add(txn, KV_OP_PUT, "m.one", "longer than it was before", 0, 0);
	for (int i = 0; i < 10; i++)
		add(txn, KV_OP_GET, "m.one", "", 0, 0);
	malformed("a buffer that is too small for the reply", txn, txn->len, -ERANGE);
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	txn = fresh();
	memcpy(page, &txn->u, txn->len);
	mprotect(page, 4096, PROT_READ);
	len = txn->len;
	ok(wire_get(fd, KV_SO_TXN, page, &len) == -EFAULT && fingerprint(fd) == before,
	   "a read-only buffer is EFAULT and changes nothing");
}

static bool as_nobody(void)
{
	struct txn txn;

	if (setresuid(65534, 65534, 65534))
		return false;
	if (run(fresh()) != -EPERM)
		return false;
	begin(&txn);
	add(&txn, KV_OP_GET, "p.open", "", 0, 0);
	add(&txn, KV_OP_CHECK, "p.secret", "", KV_F_REPLACE, 0);
	if (run(&txn) || txn.u.head.error || !reply_has(&txn, 0, "seen"))
		return false;
	begin(&txn);
	add(&txn, KV_OP_GET, "p.open", "", 0, 0);
	add(&txn, KV_OP_GET, "p.secret", "", 0, 0);
	return !run(&txn) && txn.u.head.error == EPERM && txn.u.head.failed == 1 &&
	       !memmem(&txn.u, sizeof(txn.u), "hidden", 6);
}

/* A request with one record, which deletes all keys with @prefix. */
static struct txn *delete_prefix(const char *prefix, unsigned int flags, uint64_t rev)
{
	static struct txn txn;

	begin(&txn);
	add(&txn, KV_OP_DELETE, prefix, "", KV_F_PREFIX | flags, rev);
	return &txn;
}

static void prefixes(void)
{
	struct txn *txn;
	uint64_t rev;

	put(fd, "x.a", "1", 0, 0);
	put(fd, "x.b", "2", 0, 0);
	put(fd, "x", "3", 0, 0);
	rev = info(fd).rev;
	txn = delete_prefix("x.", 0, 0);
	ok(!run(txn) && !txn->u.head.error && !txn->u.head.count && txn->u.head.rev == rev + 1,
	   "a prefix delete as a transaction is one revision");
	ok(!has(fd, "x.a", "1", 0) && !has(fd, "x.b", "2", 0) && has(fd, "x", "3", 0) &&
		   info(fd).rev == rev + 1,
	   "it deletes the keys with the prefix and no other key");
	txn = delete_prefix("x.", 0, 0);
	ok(!run(txn) && txn->u.head.error == ENOENT && !txn->u.head.failed &&
		   info(fd).rev == rev + 1,
	   "a prefix delete is ENOENT if no key has the prefix");
	ok(run(delete_prefix("x", KV_F_IF_REV, rev)) == -EINVAL && has(fd, "x", "3", 0),
	   "a prefix delete with KV_F_IF_REV is EINVAL");
	del(fd, "x", 0, 0);
}

static void permission(void)
{
	put(fd, "p.open", "seen", 0, 0);
	put(fd, "p.secret", "hidden", KV_F_PRIVATE, 0);
	ok(apart(as_nobody),
	   "without CAP_NET_ADMIN, only transactions that read public values are allowed");
	del(fd, "p.", KV_F_PREFIX, 0);
}

static atomic_bool stop;
static atomic_uint commits;

static const char *account(int i)
{
	static _Thread_local char key[16];

	snprintf(key, sizeof(key), "account.%02d", i);
	return key;
}

/* Read values and revisions of all accounts: the sum of the values, or -1. */
static int read_accounts(int sock, int values[KEYS], uint64_t revs[KEYS])
{
	static _Thread_local struct txn txn;
	int sum = 0;

	begin(&txn);
	for (int i = 0; i < KEYS; i++)
		add(&txn, KV_OP_GET, account(i), "", 0, 0);
	if (run_in(sock, &txn, sizeof(txn.u)) || txn.u.head.count != KEYS)
		return -1;
	for (int i = 0; i < KEYS; i++) {
		const struct kv_record *record = reply(&txn, i);
		char text[16] = "";

		memcpy(text, record->data + record->key_len, record->value_len);
		values[i] = atoi(text);
		revs[i] = record->rev;
		sum += values[i];
	}
	return sum;
}

/* Move amounts between accounts in transactions that are conditional on the revisions read. */
static void *move_amounts(void *arg)
{
	int sock = wire_socket(), values[KEYS];
	unsigned int seed = *(int *)arg;
	uint64_t revs[KEYS];
	struct txn txn;
	char text[16];

	while (!stop) {
		int from = rand_r(&seed) % KEYS, to = rand_r(&seed) % KEYS;

		if (from == to || read_accounts(sock, values, revs) < 0)
			continue;
		begin(&txn);
		snprintf(text, sizeof(text), "%d", values[from] - 7);
		add(&txn, KV_OP_PUT, account(from), text, KV_F_IF_REV, revs[from]);
		snprintf(text, sizeof(text), "%d", values[to] + 7);
		add(&txn, KV_OP_PUT, account(to), text, KV_F_IF_REV, revs[to]);
		if (!run_in(sock, &txn, sizeof(txn.u)) && !txn.u.head.error)
			commits++;
	}
	close(sock);
	return NULL;
}

/* The sum of the accounts in a listing of many pages; -1 if the pages' revisions differ. */
static int list_accounts(void)
{
	_Alignas(8) unsigned char buf[256];
	struct kv_list *page = (void *)buf;
	uint64_t cursor[2] = { 0, 0 }, rev = 0;
	int sum = 0, pages = 0;

	do {
		const unsigned char *at = page->data;

		if (list_page(fd, "account.", cursor, buf, sizeof(buf)) < 0)
			return -1;
		if (pages++ && page->rev != rev)
			return -1;
		rev = page->rev;
		for (unsigned int i = 0; i < page->count; i++) {
			const struct kv_record *record = (const void *)at;
			char text[16] = "";

			memcpy(text, record->data + record->key_len, record->value_len);
			sum += atoi(text);
			at += padded(record);
		}
	} while (page->more);
	return sum;
}

static void no_half_seen_transaction(void)
{
	int seeds[2] = { 1, 2 }, values[KEYS], snapshots = 0, wrong = 0;
	uint64_t revs[KEYS], rev;
	pthread_t threads[2];

	for (int i = 0; i < KEYS; i++)
		put(fd, account(i), "100", 0, 0);
	rev = info(fd).rev;
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, move_amounts, &seeds[i]);
	for (int i = 0; i < ROUNDS || !snapshots; i++) {
		int sum = list_accounts();

		wrong += read_accounts(fd, values, revs) != TOTAL;
		wrong += sum >= 0 && sum != TOTAL;
		snapshots += sum >= 0;
	}
	stop = true;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	note("%u commits, %d of the listings were snapshots", commits, snapshots);
	ok(commits > 0 && !wrong, "no half-seen transaction: sums are constant in transactions of "
				  "gets and in snapshot listings");
	ok(info(fd).rev == rev + commits, "one commit, one revision, with two writers");
	del(fd, "account.", KV_F_PREFIX, 0);
}

#define FILLERS 40 /* gets of another key between two gets that are compared */

/* Repeatedly put all KEYS keys in one transaction. */
static void *put_all(void *arg)
{
	static struct txn txn;
	int sock = wire_socket();
	char key[16];

	(void)arg;
	while (!stop) {
		begin(&txn);
		for (int i = 0; i < KEYS; i++) {
			snprintf(key, sizeof(key), "moment.%d", i);
			add(&txn, KV_OP_PUT, key, "x", 0, 0);
		}
		commits += !run_in(sock, &txn, sizeof(txn.u)) && !txn.u.head.error;
	}
	close(sock);
	return NULL;
}

/* Get all KEYS keys in a long transaction: true if they have the same revision. */
static bool gets_agree(void)
{
	static struct txn txn;
	uint64_t rev = 0;
	char key[16];

	begin(&txn);
	for (int i = 0; i < KEYS; i++) {
		snprintf(key, sizeof(key), "moment.%d", i);
		add(&txn, KV_OP_GET, key, "", 0, 0);
		for (int filler = 0; filler < FILLERS; filler++)
			add(&txn, KV_OP_GET, "filler", "", 0, 0);
	}
	if (run(&txn) || txn.u.head.error)
		return false;
	for (int i = 0; i < KEYS; i++) {
		const struct kv_record *record = reply(&txn, i * (FILLERS + 1));

		if (i && record->rev != rev)
			return false;
		rev = record->rev;
	}
	return true;
}

static void gets_of_one_revision(void)
{
	pthread_t thread;
	int wrong = 0;

	stop = false;
	commits = 0;
	pthread_create(&thread, NULL, put_all, NULL);
	for (int i = 0; i < 2 * ROUNDS || commits < ROUNDS; i++)
		wrong += !gets_agree();
	stop = true;
	pthread_join(thread, NULL);
	ok(!wrong, "a transaction of gets sees all puts of another transaction or none");
	del(fd, "moment.", KV_F_PREFIX, 0);
}

/* The end of the buffer, beyond the request, is read-only; the reply needs it. */
static void unanswerable(void)
{
	size_t size = sysconf(_SC_PAGESIZE);
	unsigned char *page =
		mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char value[KV_VALUE_MAX + 1];
	uint64_t before;
	struct txn txn;
	int len;

	if (page == MAP_FAILED || mprotect(page + size, size, PROT_READ))
		err(125, "mmap");
	memset(value, 'v', KV_VALUE_MAX);
	value[KV_VALUE_MAX] = '\0';
	put(fd, "long", value, 0, 0);
	before = fingerprint(fd);
	begin(&txn);
	add(&txn, KV_OP_PUT, "unanswerable", "1", 0, 0);
	add(&txn, KV_OP_GET, "long", "", 0, 0);
	memcpy(page + size - txn.len, &txn.u, txn.len);
	len = txn.len + 2 * KV_VALUE_MAX;
	ok(wire_get(fd, KV_SO_TXN, page + size - txn.len, &len) == -EFAULT &&
		   fingerprint(fd) == before,
	   "a transaction whose reply cannot be written is EFAULT and changes nothing");
	munmap(page, 2 * size);
	del(fd, "long", 0, 0);
}

int main(void)
{
	fd = wire_socket();
	together();
	refused();
	refusals();
	prefixes();
	permission();
	unanswerable();
	no_half_seen_transaction();
	gets_of_one_revision();
	return done();
}
