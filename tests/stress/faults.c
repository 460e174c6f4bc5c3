// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each allocation and each user copy of a command fails in turn: the caller gets an allowed
 * errno, and the store does not change. Needs a kernel with fault injection, which faults.sh
 * sets up. With the argument `declared`, the keys are those of demo.ko and portguard.ko.
 */
#include <poll.h>
#include <sys/mman.h>

#include "nth.h"
#include "tap.h"
#include "wire.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof(*(array)))
#define EITHER ENOMEM, EFAULT

static int fd; /* a socket in a namespace that is new for every call */
static int watch = -1; /* a watch in that namespace, or -1 */
static void *mapping; /* the mapped page of the watch */

/* The buffer and length of a get word, after the call. Other commands leave them unchanged. */
static _Alignas(8) unsigned char buf[4096];
static int len;

/**
 * struct command - a command with injected failures
 * @name: name of the test
 * @prepare: fills the store; NULL for a store that was never written to
 * @call: runs the command: 0 or -errno
 * @errnos: errnos that it may return after a failure
 * @done: it changes the store and then copies a reply: if that copy fails, it returns EFAULT
 *        although the change was made
 */
struct command {
	const char *name;
	void (*prepare)(void);
	int (*call)(void);
	int errnos[2];
	bool done;
};

/* Calls */

static void must(int error)
{
	if (error)
		errx(125, "preparing the store: %s", strerror(-error));
}

/* Run a get word with the request in buf: -EPROTO if it changes bytes outside of its reply. */
static int ask(int word, int room)
{
	static unsigned char asked[sizeof(buf)];
	int error, from;

	memcpy(asked, buf, sizeof(buf));
	len = room;
	error = wire_get(fd, word, buf, &len);
	from = error ? 0 : len;
	if ((error && len != room) || memcmp(buf + from, asked + from, sizeof(buf) - from))
		return -EPROTO;
	return error;
}

static void some(void)
{
	must(put(fd, "some.a", "1", 0, 0));
	must(put(fd, "some.b", "secret", KV_F_PRIVATE, 0));
	must(put(fd, "other", "3", 0, 0));
}

static int put_new(void)
{
	return put(fd, "new", "value", KV_F_CREATE, 0);
}

static int put_private(void)
{
	return put(fd, "new", "value", KV_F_PRIVATE, 0);
}

static int put_longest(void)
{
	char key[KV_KEY_MAX + 1] = "", value[KV_VALUE_MAX + 1] = "";

	memset(key, 'k', KV_KEY_MAX);
	memset(value, 'v', KV_VALUE_MAX);
	return put(fd, key, value, 0, 0);
}

static int put_replaces(void)
{
	return put(fd, "some.a", "another", KV_F_REPLACE, 0);
}

static int delete_one(void)
{
	return del(fd, "some.a", 0, 0);
}

static int delete_prefix(void)
{
	return del(fd, "some.", KV_F_PREFIX, 0);
}

static int seal(void)
{
	struct kv_record record = { 0 };

	return wire_set(fd, KV_SO_SEAL, &record, sizeof(record));
}

static int get_info(void)
{
	return ask(KV_SO_INFO, sizeof(struct kv_info));
}

static int get_one(void)
{
	record_make(buf, 0, "some.b", 6, "", 0, 0);
	return ask(KV_SO_GET, RECORD_MAX);
}

static int list(void)
{
	struct kv_list *request = (void *)buf;

	*request = (struct kv_list){ .prefix_len = 6 };
	memcpy(request->data, "some.a", 6);
	return ask(KV_SO_LIST, sizeof(buf));
}

static int describe(void)
{
	struct kv_describe *request = (void *)buf;

	*request = (struct kv_describe){ .name_len = 5, .prefix_len = 5 };
	memcpy(request->data, "demo.", 5);
	return ask(KV_SO_DESCRIBE, sizeof(buf));
}

/* Transactions */

struct line {
	enum kv_op op;
	unsigned int flags;
	const char *key, *value;
};

static int transact(const struct line *lines, unsigned int count)
{
	struct kv_txn *txn = (void *)buf;
	unsigned char *at = txn->data;

	memset(buf, 0, sizeof(buf));
	txn->count = count;
	for (const struct line *line = lines; line < lines + count; line++) {
		struct kv_record *record = (void *)at;

		record_make(at, line->flags, line->key, strlen(line->key), line->value,
			    strlen(line->value), 0);
		record->op = line->op;
		at += padded(record);
	}
	return ask(KV_SO_TXN, sizeof(buf));
}

