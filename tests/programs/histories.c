// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls of several threads are as if each happened at one moment between its call and its return.
 *
 * Each commit has a revision, so the order of the writes is given, and a watch
 * tells what they were. What is left to see is that it agrees with the order of
 * the calls, and that there is a revision for each call that only looked: not
 * older than what had been done or seen when it was called, nor newer than what
 * had been called when it returned. So all histories that are wrong are found.
 *
 * A GET looks at one key: of a commit under way it may see what is done to its
 * own key before the rest is done. So it is evidence for that key, and for
 * calls that see commits whole, but not for the GET of another key.
 */
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#include "tap.h"
#include "wire.h"

#define KEYS 4
#define THREADS_MAX 16
#define ROUND 200 /* calls of a thread in one store */
#define CALLS_MAX (THREADS_MAX * ROUND)

static const char *const keys[KEYS] = { "h.a", "h.b", "h.c", "h.d" };

/* What a call has found of a key: a revision and value (none: 0 and 0), or what they are not. */
enum found { NOTHING, IS, THERE, NOT_THERE, AT_REV, OTHER_REV };

/* A key's value from a revision on; 0 where there is none. */
struct version {
	uint64_t rev;
	unsigned int value;
};

/**
 * struct call - one call
 * @called: number of the moment before it
 * @returned: number of the moment after it
 * @name: what it is
 * @commits: it changed something
 * @is_get: it is a KV_SO_GET
 * @rev: the revision it was told, or found to be of; 0 if it is not known
 * @put: what it puts, which no other call does; 0 for nothing
 * @wrote: the keys that it changed
 * @found: what it found of each key
 * @version: the revision and value of it
 */
struct call {
	uint64_t called, returned;
	const char *name;
	bool commits, is_get;
	uint64_t rev;
	unsigned int put;
	bool wrote[KEYS];
	enum found found[KEYS];
	struct version version[KEYS];
};

struct thread {
	pthread_t id;
	unsigned int number, random;
	uint64_t seen[KEYS];
};

static struct call calls[CALLS_MAX];
static unsigned int threads = 4, call_count;
static atomic_ullong moment;
static pthread_barrier_t all_there;

/* The history: versions of each key, and whose a revision is; rounds begin at 0. */
static struct version versions[KEYS][CALLS_MAX + 1];
static unsigned int version_count[KEYS];
static struct call *owners[CALLS_MAX + 1];
static uint64_t last_called[CALLS_MAX + 1]; /* of this revision's call and those before it */
static uint64_t last_rev;

static unsigned long looked, committed, refused, overlapped;
static char why[240];

__attribute__((format(printf, 1, 2))) static bool wrong(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	return false;
}

/* Calling */

static unsigned int draw(struct thread *thread, unsigned int limit)
{
	return rand_r(&thread->random) / 7 % limit;
}

static void begin(struct call *call)
{
	call->called = ++moment;
}

static void end(struct call *call)
{
	call->returned = ++moment;
}

/* The value and revision that a record has. */
static struct version version_of(const struct kv_record *record)
{
	struct version version = { .rev = record->rev };
	char text[16] = "";

	if (record->value_len < sizeof(text))
		memcpy(text, record->data + record->key_len, record->value_len);
	version.value = atoi(text);
	return version;
}

static void call_get(struct thread *thread, struct call *call, int fd)
{
	unsigned int key = draw(thread, KEYS);
	_Alignas(8) unsigned char buf[RECORD_MAX];
	int error;

	call->name = "get";
	call->is_get = true;
	begin(call);
	error = get(fd, keys[key], buf);
	end(call);
	if (error && error != -ENOENT)
		errx(125, "get: %s", strerror(-error));
	call->found[key] = IS;
	if (!error)
		call->version[key] = version_of((void *)buf);
	thread->seen[key] = call->version[key].rev;
}

/* What the result of a write tells of the key. */
static void judge(struct call *call, unsigned int key, unsigned int flags, uint64_t rev, int error)
{
	bool needs = !call->put || flags & (KV_F_REPLACE | KV_F_IF_REV);

	call->version[key].rev = rev;
	if (error == EEXIST || (!error && needs))
		call->found[key] = flags & KV_F_IF_REV ? AT_REV : THERE;
	else if (error == ENOENT || (!error && flags & KV_F_CREATE))
		call->found[key] = NOT_THERE;
	else if (error == ESTALE)
		call->found[key] = OTHER_REV;
	else if (error)
		errx(125, "%s: %s", call->name, strerror(error));
	call->commits = !error;
	call->wrote[key] = !error;
}

