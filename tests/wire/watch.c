// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KV_SO_WATCH: changes arrive in order, each once, or COMPACTED reports that some
 * are missing. Expects the module with log_entries=64 max_watches=4.
 *
 * guest: KV_MODULE_PARAMS='log_entries=64 max_watches=4'
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "tap.h"
#include "wire.h"

#define CHANGES 500

static int fd;

/* Read the next record: its length, 0 at the end, or -errno. */
static int next(int watch, struct kv_record *record, size_t size)
{
	int len = read(watch, record, size);

	return len < 0 ? -errno : len;
}

union record {
	struct kv_record record;
	unsigned char bytes[RECORD_MAX + 8];
};

static bool reads(int watch, int op, const char *key, const char *value, uint64_t rev)
{
	size_t key_len = strlen(key), value_len = strlen(value);
	size_t size = (sizeof(struct kv_record) + key_len + value_len + 7) / 8 * 8;
	union record u;

	/* A buffer of one record gets one record */
	return next(watch, &u.record, size) == (int)size && u.record.op == op &&
	       u.record.rev == rev && u.record.key_len == key_len &&
	       u.record.value_len == value_len && !memcmp(u.record.data, key, key_len) &&
	       !memcmp(u.record.data + key_len, value, value_len);
}

static bool waits(int watch)
{
	struct pollfd p = { .fd = watch, .events = POLLIN };

	return poll(&p, 1, 0) == 1 && p.revents & POLLIN;
}

static void one_by_one(void)
{
	uint64_t rev = info(fd).rev;
	int watch = watch_from(fd, "w.", rev);
	void *nowhere = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	union record u;

	ok(watch >= 0 && fcntl(watch, F_GETFD) & FD_CLOEXEC,
	   "a watch is a close-on-exec descriptor");
	ok(!waits(watch), "a new watch has nothing to read");
	put(fd, "w.a", "1", 0, 0);
	put(fd, "elsewhere", "x", 0, 0);
	put(fd, "w.b", "", 0, 0);
	del(fd, "w.a", 0, 0);
	ok(waits(watch), "poll reports that a change can be read");
	ok(reads(watch, KV_OP_PUT, "w.a", "1", rev + 1) &&
		   reads(watch, KV_OP_PUT, "w.b", "", rev + 3) &&
		   reads(watch, KV_OP_DELETE, "w.a", "", rev + 4),
	   "changes come in order, and only those of keys with the prefix");
	ok(!waits(watch), "each change is read once");
	put(fd, "elsewhere", "y", 0, 0);
	ok(!waits(watch), "poll does not report a change of another key");
	put(fd, "w.long", "0123456789", 0, 0);
	ok(next(watch, &u.record, 8) == -EINVAL && next(watch, &u.record, 31) == -EINVAL &&
		   reads(watch, KV_OP_PUT, "w.long", "0123456789", rev + 6),
	   "a buffer too small for one record is EINVAL and loses nothing");
	put(fd, "w.c", "3", 0, 0);
	ok(read(watch, nowhere, 64) == -1 && errno == EFAULT &&
		   next(watch, &u.record, sizeof(u)) == sizeof(struct kv_record) &&
		   u.record.op == KV_OP_COMPACTED,
	   "a read into an inaccessible buffer is EFAULT, and the next read returns COMPACTED");
	fcntl(watch, F_SETFL, O_NONBLOCK);
	ok(next(watch, &u.record, sizeof(u)) == -EAGAIN, "with O_NONBLOCK, a read is EAGAIN");
	put(fd, "w.d", "4", KV_F_PRIVATE, 0);
	ok(next(watch, &u.record, sizeof(u)) == 24 && u.record.flags == KV_F_PRIVATE,
	   "with CAP_NET_ADMIN, a private value is delivered");
	close(watch);
	del(fd, "w.", KV_F_PREFIX, 0);
	watch = watch_from(fd, "w.", rev + 3);
	ok(watch >= 0 && reads(watch, KV_OP_DELETE, "w.a", "", rev + 4),
	   "a watch can start after any revision in the log");
	close(watch);
	del(fd, "elsewhere", 0, 0);
}