#define TRANSACTION(_name, ...)                                     \
	static int _name(void)                                      \
	{                                                           \
		static const struct line lines[] = { __VA_ARGS__ }; \
                                                                    \
		return transact(lines, ARRAY_SIZE(lines));          \
	}

TRANSACTION(txn_gets, { KV_OP_GET, 0, "some.a", "" }, { KV_OP_GET, 0, "none", "" })
TRANSACTION(txn_checks, { KV_OP_CHECK, KV_F_CREATE, "none", "" })
TRANSACTION(txn_puts, { KV_OP_PUT, 0, "new", "value" })
TRANSACTION(txn_puts_twice, { KV_OP_PUT, 0, "new", "1" }, { KV_OP_PUT, 0, "new", "2" })
TRANSACTION(txn_deletes, { KV_OP_DELETE, 0, "some.a", "" }, { KV_OP_DELETE, 0, "other", "" })
TRANSACTION(txn_is_refused, { KV_OP_PUT, 0, "new", "value" }, { KV_OP_DELETE, 0, "none", "" })
TRANSACTION(txn_does_all, { KV_OP_CHECK, KV_F_REPLACE, "some.a", "" },
	    { KV_OP_PUT, KV_F_PRIVATE, "new", "value" }, { KV_OP_PUT, 0, "some.a", "another" },
	    { KV_OP_DELETE, 0, "some.b", "" }, { KV_OP_GET, 0, "new", "" },
	    { KV_OP_GET, 0, "some.a", "" })

/* Keys that demo.ko and portguard.ko declare */

static int put_number(void)
{
	return put(fd, "demo.count", "20", 0, 0);
}

static int put_string(void)
{
	return put(fd, "demo.name", "somebody", 0, 0);
}

static int put_address(void)
{
	return put(fd, "demo.peer6", "2001:db8::1", KV_F_PRIVATE, 0);
}

static int put_refused(void)
{
	return put(fd, "demo.low", "50", 0, 0);
}

static int put_ports(void)
{
	return put(fd, "portguard.ports", "7,9", 0, 0);
}

static void some_declared(void)
{
	must(put(fd, "some.a", "1", 0, 0));
	must(put_number());
	must(put_string());
	must(put_address());
	must(put_ports());
}

static int delete_string(void)
{
	return del(fd, "demo.name", 0, 0);
}

static int delete_ports(void)
{
	return del(fd, "portguard.ports", 0, 0);
}

static int delete_declared(void)
{
	return del(fd, "demo.", KV_F_PREFIX, 0);
}

static int get_computed(void)
{
	record_make(buf, 0, "demo.state", 10, "", 0, 0);
	return ask(KV_SO_GET, RECORD_MAX);
}

TRANSACTION(txn_declared, { KV_OP_PUT, 0, "demo.low", "20" }, { KV_OP_PUT, 0, "demo.high", "30" },
	    { KV_OP_PUT, 0, "demo.name", "x" }, { KV_OP_PUT, 0, "portguard.ports", "80" },
	    { KV_OP_DELETE, 0, "demo.peer6", "" }, { KV_OP_GET, 0, "demo.name", "" })
TRANSACTION(txn_gives_reason, { KV_OP_PUT, 0, "demo.name", "y" },
	    { KV_OP_PUT, 0, "demo.low", "50" })

/* Watches */

static int watch_opens(void)
{
	struct kv_watch *request = (void *)buf;
	int error;

	*request = (struct kv_watch){ .prefix_len = 5 };
	memcpy(request->data, "some.", 5);
	error = ask(KV_SO_WATCH, sizeof(buf));
	if (!error)
		watch = request->fd;
	return error;
}

static void watched(void)
{
	must(watch_opens());
	some();
}

/* Changes of a read that is EFAULT are lost; the next read must return KV_OP_COMPACTED. */
static int watch_reads(void)
{
	static bool lost;
	struct kv_record *record = (void *)buf;
	ssize_t got;

	memset(buf, 0xa5, sizeof(buf));
	got = read(watch, buf, sizeof(buf));
	if (got < 0) {
		lost = errno == EFAULT;
		for (size_t i = 0; i < sizeof(buf); i++)
			if (buf[i] != 0xa5)
				return -EPROTO;
		return -errno;
	}
	if (lost ? record->op != KV_OP_COMPACTED || got != sizeof(*record) :
		   record->op != KV_OP_PUT || got <= (ssize_t)padded(record))
		return -EPROTO;
	lost = false;
	memset(buf, 0, sizeof(buf));
	return 0;
}