/* A put on any condition, or, in every fourth call, a delete of a key that only this thread deletes so */
static void call_write(struct thread *thread, struct call *call, int fd)
{
	static const unsigned int conditions[] = { 0, 0, KV_F_CREATE, KV_F_REPLACE, KV_F_IF_REV };
	bool deletes = thread->number < KEYS && !draw(thread, 4);
	unsigned int key = deletes ? thread->number : draw(thread, KEYS);
	unsigned int flags = deletes ? 0 : conditions[draw(thread, 5)];
	uint64_t rev = flags & KV_F_IF_REV ? thread->seen[key] : 0;
	char value[16];
	int error;

	call->name = deletes ? "delete" : "put";
	call->put = deletes ? 0 : call - calls + 1;
	snprintf(value, sizeof(value), "%u", call->put);
	begin(call);
	error = deletes ? del(fd, keys[key], 0, 0) : put(fd, keys[key], value, flags, rev);
	end(call);
	judge(call, key, flags, rev, -error);
}

static void add(struct kv_txn *txn, size_t *len, enum kv_op op, unsigned int key, const char *value)
{
	struct kv_record *record = (void *)((char *)txn + *len);

	memset(record, 0, sizeof(*record) + 24);
	record_make(record, 0, keys[key], strlen(keys[key]), value, strlen(value), 0);
	record->op = op;
	*len += padded(record);
	txn->count++;
}

/* Gets of all keys and, in half of them, then a put of two or a delete of one. */
static void call_transaction(struct thread *thread, struct call *call, int fd)
{
	_Alignas(8) unsigned char buf[1024] = { 0 };
	struct kv_txn *txn = (void *)buf;
	const struct kv_record *record = (void *)txn->data;
	unsigned int first = draw(thread, KEYS), does = draw(thread, 6);
	size_t len = sizeof(*txn);
	int size = sizeof(buf), error;
	char value[16];

	call->name = does > 2 ? "gets" : does ? "gets and puts" : "gets and delete";
	for (unsigned int key = 0; key < KEYS; key++)
		add(txn, &len, KV_OP_GET, key, "");
	call->put = does == 1 || does == 2 ? call - calls + 1 : 0;
	snprintf(value, sizeof(value), "%u", call->put);
	for (unsigned int i = 0; i < 2 && call->put; i++)
		add(txn, &len, KV_OP_PUT, (first + i) % KEYS, value);
	if (!does)
		add(txn, &len, KV_OP_DELETE, first, "");
	begin(call);
	error = wire_get(fd, KV_SO_TXN, buf, &size);
	end(call);
	if (error)
		errx(125, "%s: %s", call->name, strerror(-error));
	call->rev = txn->rev;
	if (!does)
		judge(call, first, 0, 0, txn->error);
	for (unsigned int i = 0; i < 2 && call->put; i++)
		judge(call, (first + i) % KEYS, 0, 0, txn->error);
	for (unsigned int key = 0; key < KEYS && !txn->error; key++) {
		call->found[key] = IS;
		call->version[key] = version_of(record);
		thread->seen[key] = record->rev;
		record = (void *)((char *)record + padded(record));
	}
}

static void *run(void *arg)
{
	static void (*const kinds[])(struct thread *, struct call *,
				     int) = { call_get, call_get, call_write, call_write,
					      call_transaction };
	struct thread *thread = arg;
	struct call *call = calls + thread->number * ROUND;
	int fd = wire_socket();

	pthread_barrier_wait(&all_there);
	for (int i = 0; i < ROUND; i++)
		kinds[draw(thread, 5)](thread, call + i, fd);
	close(fd);
	return NULL;
}

/* The history */

static void add_version(unsigned int key, uint64_t rev, unsigned int value)
{
	versions[key][version_count[key]++] = (struct version){ .rev = rev, .value = value };
}

/* What the key is at a revision. */
static struct version at(unsigned int key, uint64_t rev)
{
	unsigned int low = 0, high = version_count[key];

	while (high - low > 1) {
		unsigned int middle = (low + high) / 2;

		*(versions[key][middle].rev <= rev ? &low : &high) = middle;
	}
	return versions[key][low];
}