static void malformed(void)
{
	_Alignas(8) unsigned char buf[256] = { 0 };
	struct kv_watch *watch = (void *)buf;
	uint64_t rev = info(fd).rev;
	bool passed = true;
	int len;

	for (int i = 0; i < (int)sizeof(*watch); i++) {
		len = i;
		passed &= wire_get(fd, KV_SO_WATCH, buf, &len) == -EINVAL;
	}
	ok(passed, "a short buffer is EINVAL");
	passed = true;
	for (int bit = 0; bit < 16; bit++) {
		*watch = (struct kv_watch){ .rev = rev, .flags = 1 << bit };
		len = sizeof(buf);
		passed &= wire_get(fd, KV_SO_WATCH, buf, &len) == -EINVAL;
	}
	ok(passed, "an unknown flag is EINVAL");
	*watch = (struct kv_watch){ .prefix_len = 129 };
	len = sizeof(buf);
	ok(wire_get(fd, KV_SO_WATCH, buf, &len) == -ENAMETOOLONG,
	   "a prefix that is too long is ENAMETOOLONG");
	*watch = (struct kv_watch){ .prefix_len = 1 };
	len = sizeof(*watch);
	ok(wire_get(fd, KV_SO_WATCH, buf, &len) == -EINVAL,
	   "a prefix longer than the buffer is EINVAL");
	len = sizeof(*watch);
	ok(wire_get(fd, KV_SO_WATCH, NULL, &len) == -EFAULT && !info(fd).watches,
	   "a null buffer is EFAULT, and no watch remains");
}

static void bounded(void)
{
	int watches[4], flags = fcntl(fd, F_GETFD);

	for (int i = 0; i < 4; i++)
		watches[i] = watch_from(fd, "", 0);
	ok(watches[3] >= 0 && info(fd).watches == 4 && watch_from(fd, "", 0) == -ENFILE,
	   "bounded: one more watch than max_watches is ENFILE");
	for (int i = 0; i < 4; i++)
		close(watches[i]);
	ok(!info(fd).watches && flags >= 0, "closed watches are no longer counted");
}

/* A call whose reply cannot be written leaves no watch and no descriptor. */
static void undeliverable(void)
{
	struct kv_watch *watch =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int free_fd = dup(0), passed = 1;

	close(free_fd);
	mprotect(watch, 4096, PROT_READ);
	for (int i = 0; i < 10; i++) {
		int len = 4096;

		passed &= wire_get(fd, KV_SO_WATCH, watch, &len) == -EFAULT;
	}
	ok(passed && !info(fd).watches && dup(0) == free_fd,
	   "a reply that cannot be written is EFAULT and leaves no descriptor");
	close(free_fd);
}

static void *put_later(void *arg)
{
	put(*(int *)arg, "later", "x", 0, 0);
	return NULL;
}

/* A change wakes poll and epoll. The put may run before or after they begin to wait. */
static void woken(void)
{
	int watch = watch_from(fd, "later", info(fd).rev);
	struct pollfd p = { .fd = watch, .events = POLLIN };
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int epoll = epoll_create1(0);
	pthread_t thread;

	pthread_create(&thread, NULL, put_later, &fd);
	ok(poll(&p, 1, 60000) == 1 && p.revents == POLLIN, "a change wakes poll");
	pthread_join(thread, NULL);
	epoll_ctl(epoll, EPOLL_CTL_ADD, watch, &event);
	epoll_wait(epoll, &event, 1, 60000);
	pthread_create(&thread, NULL, put_later, &fd);
	ok(epoll_wait(epoll, &event, 1, 60000) == 1 && event.events & EPOLLIN,
	   "a change wakes an edge-triggered epoll");
	pthread_join(thread, NULL);
	close(epoll);
	close(watch);
	del(fd, "later", 0, 0);
}

/* Exactly as many changes as the log holds, then one more. */
static void full_log(void)
{
	int watch = watch_from(fd, "", info(fd).rev), count = 0;
	union record u;

	for (int i = 0; i < 64; i++)
		put(fd, "kept", "x", 0, 0);
	fcntl(watch, F_SETFL, O_NONBLOCK);
	while (next(watch, &u.record, 24) > 0)
		count += u.record.op == KV_OP_PUT;
	ok(count == 64, "a watcher can read as many changes as the log holds");
	close(watch);
	watch = watch_from(fd, "other", info(fd).rev);
	for (int i = 0; i < 65; i++)
		put(fd, "kept", "x", 0, 0);
	ok(waits(watch) && next(watch, &u.record, sizeof(u)) == sizeof(struct kv_record) &&
		   u.record.op == KV_OP_COMPACTED,
	   "poll reports COMPACTED, even if only changes of other keys were lost");
	close(watch);
	del(fd, "kept", 0, 0);
}

