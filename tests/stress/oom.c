// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The OOM killer of a memory cgroup kills callers during a call: the store stays consistent, and
 * no charged memory is lost. The argument is the directory of an empty cgroup of 2 MiB.
 *
 * guest: KV_MODULE_PARAMS=log_entries=16
 * guest: --before 'cd /sys/fs/cgroup && echo +memory >cgroup.subtree_control'
 * guest: --before 'mkdir small && echo 2M >small/memory.max' -- small
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "killed.h"
#include "tap.h"
#include "wire.h"

#define ROUNDS 3

/*
 * The number of values that the cgroup may hold less in the end, since each processor caches some
 * of the charged memory. A leak of one value for each killed caller would be 15.
 */
#define KEPT 8

#define PAGE 4096UL

/*
 * Untouched requests: the kernel's first access to each needs a page for the page table, and
 * another one if it writes. These are more pages than the cgroup allows.
 */
#define STRIDE (2UL << 20)
#define REQUESTS 1000UL

/* s390x does not charge page tables to cgroups: there, reading does not fill the cgroup. */
#ifdef __s390x__
#define READING_IS_CHARGED false
#else
#define READING_IS_CHARGED true
#endif

static int fd, cgroup;
static atomic_ulong *commits; /* the commits of a child */
static atomic_bool joined;
static unsigned char *requests, *fresh;

/* The cgroup */

static int in_cgroup(const char *file, int flags)
{
	int opened = openat(cgroup, file, flags | O_CLOEXEC);

	if (opened < 0)
		err(125, "%s", file);
	return opened;
}

static void join(int procs)
{
	if (write(procs, "0", 1) != 1)
		err(125, "cgroup.procs");
}

/* The number of tasks that the OOM killer has killed in the cgroup. */
static int kills(void)
{
	int events = in_cgroup("memory.events", O_RDONLY);
	char text[512] = "";
	const char *line;

	if (read(events, text, sizeof(text) - 1) < 0)
		err(125, "memory.events");
	close(events);
	line = strstr(text, "oom_kill ");
	if (!line)
		errx(125, "memory.events: %s", text);
	return atoi(line + strlen("oom_kill "));
}

/* Put as many values as possible. Runs in a child, which the OOM killer may kill. */
static void fill(void)
{
	int small = in_cgroup("cgroup.procs", O_WRONLY);
	unsigned char buf[RECORD_MAX];
	char key[16];

	for (join(small);; ++*commits) {
		int len = snprintf(key, sizeof(key), "key%lu", *commits);

		len = record_make(buf, 0, key, len, NULL, KV_VALUE_MAX, 0);
		if (wire_set(fd, KV_SO_PUT, buf, len))
			_exit(0);
	}
}

/* The number of values that the cgroup can hold. */
static int room(void)
{
	pid_t pid;

	*commits = 0;
	fflush(stdout);
	pid = fork();
	if (!pid)
		fill();
	waitpid(pid, NULL, 0);
	del(fd, "key", KV_F_PREFIX, 0);
	return *commits;
}

/* Calls, each with its request at the beginning of 64 KiB */

static size_t put_request(unsigned char *buf)
{
	return record_make(buf, 0, "killed", 6, NULL, KV_VALUE_MAX, 0);
}

static int put_from(unsigned char *buf)
{
	return wire_set(fd, KV_SO_PUT, buf, sizeof(struct kv_record) + 6 + KV_VALUE_MAX);
}

static size_t txn_request(unsigned char *buf)
{
	return txn_make(buf, KV_OP_PUT, 1);
}

static int txn_from(unsigned char *buf)
{
	int len = KV_MSG_MAX;

	return wire_get(fd, KV_SO_TXN, buf, &len);
}

static size_t list_request(unsigned char *buf)
{
	*(struct kv_list *)buf = (struct kv_list){ 0 };
	return sizeof(struct kv_list);
}

static int list_to(unsigned char *buf)
{
	int len = KV_MSG_MAX;

	return wire_get(fd, KV_SO_LIST, buf, &len);
}

static const struct kind {
	const char *name;
	size_t (*request)(unsigned char *buf);
	int (*call)(unsigned char *buf);
	bool writes;
	bool eaten; /* another thread uses up the memory, not the call itself */
} kinds[] = {
	{ "while PUT reads the value", put_request, put_from, true, false },
	{ "during a transaction", txn_request, txn_from, true, false },
	{ "while LIST writes the reply", list_request, list_to, false, false },
	{ "during PUT, for another thread's memory", put_request, put_from, true, true },
	{ "during a transaction, for another thread's memory", txn_request, txn_from, true, true },
};