/* Take what the watch tells: no revision is left out. */
static bool read_history(int watch)
{
	static _Alignas(8) unsigned char buf[KV_MSG_MAX];
	int len;

	last_rev = 0;
	for (unsigned int key = 0; key < KEYS; key++) {
		version_count[key] = 0;
		add_version(key, 0, 0);
	}
	while ((len = read(watch, buf, sizeof(buf))) > 0) {
		for (int from = 0; from < len; from += padded((void *)(buf + from))) {
			const struct kv_record *record = (void *)(buf + from);
			struct version version = version_of(record);

			if (record->op == KV_OP_COMPACTED)
				errx(2, "log_entries of kvstore.ko has to be %u at least",
				     2 * threads * ROUND);
			if (version.rev != last_rev && version.rev != last_rev + 1)
				return wrong("revision %llu comes after %llu", record->rev,
					     (unsigned long long)last_rev);
			last_rev = version.rev;
			add_version(record->data[2] - 'a', version.rev,
				    record->op == KV_OP_PUT ? version.value : 0);
		}
	}
	return true;
}

/* The revision that the call must have been, of those that wrote its key. */
static uint64_t rev_of_call(const struct call *call)
{
	for (unsigned int key = 0; key < KEYS; key++)
		for (unsigned int i = 1; i < version_count[key]; i++) {
			const struct version *version = &versions[key][i];

			/* One thread deletes a key without being told: its deletes are in order. */
			if (call->wrote[key] && version->value == call->put &&
			    (call->put || !owners[version->rev]))
				return version->rev;
		}
	return 0;
}

static bool own(struct call *call)
{
	if (!call->rev)
		call->rev = rev_of_call(call);
	if (!call->rev || call->rev > last_rev)
		return wrong("a %s succeeded, and no revision is its", call->name);
	if (owners[call->rev])
		return wrong("revision %llu is of two calls", (unsigned long long)call->rev);
	owners[call->rev] = call;
	for (unsigned int key = 0; key < KEYS; key++) {
		struct version is = at(key, call->rev);

		if (call->wrote[key] != (is.rev == call->rev) ||
		    (call->wrote[key] && is.value != call->put))
			return wrong("revision %llu is not what its %s wrote to %s",
				     (unsigned long long)call->rev, call->name, keys[key]);
	}
	return true;
}

/* Each commit has its revision, each revision its commit, in an order that the calls allow. */
static bool order_commits(void)
{
	memset(owners, 0, sizeof(owners));
	for (int told = 1; told >= 0; told--)
		for (unsigned int i = 0; i < call_count; i++)
			if (calls[i].commits && !!calls[i].rev == told && !own(&calls[i]))
				return false;
	last_called[0] = 0;
	for (uint64_t rev = 1; rev <= last_rev; rev++) {
		const struct call *owner = owners[rev];

		if (!owner)
			return wrong("revision %llu is of no call", (unsigned long long)rev);
		if (last_called[rev - 1] > owner->returned)
			return wrong(
				"revision %llu, a %s, had returned before an earlier one was called",
				(unsigned long long)rev, owner->name);
		last_called[rev] = owner->called > last_called[rev - 1] ? owner->called :
									  last_called[rev - 1];
	}
	return true;
}

/* Whether the call can have happened at a revision. */
static bool fits(const struct call *call, uint64_t rev)
{
	for (unsigned int key = 0; key < KEYS; key++) {
		struct version is = at(key, rev), found = call->version[key];

		if ((call->found[key] == IS &&
		     (is.value != found.value || (is.value && is.rev != found.rev))) ||
		    (call->found[key] == THERE && !is.value) ||
		    (call->found[key] == NOT_THERE && is.value) ||
		    (call->found[key] == AT_REV && (!is.value || is.rev != found.rev)) ||
		    (call->found[key] == OTHER_REV && (!is.value || is.rev == found.rev)))
			return false;
	}
	return true;
}

/* What is done or seen: of everything, and, by GETs, of each key. */
static uint64_t floor_whole, floor_key[KEYS];

static void raise_floor(const struct call *call)
{
	for (unsigned int key = 0; key < KEYS; key++)
		if (call->is_get && call->found[key] && floor_key[key] < call->rev)
			floor_key[key] = call->rev;
	if (!call->is_get && floor_whole < call->rev)
		floor_whole = call->rev;
}

/* Find the earliest revision that the call can have been at. */
static bool place(struct call *call)
{
	uint64_t from = floor_whole, rev;

	for (unsigned int key = 0; key < KEYS; key++)
		if ((!call->is_get || call->found[key]) && from < floor_key[key])
			from = floor_key[key];
	rev = call->rev ? call->rev : from;
	if (call->commits) {
		if (from < rev && fits(call, rev - 1))
			return true;
		return wrong("revision %llu, a %s, is not what it was to be after %llu",
			     (unsigned long long)rev, call->name, (unsigned long long)from);
	}
	/* A transaction was told which. */
	for (; rev >= from && rev <= last_rev && last_called[rev] < call->returned; rev++) {
		if (fits(call, rev)) {
			call->rev = rev;
			return true;
		}
		if (call->rev)
			break;
	}
	return wrong("a %s, told revision %llu, has seen what was not there from revision %llu "
		     "until it returned",
		     call->name, (unsigned long long)call->rev, (unsigned long long)from);
}

