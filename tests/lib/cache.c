// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libkv's cached reads, as kv.h documents kv_cache_get(). Expects the module with
 * max_watches=4, and portguard.ko.
 *
 * guest: KV_MODULE_PARAMS=max_watches=4 --before 'insmod /portguard.ko'
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>

#include <kv.h>

#include "tap.h"
#include "wire.h"

#define CHANGES 2000
#define TAIL "of which nothing is left"
#define SECRET "a secret " TAIL

static struct kv *kv;
static void (*before_reply)(void);

/* Replaces libc's function for libkv; calls before_reply() between the system call and return. */
int getsockopt(int fd, int level, int word, void *restrict buf, socklen_t *restrict len)
{
	int result = syscall(SYS_getsockopt, fd, level, word, buf, len);

	if (before_reply)
		before_reply();
	before_reply = NULL;
	return result;
}

static struct kv *handle(void)
{
	struct kv *new;
	int error = kv_open(&new);

	if (error)
		errx(125, "kv_open: %s", kv_strerror(error));
	return new;
}

static struct kv_cached *cache(struct kv *of, const char *key)
{
	struct kv_cached *cached;
	int error = kv_cache_add(of, key, &cached);

	if (error)
		errx(125, "kv_cache_add: %s", kv_strerror(error));
	return cached;
}

static int put_text(const char *key, const char *value, unsigned int flags)
{
	return kv_put(kv, key, value, strlen(value), flags, 0);
}

static bool reads(struct kv_cached *cached, const char *value)
{
	const struct kv_item *item;

	return !kv_cache_get(cached, &item) && item->value_len == strlen(value) &&
	       !strcmp(item->value, value);
}

static bool fails(struct kv_cached *cached, int error)
{
	const struct kv_item *item = (void *)cached;

	return kv_cache_get(cached, &item) == error && !item;
}

static struct kv_info state(void)
{
	struct kv_info now;
	int error = kv_info(kv, &now);

	if (error)
		errx(125, "kv_info: %s", kv_strerror(error));
	return now;
}

/* Keys that are cached from the start; a child process has copies of them. */
static struct kv_cached *there, *missing;

static void contents(void)
{
	const struct kv_item *item;
	struct kv_item direct;
	char value[16];

	there = cache(kv, "there");
	missing = cache(kv, "missing");
	put_text("there", "value", KV_F_PRIVATE);
	kv_get(kv, "there", value, sizeof(value), &direct);
	ok(!kv_cache_get(there, &item) && !strcmp(item->key, "there") && item->value_len == 5 &&
		   !memcmp(item->value, "value", 6) && item->flags == KV_F_PRIVATE &&
		   item->rev == direct.rev,
	   "a cached read gives key, value and a NUL byte, flags and revision");
	ok(fails(missing, -ENOENT), "a cached read of a missing key is ENOENT");
}

/* From now on, any system call but read(2), write(2) and exit(2) kills the process. */
static void forbid_calls(void)
{
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT))
		err(125, "seccomp");
}

/* Runs in a child process, and ends it with exit(2): _exit() would use exit_group(2). */
static bool without_calls(void)
{
	bool passed = true;

	forbid_calls();
	for (int i = 0; i < 1000; i++)
		passed &= reads(there, "value") && fails(missing, -ENOENT);
	return !syscall(SYS_exit, !passed);
}

/* Run it with outdated copies: the wait status of the child. */
static int status_of_calls(void)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	put_text("elsewhere", "", 0);
	pid = fork();
	if (!pid)
		_exit(without_calls());
	waitpid(pid, &status, 0);
	return status;
}

static void system_calls(void)
{
	int status;

	ok(apart(without_calls),
	   "a read of an up-to-date copy makes no system call, even if the key is missing");
	status = status_of_calls();
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "a read of an outdated copy does");
}

/* Uses a socket of its own, as the handle is in the middle of a call. */
static void put_new(void)
{
	int sock = wire_socket();

	put(sock, "there", "new", 0, 0);
	close(sock);
}

/* Runs in a child process. */
static bool put_there(void)
{
	return !put_text("there", "from another process", 0);
}

static void changes(void)
{
	bool passed = true;
	char value[16];

	for (int i = 0; i < CHANGES; i++) {
		snprintf(value, sizeof(value), "%d", i * i);
		passed &= !put_text("there", value, 0) && reads(there, value) &&
			  reads(there, value);
	}
	ok(passed, "the next read sees a put, each time");
	ok(apart(put_there) && reads(there, "from another process"),
	   "the next read sees a put of another process");
	put_text("there", "old", 0);
	before_reply = put_new;
	ok(reads(there, "old") && reads(there, "new"),
	   "the next read sees a put that came during a read");
	ok(!put_text("missing", "", 0) && reads(missing, ""), "the next read sees a created key");
	ok(!kv_delete(kv, "missing", 0, 0) && fails(missing, -ENOENT),
	   "the next read sees that a key is deleted");
	ok(!put_text("elsewhere", "", 0) && reads(there, "new"),
	   "a change of another key does not change the value read");
}

