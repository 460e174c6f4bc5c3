// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls of several threads are linearizable: history.h describes the check
 *
 * The log must hold all changes of a round.
 * guest: KV_MODULE_PARAMS=log_entries=8192
 */
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#include "history.h"
#include "tap.h"
#include "wire.h"

struct thread {
	pthread_t id;
	unsigned int number, random;
	uint64_t seen[KEYS];
};

static unsigned int threads = 4;
static atomic_ullong moment;
static pthread_barrier_t all_started;

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

/* Record what the result of a write shows about the key. */
static void set_found(struct call *call, unsigned int key, unsigned int flags, uint64_t rev,
		      int error)
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

/* Put with a random condition, or, in a quarter of the calls, delete this thread's own key. */
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
	set_found(call, key, flags, rev, -error);
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

/* Get all keys; in half of the transactions, then put two keys or delete one. */
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
		set_found(call, first, 0, 0, txn->error);
	for (unsigned int i = 0; i < 2 && call->put; i++)
		set_found(call, (first + i) % KEYS, 0, 0, txn->error);
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

	pthread_barrier_wait(&all_started);
	for (int i = 0; i < ROUND; i++)
		kinds[draw(thread, 5)](thread, call + i, fd);
	close(fd);
	return NULL;
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

/* Run the threads in a new store, and check their history. */
static bool check_round(unsigned int seed)
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
	pthread_barrier_init(&all_started, NULL, threads);
	for (unsigned int i = 0; i < threads; i++) {
		all[i].number = i;
		all[i].random = seed * THREADS_MAX + i;
		if (pthread_create(&all[i].id, NULL, run, &all[i]))
			errx(125, "no thread");
	}
	for (unsigned int i = 0; i < threads; i++)
		pthread_join(all[i].id, NULL);
	pthread_barrier_destroy(&all_started);
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
		errx(2, "'%s' is not a number from %lu to %lu", text, low, high);
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
			errx(2,
			     "usage: stress-histories [--seed S] [--threads N] [--operations N]");
	}
	note("seed %lu, %u threads", seed, threads);
	for (unsigned int i = 0; fine && done_so_far < total; i++) {
		fine = check_round(seed + i);
		done_so_far += call_count;
		if (!fine)
			note("seed %lu: %s", seed + i, why);
	}
	ok(fine, "%lu calls of %u threads are linearizable", done_so_far, threads);
	note("%lu commits, %lu other calls, %lu puts refused; %lu calls overlapped with others",
	     committed, looked, refused, overlapped);
	return done();
}