static void behind(void)
{
	uint64_t rev = info(fd).rev;
	int watch = watch_from(fd, "", rev), old, future;
	union record u;

	for (int i = 0; i < 65; i++)
		put(fd, "b", "x", 0, 0);
	ok(info(fd).oldest_rev == rev + 1, "INFO reports the oldest revision in the log");
	ok(waits(watch) && next(watch, &u.record, sizeof(u)) == sizeof(struct kv_record) &&
		   u.record.op == KV_OP_COMPACTED && u.record.rev == rev + 65,
	   "a watcher that fell behind gets COMPACTED with the current revision");
	put(fd, "b", "y", 0, 0);
	ok(reads(watch, KV_OP_PUT, "b", "y", rev + 66), "after COMPACTED come the later changes");
	old = watch_from(fd, "", rev);
	ok(next(old, &u.record, sizeof(u)) == sizeof(struct kv_record) &&
		   u.record.op == KV_OP_COMPACTED && u.record.rev == rev + 66,
	   "a watch from a revision older than the log gets COMPACTED");
	future = watch_from(fd, "", rev + 1000);
	ok(next(future, &u.record, sizeof(u)) == sizeof(struct kv_record) &&
		   u.record.op == KV_OP_COMPACTED,
	   "a watch from a revision that the store has not reached gets COMPACTED");
	close(watch);
	close(old);
	close(future);
	del(fd, "b", 0, 0);
}

static void mapped(void)
{
	int watch = watch_from(fd, "", 0);
	volatile uint64_t *rev = mmap(NULL, 4096, PROT_READ, MAP_SHARED, watch, 0);

	ok(rev != MAP_FAILED && *rev == info(fd).rev, "the mapped page has the store's revision");
	put(fd, "m", "1", 0, 0);
	ok(*rev == info(fd).rev && !del(fd, "m", 0, 0) && *rev == info(fd).rev,
	   "the mapped page has the revision after each change");
	ok(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, watch, 0) == MAP_FAILED &&
		   mprotect((void *)rev, 4096, PROT_READ | PROT_WRITE),
	   "the page cannot be mapped writable");
	ok(mmap(NULL, 8192, PROT_READ, MAP_SHARED, watch, 0) == MAP_FAILED &&
		   mmap(NULL, 4096, PROT_READ, MAP_SHARED, watch, 4096) == MAP_FAILED,
	   "a watch has only one page to map");
	close(watch);
	put(fd, "m", "1", 0, 0);
	ok(*rev == info(fd).rev && !del(fd, "m", 0, 0), "the mapping stays valid after close");
	munmap((void *)rev, 4096);
}

/* A thread that puts CHANGES values under @key and waits when the watcher falls behind */
struct writer {
	const char *key;
	volatile int seen;
	pthread_t thread;
};

static void *write_all(void *arg)
{
	struct writer *writer = arg;
	int sock = wire_socket();
	char value[16];

	for (int i = 0; i < CHANGES; i++) {
		while (i - __atomic_load_n(&writer->seen, __ATOMIC_ACQUIRE) > 20)
			sched_yield();
		snprintf(value, sizeof(value), "%d", i);
		put(sock, writer->key, value, 0, 0);
	}
	close(sock);
	return NULL;
}

static void each_once(void)
{
	struct writer writers[2] = { { .key = "o" }, { .key = "p" } };
	uint64_t rev = info(fd).rev;
	int watch = watch_from(fd, "", rev), wrong = 0;
	_Alignas(8) unsigned char buf[512];

	for (int i = 0; i < 2; i++)
		pthread_create(&writers[i].thread, NULL, write_all, &writers[i]);
	for (int count = 0; count < 2 * CHANGES && !wrong;) {
		int len = read(watch, buf, sizeof(buf));

		wrong += len <= 0;
		for (int at = 0; at < len; count++) {
			const struct kv_record *record = (void *)(buf + at);
			struct writer *writer = &writers[record->data[0] - 'o'];
			char text[16] = "";

			memcpy(text, record->data + 1, record->value_len);
			wrong += record->op != KV_OP_PUT || record->rev != ++rev ||
				 atoi(text) != writer->seen;
			__atomic_store_n(&writer->seen, writer->seen + 1, __ATOMIC_RELEASE);
			at += padded(record);
		}
	}
	for (int i = 0; i < 2; i++)
		pthread_join(writers[i].thread, NULL);
	ok(!wrong && rev == info(fd).rev,
	   "a watch misses nothing: each change of two writers is seen once and in order");
	close(watch);
}