/* Runs in a child process, which has copies of the handle and the cached keys. */
static bool go_on(void)
{
	bool passed = reads(there, "before") && !put_text("there", "child", 0) &&
		      reads(there, "child");

	kv_close(kv);
	return passed;
}

static void forked(void)
{
	put_text("there", "before", 0);
	ok(reads(there, "before") && apart(go_on),
	   "a child process can use the handle and close it");
	ok(reads(there, "child") && !put_text("there", "parent", 0) && reads(there, "parent"),
	   "the parent sees the child's put and can still use the handle");
}

/* Runs in a child process, which enters a new network namespace. */
static bool move(void)
{
	struct kv_cached *cached;
	struct kv *here;

	if (unshare(CLONE_NEWNET))
		return false;
	here = handle();
	cached = cache(here, "there");
	return reads(there, "parent") && fails(cached, -ENOENT) &&
	       !put_text("there", "changed", 0) && reads(there, "changed") &&
	       fails(cached, -ENOENT) && !kv_put(here, "there", "own", 3, 0, 0) &&
	       reads(cached, "own") && reads(there, "changed");
}

static void limits(void)
{
	struct kv_cached *more[9], *none;
	char key[KV_KEY_MAX + 2];
	struct kv *others[4];

	memset(key, 'k', sizeof(key));
	key[KV_KEY_MAX + 1] = '\0';
	ok(kv_cache_add(kv, key, &none) == -ENAMETOOLONG && !none,
	   "a key of 129 bytes is ENAMETOOLONG");
	for (int i = 0; i < 9; i++)
		more[i] = cache(kv, i % 2 ? "missing" : "there");
	ok(state().watches == 1, "all cached keys of a handle share one watch");
	for (int i = 0; i < 9; i++)
		kv_cache_remove(more[i * 2 % 9]);
	kv_cache_remove(NULL);
	ok(!put_text("there", "still", 0) && reads(there, "still") && fails(missing, -ENOENT),
	   "the other cached keys still work when some are removed");
	for (int i = 0; i < 4; i++)
		others[i] = handle();
	for (int i = 0; i < 3; i++)
		more[i] = cache(others[i], "there");
	ok(kv_cache_add(others[3], "there", &none) == -ENFILE && !none,
	   "at max_watches, adding the first key of a handle is ENFILE");
	kv_cache_remove(more[0]);
	ok(state().watches == 3 && reads(cache(others[3], "there"), "still"),
	   "removing a handle's last key closes its watch");
	for (int i = 0; i < 4; i++)
		kv_close(others[i]);
	ok(state().watches == 1, "closing a handle closes its watch");
}

/* Runs in a child process. */
static bool gain_right(void)
{
	struct kv_cached *cached = cache(kv, "private");
	uint64_t rev = state().rev;

	return !seteuid(65534) && fails(cached, -EPERM) && !seteuid(0) && reads(cached, SECRET) &&
	       state().rev == rev;
}

/* True if the heap contains the end of the secret. */
static bool secret_is_in_heap(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long start, end;
	bool found = false;
	char line[200];

	while (maps && !found && fgets(line, sizeof(line), maps))
		found = strstr(line, "[heap]") && sscanf(line, "%lx-%lx", &start, &end) == 2 &&
			memmem((void *)start, end - start, TAIL, strlen(TAIL));
	if (maps)
		fclose(maps);
	return found;
}

/* Read the secret, and check that secret_is_in_heap() then finds it. */
static bool reads_secret(struct kv_cached *cached)
{
	return reads(cached, SECRET) && secret_is_in_heap();
}

/* Runs in a child process. */
static bool lose_right(void)
{
	struct kv_cached *cached = cache(kv, "private");
	bool passed = reads_secret(cached) && !put_text("elsewhere", "", 0) && !seteuid(65534) &&
		      fails(cached, -EPERM);

	return passed && !secret_is_in_heap();
}