static int by_called(const void *a, const void *b)
{
	const struct call *const *x = a, *const *y = b;

	return ((*x)->called > (*y)->called) - ((*x)->called < (*y)->called);
}

static int by_returned(const void *a, const void *b)
{
	const struct call *const *x = a, *const *y = b;

	return ((*x)->returned > (*y)->returned) - ((*x)->returned < (*y)->returned);
}

/* In the order of the calls, so that what had returned before has its place already. */
static bool place_all(void)
{
	static struct call *called[CALLS_MAX], *returned[CALLS_MAX];
	unsigned int r = 0;

	for (unsigned int i = 0; i < call_count; i++)
		called[i] = returned[i] = &calls[i];
	qsort(called, call_count, sizeof(*called), by_called);
	qsort(returned, call_count, sizeof(*returned), by_returned);
	floor_whole = 0;
	memset(floor_key, 0, sizeof(floor_key));
	for (unsigned int i = 0; i < call_count; i++) {
		while (returned[r]->returned < called[i]->called)
			raise_floor(returned[r++]);
		if (!place(called[i]))
			return false;
		overlapped += called[i]->returned > called[i]->called + 1;
		committed += called[i]->commits;
		looked += !called[i]->commits;
		refused += !called[i]->commits && !called[i]->is_get && called[i]->put;
	}
	return true;
}

static int watch_all(int fd)
{
	struct kv_watch watch = { .rev = 0 };
	int len = sizeof(watch), error = wire_get(fd, KV_SO_WATCH, &watch, &len);

	if (error)
		errx(125, "KV_SO_WATCH: %s", strerror(-error));
	fcntl(watch.fd, F_SETFL, O_NONBLOCK);
	return watch.fd;
}

/* Threads at work in a store that is new, and what they have seen. */
static bool round_of(unsigned int seed)
{
	struct thread all[THREADS_MAX] = { 0 };
	int fd, watch;
	bool fine;

	if (unshare(CLONE_NEWNET))
		err(125, "a network namespace of its own");
	fd = wire_socket();
	watch = watch_all(fd);
	call_count = threads * ROUND;
	memset(calls, 0, sizeof(calls));
	pthread_barrier_init(&all_there, NULL, threads);
	for (unsigned int i = 0; i < threads; i++) {
		all[i].number = i;
		all[i].random = seed * THREADS_MAX + i;
		if (pthread_create(&all[i].id, NULL, run, &all[i]))
			errx(125, "no thread");
	}
	for (unsigned int i = 0; i < threads; i++)
		pthread_join(all[i].id, NULL);
	pthread_barrier_destroy(&all_there);
	fine = read_history(watch);
	if (fine && last_rev != info(fd).rev)
		fine = wrong("the store's revision is not that of the last change");
	fine = fine && order_commits() && place_all();
	close(watch);
	close(fd);
	return fine;
}

static unsigned long number(const char *text, unsigned long low, unsigned long high)
{
	char *end;
	unsigned long number = strtoul(text, &end, 0);

	if (!*text || *end || number < low || number > high)
		errx(2, "'%s' is no number from %lu to %lu", text, low, high);
	return number;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "threads", required_argument, NULL, 't' },
		{ "operations", required_argument, NULL, 'n' },
		{ 0 },
	};
	unsigned long seed = time(NULL), total = 8000, done_so_far = 0;
	bool fine = true;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 's')
			seed = number(optarg, 0, UINT32_MAX);
		else if (option == 't')
			threads = number(optarg, 1, THREADS_MAX);
		else if (option == 'n')
			total = number(optarg, 1, 1000000000);
		else
			errx(2, "usage: histories [--seed S] [--threads N] [--operations N]");
	}
	note("seed %lu, %u threads", seed, threads);
	for (unsigned int i = 0; fine && done_so_far < total; i++) {
		fine = round_of(seed + i);
		done_so_far += call_count;
		if (!fine)
			note("seed %lu: %s", seed + i, why);
	}
	ok(fine, "%lu calls of %u threads are as if one came after another", done_so_far, threads);
	note("%lu commits, %lu looks, %lu puts refused; in %lu calls, others were called or returned",
	     committed, looked, refused, overlapped);
	return done();
}