/* The child */

static void *eat(void *arg)
{
	while (!joined)
		sched_yield();
	for (unsigned long i = 0; i < REQUESTS; i++)
		fresh[i * PAGE] = 1;
	return arg;
}

static void be_killed(const struct kind *kind)
{
	static unsigned char own[KV_MSG_MAX];
	int small = in_cgroup("cgroup.procs", O_WRONLY), error;
	unsigned long eaten = 0;
	pthread_t eater;

	memset(own, 0, sizeof(own));
	if (kind->eaten)
		pthread_create(&eater, NULL, eat, NULL);
	join(small);
	joined = true;
	for (unsigned long i = 0; i < REQUESTS || kind->eaten; i++) {
		if (kind->eaten) /* The last reply has overwritten the request. */
			kind->request(own);
		error = kind->call(kind->eaten ? own : requests + i * STRIDE);
		if (!error)
			*commits += kind->writes;
		else if (error != -ENOMEM)
			_exit(1);
		else /* Allocations of the store fail without the OOM killer. */
			fresh[eaten++ * PAGE] = 1;
	}
	_exit(0);
}

/* Map the requests privately from a file, so that a write copies the page. */
static void map_requests(const struct kind *kind)
{
	static unsigned char buf[KV_MSG_MAX];
	int file = memfd_create("requests", MFD_CLOEXEC);

	memset(buf, 0, sizeof(buf));
	kind->request(buf);
	if (file < 0 || write(file, buf, sizeof(buf)) != sizeof(buf))
		err(125, "requests");
	for (unsigned long i = 0; i < REQUESTS; i++)
		if (mmap(requests + i * STRIDE, KV_MSG_MAX, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_FIXED, file, 0) == MAP_FAILED)
			err(125, "requests");
	close(file);
}

static void kill_callers(const struct kind *kind)
{
	int status, ended = 0, torn = 0;
	unsigned long called = 0;

	map_requests(kind);
	for (int i = 0; i < ROUNDS; i++) {
		struct kv_info before = info(fd), after;
		int killed = kills();
		pid_t pid;

		*commits = 0;
		fflush(stdout);
		pid = fork();
		if (!pid)
			be_killed(kind);
		waitpid(pid, &status, 0);
		ended += !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL || kills() == killed;
		after = info(fd);
		/* The last call may have committed although the child did not count it */
		before.rev += *commits;
		before.rev += kind->writes && after.rev == before.rev + 1;
		before.oldest_rev = after.oldest_rev;
		torn += memcmp(&before, &after, sizeof(before)) || !all_or_nothing(fd);
		called += *commits;
	}
	note("%lu calls committed", called);
	if (kind == kinds && !READING_IS_CHARGED)
		ok(true, "a caller that reads # SKIP page tables are not charged to cgroups");
	else
		ok(!ended, "the OOM killer of the cgroup kills a caller %s", kind->name);
	ok(!torn, "each killed call took effect whole or not at all");
}

/* Put the keys that the children put, charged to another cgroup. */
static void put_all(void)
{
	static unsigned char buf[KV_MSG_MAX];

	put_request(buf);
	put_from(buf);
	txn_request(buf);
	txn_from(buf);
}

int main(int argc, char **argv)
{
	int before, after;

	if (argc != 2)
		errx(125, "usage: stress-oom CGROUP");
	fd = wire_socket();
	cgroup = open(argv[1], O_PATH | O_CLOEXEC);
	commits = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	fresh = mmap(NULL, REQUESTS * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		     0);
	requests = mmap(NULL, (REQUESTS + 1) * STRIDE, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (commits == MAP_FAILED || fresh == MAP_FAILED || requests == MAP_FAILED)
		err(125, "memory");
	requests += STRIDE - (uintptr_t)requests % STRIDE;
	put_all();
	before = room();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		kill_callers(&kinds[i]);
	put_all();
	/* A leak is permanent; memory cached by processors or awaiting a grace period is not. */
	after = room();
	for (int i = 0; i < 4 && after < before - KEPT; i++)
		after = room();
	note("the cgroup can hold %d values; before, it was %d", after, before);
	ok(before > 0 && after >= before - KEPT, "no memory that was charged for them is lost");
	return done();
}