static void secrets(void)
{
	struct kv_cached *cached = cache(kv, "private");
	struct kv *other = handle();
	bool found;

	put_text("private", SECRET, KV_F_PRIVATE);
	ok(apart(gain_right), "a process that gains CAP_NET_ADMIN reads a private value at once");
	ok(apart(lose_right), "without CAP_NET_ADMIN, the copy is wiped after the next change");
	found = reads_secret(cached);
	ok(!put_text("private", "public", 0) && reads(cached, "public") && found &&
		   !secret_is_in_heap(),
	   "a private copy is wiped when it is replaced");
	put_text("private", SECRET, KV_F_PRIVATE);
	found = reads_secret(cached);
	kv_cache_remove(cached);
	ok(found && !secret_is_in_heap(), "a private copy is wiped when the cached key is removed");
	found = reads_secret(cache(other, "private"));
	kv_close(other);
	ok(found && !secret_is_in_heap(), "a private copy is wiped when the handle is closed");
}

/* A thread that reads while another one puts each number under "first", then under "second" */
struct reader {
	pthread_t thread;
	bool passed;
};

static pthread_barrier_t all_started;
static int complete; /* the last number that was put under both */

static int number(struct kv_cached *cached)
{
	const struct kv_item *item;

	return kv_cache_get(cached, &item) ? -1 : atoi(item->value);
}

static void *read_on(void *arg)
{
	struct reader *reader = arg;
	struct kv *own = handle();
	struct kv_cached *first = cache(own, "first"), *second = cache(own, "second");
	int least, now[2], before = 0;

	reader->passed = true;
	pthread_barrier_wait(&all_started);
	do {
		least = __atomic_load_n(&complete, __ATOMIC_ACQUIRE);
		now[1] = number(second);
		now[0] = number(first);
		reader->passed &= now[1] >= least && now[0] >= now[1] && now[0] >= before;
		before = now[0];
	} while (least < CHANGES);
	kv_close(own);
	return NULL;
}

static void threads(void)
{
	struct reader readers[2];
	char value[16];

	put_text("first", "0", 0);
	put_text("second", "0", 0);
	pthread_barrier_init(&all_started, NULL, 3);
	for (int i = 0; i < 2; i++)
		pthread_create(&readers[i].thread, NULL, read_on, &readers[i]);
	pthread_barrier_wait(&all_started);
	for (int i = 1; i <= CHANGES; i++) {
		snprintf(value, sizeof(value), "%d", i);
		put_text("first", value, 0);
		put_text("second", value, 0);
		__atomic_store_n(&complete, i, __ATOMIC_RELEASE);
	}
	for (int i = 0; i < 2; i++)
		pthread_join(readers[i].thread, NULL);
	ok(readers[0].passed && readers[1].passed,
	   "two readers never read a value older than a finished put or one read before");
}

/* Send a packet that portguard drops, and wait until it has counted it. */
static void send_dropped(int count)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(7) };
	int sock = wire_socket();
	char value[32];

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (sendto(sock, "", 1, 0, (void *)&to, sizeof(to)) != 1)
		err(125, "sendto");
	do
		sched_yield();
	while (kv_get(kv, "portguard.dropped", value, sizeof(value), NULL) > 0 &&
	       atoi(value) != count);
	close(sock);
}

static void computed(void)
{
	struct kv_cached *dropped = cache(kv, "portguard.dropped");
	bool passed = !put_text("portguard.ports", "7", 0) && !number(dropped);
	uint64_t rev = state().rev;

	for (int i = 1; i <= 3; i++) {
		send_dropped(i);
		passed &= number(dropped) == i;
	}
	ok(passed && state().rev == rev, "each read of a computed value computes it");
}

static void load(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		err(125, "%s", path);
	close(fd);
}

static bool unload(const char *name)
{
	return !syscall(SYS_delete_module, name, O_NONBLOCK);
}

static void declared_later(void)
{
	struct kv_cached *set = cache(kv, "demo.state"), *unset = cache(kv, "demo.commits");
	const struct kv_item *item;

	put_text("demo.state", "set", 0);
	ok(reads(set, "set") && fails(unset, -ENOENT),
	   "the value of an undeclared key is the stored one");
	load("/demo.ko");
	put_text("elsewhere", "", 0);
	ok(!kv_cache_get(set, &item) && strcmp(item->value, "set") && !kv_cache_get(unset, &item) &&
		   !item->rev && item->flags == KV_F_DECLARED,
	   "when a module declares it as computed, reads after the next change compute it");
	ok(unload("demo") && reads(set, "set") && fails(unset, -ENOENT),
	   "when the module is unloaded, the next read has the stored value");
}

static void module_stays(void)
{
	bool stays = unload("portguard") && !unload("kvstore") && errno == EWOULDBLOCK;

	kv_close(kv);
	ok(stays && unload("kvstore"), "the module cannot be unloaded while a key is cached");
}

int main(void)
{
	kv = handle();
	contents();
	system_calls();
	changes();
	forked();
	ok(apart(move), "cached keys stay in the namespace of their handle");
	limits();
	secrets();
	threads();
	computed();
	declared_later();
	module_stays();
	return done();
}