static int watch_polls(void)
{
	struct pollfd waits = { .fd = watch, .events = POLLIN };

	if (poll(&waits, 1, 0) < 0)
		return -errno;
	return waits.revents == POLLIN ? 0 : -EPROTO;
}

static int watch_maps(void)
{
	mapping = mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_POPULATE, watch, 0);
	if (mapping == MAP_FAILED)
		return -errno;
	memcpy(buf, mapping, sizeof(uint64_t));
	return 0;
}

static const struct command commands[] = {
	{ "first PUT of a store", NULL, put_new, .errnos = { EITHER } },
	{ "first PUT of a store, private", NULL, put_private, .errnos = { EITHER } },
	{ "PUT of a new key", some, put_new, .errnos = { EITHER } },
	{ "PUT of the longest key and value", some, put_longest, .errnos = { EITHER } },
	{ "PUT of an existing key", some, put_replaces, .errnos = { EITHER } },
	{ "DELETE in an empty store", NULL, delete_one, .errnos = { EITHER } },
	{ "DELETE", some, delete_one, .errnos = { EITHER } },
	{ "DELETE PREFIX in an empty store", NULL, delete_prefix, .errnos = { EFAULT } },
	{ "DELETE PREFIX", some, delete_prefix, .errnos = { EFAULT } },
	{ "SEAL", some, seal, .errnos = { EFAULT } },
	{ "INFO", some, get_info, .errnos = { EFAULT } },
	{ "GET in an empty store", NULL, get_one, .errnos = { EFAULT } },
	{ "GET", some, get_one, .errnos = { EFAULT } },
	{ "LIST of an empty store", NULL, list, .errnos = { EITHER } },
	{ "LIST", some, list, .errnos = { EITHER } },
	{ "DESCRIBE without declared keys", some, describe, .errnos = { EITHER } },
	{ "TXN that reads an empty store", NULL, txn_gets, .errnos = { EITHER } },
	{ "TXN that reads", some, txn_gets, .errnos = { EITHER } },
	{ "TXN that checks", some, txn_checks, .errnos = { EITHER } },
	{ "TXN that puts first", NULL, txn_puts, .errnos = { EITHER }, .done = true },
	{ "TXN that puts", some, txn_puts, .errnos = { EITHER }, .done = true },
	{ "TXN that puts a key twice", some, txn_puts_twice, .errnos = { EITHER }, .done = true },
	{ "TXN that deletes", some, txn_deletes, .errnos = { EITHER }, .done = true },
	{ "TXN that is refused", some, txn_is_refused, .errnos = { EITHER } },
	{ "TXN with each operation", some, txn_does_all, .errnos = { EITHER }, .done = true },
	{ "WATCH in an unused store", NULL, watch_opens, .errnos = { EITHER } },
	{ "WATCH", some, watch_opens, .errnos = { EITHER } },
	{ "read of a watch", watched, watch_reads, .errnos = { EITHER } },
	{ "poll of a watch", watched, watch_polls, .errnos = { EFAULT } },
	{ "mmap of a watch", watched, watch_maps, .errnos = { ENOMEM } },
	{ NULL },
};

static const struct command declared[] = {
	{ "first PUT, of a declared number", NULL, put_number, .errnos = { EITHER } },
	{ "PUT of a declared number", some_declared, put_number, .errnos = { EITHER } },
	{ "PUT of a declared string", some_declared, put_string, .errnos = { EITHER } },
	{ "PUT of a declared address", some_declared, put_address, .errnos = { EITHER } },
	{ "PUT that a module refuses", some_declared, put_refused, .errnos = { EITHER } },
	{ "first PUT, with a prepare()", NULL, put_ports, .errnos = { EITHER } },
	{ "PUT with a prepare()", some_declared, put_ports, .errnos = { EITHER } },
	{ "DELETE of a declared string", some_declared, delete_string, .errnos = { EITHER } },
	{ "DELETE with a prepare()", some_declared, delete_ports, .errnos = { EITHER } },
	{ "DELETE of a declared prefix", some_declared, delete_declared, .errnos = { EITHER } },
	{ "GET of a computed value", NULL, get_computed, .errnos = { EITHER } },
	{ "DESCRIBE", some_declared, describe, .errnos = { EITHER } },
	{ "TXN of declared keys", some_declared, txn_declared, .errnos = { EITHER }, .done = true },
	{ "TXN that a module refuses", some_declared, txn_gives_reason, .errnos = { EITHER } },
	{ NULL },
};