static void nothing(int signal)
{
	(void)signal;
}

/* Read until the namespace is destroyed. Writes a byte to @ready before it waits. */
static int wait_for_end(int watch, int ready)
{
	union record u;

	if (next(watch, &u.record, sizeof(u)) != 24)
		return 1;

	if (write(ready, "", 1) != 1)
		return 1;
	return next(watch, &u.record, sizeof(u)) != 0;
}

static void end_of_file(void)
{
	int ready[2], status = 1, watch, sock, back;
	char byte;
	pid_t pid;

	back = open("/proc/self/ns/net", O_RDONLY);
	if (unshare(CLONE_NEWNET) || pipe(ready))
		err(125, "unshare");
	sock = wire_socket();
	watch = watch_from(sock, "", 0);
	put(sock, "last", "x", 0, 0);
	setns(back, CLONE_NEWNET);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		close(sock);
		_exit(wait_for_end(watch, ready[1]));
	}
	if (read(ready[0], &byte, 1) != 1)
		err(125, "pipe");
	close(sock);
	waitpid(pid, &status, 0);
	fcntl(watch, F_SETFL, O_NONBLOCK);
	ok(!status, "a reader that waits gets end of file when the namespace is destroyed");
	ok(waits(watch), "poll reports that end of file");
	close(watch);
}

static void interrupted(void)
{
	struct sigaction action = { .sa_handler = nothing };
	struct itimerspec in = { .it_value.tv_nsec = 20000000, .it_interval.tv_nsec = 20000000 };
	int watch = watch_from(fd, "never", info(fd).rev);
	union record u;
	timer_t timer;

	sigaction(SIGALRM, &action, NULL);
	timer_create(CLOCK_MONOTONIC, NULL, &timer);
	timer_settime(timer, 0, &in, NULL);
	ok(next(watch, &u.record, sizeof(u)) == -EINTR, "a signal interrupts a read that waits");
	timer_delete(timer);
	close(watch);
}

/*
 * Open a watch without CAP_NET_ADMIN, read it with CAP_NET_ADMIN: a privileged program
 * could be started with such a watch as its stdin.
 */
static bool opened_by_nobody(void)
{
	union record u;
	int watch;

	if (seteuid(65534))
		return false;
	watch = watch_from(fd, "s", info(fd).rev - 1);
	if (seteuid(0))
		return false;
	return watch >= 0 && next(watch, &u.record, sizeof(u)) == 24 && !u.record.value_len;
}

static void withheld(void)
{
	int watch = watch_from(fd, "s", info(fd).rev), status = 1;
	union record u;
	pid_t pid;

	put(fd, "secret", "hidden", KV_F_PRIVATE, 0);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		if (setresuid(65534, 65534, 65534))
			_exit(2);
		_exit(next(watch, &u.record, sizeof(u)) != 24 || u.record.value_len ||
		      u.record.flags != (KV_F_PRIVATE | KV_F_WITHHELD));
	}
	waitpid(pid, &status, 0);
	ok(!status, "a private value is withheld from a reader without CAP_NET_ADMIN");
	ok(apart(opened_by_nobody),
	   "a private value is withheld from a watch that was opened without CAP_NET_ADMIN");
	close(watch);
	del(fd, "secret", 0, 0);
}

static void module_stays(void)
{
	int watch = watch_from(fd, "", 0);

	ok(syscall(SYS_delete_module, "kvstore", O_NONBLOCK) && errno == EWOULDBLOCK,
	   "the module cannot be unloaded while a watch is open");
	close(watch);
}

int main(void)
{
	fd = wire_socket();
	one_by_one();
	malformed();
	bounded();
	undeliverable();
	woken();
	full_log();
	behind();
	mapped();
	each_once();
	interrupted();
	withheld();
	module_stays();
	end_of_file();
	return done();
}