/* The content of the store, and demo.ko's computed values, which show what is in effect */
struct state {
	uint64_t store;
	unsigned char demo[2][RECORD_MAX];
};

static struct state read_state(void)
{
	struct state state = { .store = fingerprint(fd) };

	get(fd, "demo.state", state.demo[0]);
	get(fd, "demo.commits", state.demo[1]);
	return state;
}

/* How a command ended */
struct outcome {
	int error, len;
	unsigned char buf[sizeof(buf)];
	struct state state;
};

static void begin(const struct command *command)
{
	close(watch);
	watch = -1;
	if (mapping && mapping != MAP_FAILED)
		munmap(mapping, 4096);
	mapping = NULL;
	close(fd);
	if (unshare(CLONE_NEWNET))
		err(125, "unshare");
	fd = wire_socket();
	if (command->prepare)
		command->prepare();
	memset(buf, 0, sizeof(buf));
	len = 0;
}

static struct outcome end(int error)
{
	struct outcome outcome = { .error = error, .len = len, .state = read_state() };

	memcpy(outcome.buf, buf, sizeof(buf));
	return outcome;
}

/* True if two states or two outcomes are equal; print @what if not. */
static bool same(const void *a, const void *b, size_t size, const char *what, unsigned int n)
{
	if (!memcmp(a, b, size))
		return true;
	note("failure %u: %s", n, what);
	return false;
}

static bool is_allowed(const struct command *command, int error, unsigned int n)
{
	if (error && (error == -command->errnos[0] || error == -command->errnos[1]))
		return true;
	note("failure %u: %s", n, strerror(-error));
	return false;
}

/* Results of a command's failures */
struct seen {
	bool more; /* the last call reached its n-th failure */
	unsigned int errors; /* calls that returned an error */
	unsigned int done; /* those of them that changed the store */
};

/* Run the command with its n-th failure, then without: true if both end as they must. */
static bool fails_well(const struct command *command, const struct outcome *wanted, unsigned int n,
		       struct seen *seen)
{
	struct outcome outcome;
	struct state before, after;
	bool passed = true;
	int error;

	begin(command);
	before = read_state();
	nth_fails(n);
	error = command->call();
	seen->more = nth_failed();
	if (error != wanted->error) {
		after = read_state();
		passed = is_allowed(command, error, n);
		seen->errors++;
		if (command->done && error == -EFAULT &&
		    !memcmp(&after, &wanted->state, sizeof(after))) {
			seen->done++;
			return passed;
		}
		passed = same(&before, &after, sizeof(before), "the store changed", n) && passed;
		memset(buf, 0, sizeof(buf));
		len = 0;
		error = command->call();
	}
	outcome = end(error);
	return same(&outcome, wanted, sizeof(outcome), "without it, the outcome differs", n) &&
	       passed;
}

/*
 * Let each failure occur in turn. An allocation sometimes needs a new page, which shifts the
 * numbers of later failures. If that skipped the copy of the reply, repeat all.
 */
static void each_failure(const struct command *command)
{
	static struct outcome wanted;
	struct seen seen = { 0 };
	unsigned int n, failures = 0;
	bool passed = true;

	begin(command);
	wanted = end(command->call());
	for (int tries = 0; passed && tries < 10; tries++) {
		seen.more = true;
		for (n = 1; passed && seen.more && n < 10000; n++) {
			passed = fails_well(command, &wanted, n, &seen);
			failures += seen.more;
		}
		if (seen.done || !command->done)
			break;
	}
	ok(passed && !seen.more && !command->done == !seen.done,
	   "%s: all or nothing, whatever fails", command->name);
	note("%u failures, %u of them returned as errors, %u of these after the change", failures,
	     seen.errors, seen.done);
}

int main(int argc, char **argv)
{
	bool is_declared = argc > 1 && !strcmp(argv[1], "declared");
	const struct command *command = is_declared ? declared : commands;

	setvbuf(stdout, NULL, _IOLBF, 0);
	nth_open();
	if (mlockall(MCL_CURRENT))
		err(125, "mlockall");
	fd = wire_socket();
	for (; command->name; command++)
		each_failure(command);
	return done();
}
