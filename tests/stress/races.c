// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unload modules, destroy network namespaces and kill callers during calls, and pass sockets to
 * other namespaces. `stress-races [ROUNDS]` repeats each of them ROUNDS times (default 10).
 *
 * guest:
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "killed.h"
#include "tap.h"
#include "wire.h"

static int rounds = 10;
static atomic_bool stop;
static atomic_uint wrong, done_calls, unloads;

/* Unloading the module during calls, open watches and use by another module */

static int load(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC), error;

	if (file < 0)
		err(125, "%s", path);
	error = syscall(SYS_finit_module, file, "", 0) ? errno : 0;
	close(file);
	return error;
}

static int unload(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? errno : 0;
}

/* Each call succeeds, or is ENOPROTOOPT because the module is not loaded. */
static void expect(int error)
{
	if (error >= 0)
		done_calls++;
	else if (error != -ENOPROTOOPT)
		wrong++;
}

static void *call_on(void *arg)
{
	_Alignas(8) unsigned char buf[4096];
	int fd = wire_socket(), error;

	(void)arg;
	while (!stop) {
		uint64_t cursor[2] = { 0, 0 };

		expect(put(fd, "race", "value", 0, 0));
		error = get(fd, "race", buf);
		expect(error == -ENOENT ? 0 : error);
		expect(list_page(fd, "", cursor, buf, sizeof(buf)));
		error = watch_from(fd, "", 0);
		expect(error);
		if (error >= 0)
			close(error);
	}
	close(fd);
	return NULL;
}

/* Load and unload a module that uses kvstore, once after each time that kvstore is loaded. */
static void *use_on(void *arg)
{
	unsigned int used = 0;

	(void)arg;
	for (; !stop; sched_yield()) {
		if (used > unloads || load("/demo.ko"))
			continue;
		used = unloads + 1;
		while (unload("demo"))
			sched_yield();
	}
	return NULL;
}

static void module_goes(void)
{
	pthread_t threads[3];
	int refused = 0;

	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, i ? call_on : use_on, NULL);
	while (unloads < (unsigned int)rounds) {
		int error = unload("kvstore");

		if (!error) {
			unloads++;
			if (load("/kvstore.ko"))
				err(125, "kvstore.ko");
		} else if (error != EWOULDBLOCK && error != EBUSY) {
			wrong++;
			break;
		} else {
			refused++;
			sched_yield();
		}
	}
	stop = true;
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	note("unloaded %d times, in use %d times; %u calls succeeded", rounds, refused, done_calls);
	ok(!wrong && done_calls, "each call succeeds or finds no module while kvstore is unloaded");
	ok(!unload("kvstore") && !load("/kvstore.ko"), "an unused module is unloaded at once");
}

/* portguard, whose settings change while packets pass and while it is unloaded */

enum { GUARDED = 7, FLOODED = 9 };

static struct sockaddr_in port(int number)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons(number),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static void send_to(int fd, int number, unsigned int mark)
{
	struct sockaddr_in to = port(number);

	sendto(fd, &mark, sizeof(mark), 0, (void *)&to, sizeof(to));
}

static bool receive_mark(int fd, unsigned int *mark)
{
	return recv(fd, mark, sizeof(*mark), MSG_DONTWAIT) == sizeof(*mark);
}

static void *flood_on(void *arg)
{
	int fd = wire_socket();

	(void)arg;
	while (!stop)
		send_to(fd, FLOODED, 0);
	close(fd);
	return NULL;
}

/* Change portguard's settings continuously; the guarded port is in all of them. */
static void *rule_on(void *arg)
{
	static const char *const ports[] = { "7", "7,9", "1-8,6000-6063" };
	int fd = wire_socket();

	(void)arg;
	for (unsigned int i = 0; !stop; i++) {
		wrong += !!put(fd, "portguard.ports", ports[i % 3], 0, 0);
		wrong += !!put(fd, "portguard.mode", i % 2 ? "drop" : "reject", 0, 0);
		done_calls++;
	}
	close(fd);
	return NULL;
}

/*
 * Load portguard, check it during 10 changes of its settings, and unload it. The flood may delay
 * a packet until portguard is unloaded, or into the next round: so packets have a mark.
 */
static void guard_goes(int from, int to, unsigned int guarded)
{
	unsigned int until, mark;

	if (load("/portguard.ko"))
		err(125, "portguard.ko");
	until = done_calls + 10;
	while (done_calls < until) {
		send_to(from, GUARDED, guarded);
		while (receive_mark(to, &mark))
			wrong += mark == guarded;
	}
	while (unload("portguard"))
		sched_yield();
	do
		send_to(from, GUARDED, guarded + 1);
	while (!receive_mark(to, &mark) || mark != guarded + 1);
}

static void guards_go(void)
{
	struct sockaddr_in guarded = port(GUARDED);
	int from = wire_socket(), to = wire_socket();
	pthread_t threads[2];

	wrong = done_calls = 0;
	stop = false;
	/* A workaround for QEMU under a flood: see tests/modules/hooked.c */
	if (load("/hooked.ko"))
		err(125, "hooked.ko");
	if (bind(to, (void *)&guarded, sizeof(guarded)) || put(from, "portguard.ports", "7", 0, 0))
		err(125, "port %d", GUARDED);
	pthread_create(&threads[0], NULL, flood_on, NULL);
	pthread_create(&threads[1], NULL, rule_on, NULL);
	for (int i = 0; i < rounds; i++)
		guard_goes(from, to, 1 + 2 * i);
	stop = true;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	wrong += unload("hooked");
	note("the settings changed %u times", done_calls);
	ok(!wrong, "a guarded port stays guarded while settings change and portguard is unloaded");
	close(from);
	close(to);
}

/* Destroying namespaces while they are written to and watched */

static void *write_on(void *arg)
{
	int fd = *(int *)arg, error;

	do
		error = put(fd, "race", "value", 0, 0);
	while (!error);
	/* The main thread has closed the descriptor */
	wrong += error != -EBADF;
	return NULL;
}

static void *read_on(void *arg)
{
	_Alignas(8) unsigned char buf[RECORD_MAX + 8];
	int watch = *(int *)arg;
	ssize_t len;

	while ((len = read(watch, buf, sizeof(buf))) > 0)
		done_calls++;
	wrong += len != 0;
	return NULL;
}

static void namespace_goes(int home)
{
	pthread_t writers[2], reader;
	int fd, watch;

	if (unshare(CLONE_NEWNET))
		err(125, "unshare");
	fd = wire_socket();
	if (setns(home, CLONE_NEWNET))
		err(125, "setns");
	watch = watch_from(fd, "", 0);
	done_calls = 0;
	pthread_create(&reader, NULL, read_on, &watch);
	for (int i = 0; i < 2; i++)
		pthread_create(&writers[i], NULL, write_on, &fd);
	while (!done_calls)
		sched_yield();
	close(fd);
	for (int i = 0; i < 2; i++)
		pthread_join(writers[i], NULL);
	pthread_join(reader, NULL);
	close(watch);
}

static void namespaces_go(void)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	wrong = 0;
	if (load("/portguard.ko"))
		err(125, "portguard.ko");
	for (int i = 0; i < rounds; i++)
		namespace_goes(home);
	close(home);
	/* Unload it while the last namespace is destroyed. */
	ok(!wrong && !unload("portguard"),
	   "writers and watches of a namespace that is destroyed end");
}

/* Sockets that are passed to another process */

static void send_fd(int channel, int fd)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .head = {
			      .cmsg_len = CMSG_LEN(sizeof(int)),
			      .cmsg_level = SOL_SOCKET,
			      .cmsg_type = SCM_RIGHTS,
		      } };
	struct iovec byte = { .iov_base = "", .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &byte,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	if (sendmsg(channel, &message, 0) != 1)
		err(125, "sendmsg");
}

static int receive_fd(int channel)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	char byte;
	struct iovec room = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &room,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	int fd;

	if (recvmsg(channel, &message, 0) != 1 || !CMSG_FIRSTHDR(&message))
		errx(125, "no descriptor received");
	memcpy(&fd, CMSG_DATA(&control.head), sizeof(fd));
	return fd;
}

/* Runs in a child with its own user and network namespace: exit status 0 if all checks pass. */
static int elsewhere(int channel)
{
	int own, handed;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return 2;
	own = wire_socket();
	if (put(own, "where", "elsewhere", 0, 0))
		return 3;
	handed = receive_fd(channel);
	if (!has(handed, "where", "home", 0) || has(own, "where", "home", 0))
		return 4;
	if (put(handed, "where", "taken", 0, 0) != -EPERM || del(handed, "where", 0, 0) != -EPERM)
		return 5;
	send_fd(channel, own);
	close(receive_fd(channel));
	return has(own, "where", "visited", 0) ? 0 : 6;
}

static int foreign;

static bool nobody_may_not(void)
{
	return !setresuid(65534, 65534, 65534) && has(foreign, "where", "elsewhere", 0) &&
	       put(foreign, "where", "taken", 0, 0) == -EPERM;
}

static void sockets_go_elsewhere(void)
{
	int channel[2], fd = wire_socket(), status = 1;
	pid_t pid;

	put(fd, "where", "home", 0, 0);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel))
		err(125, "socketpair");
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(elsewhere(channel[1]));
	close(channel[1]);
	send_fd(channel[0], fd);
	foreign = receive_fd(channel[0]);
	ok(has(foreign, "where", "elsewhere", 0) && has(fd, "where", "home", 0),
	   "a socket that is passed on reaches the store of its own namespace");
	ok(apart(nobody_may_not), "a user without rights in that namespace may only read");
	ok(!put(foreign, "where", "visited", 0, 0), "the owner of that namespace may write");
	send_fd(channel[0], fd);
	waitpid(pid, &status, 0);
	if (!ok(!status && has(fd, "where", "home", 0),
		"root of another user namespace may not write by a socket of this one"))
		note("status 0x%x", status);
	close(foreign);
	close(channel[0]);
	close(fd);
}

/* Killing callers during transactions */

static void commit_on(atomic_uint *commits)
{
	static _Alignas(8) unsigned char buf[KV_MSG_MAX];
	int fd = wire_socket();

	for (unsigned int i = 0;; i++) {
		int len = txn_make(buf, KV_OP_PUT, i);

		if (wire_get(fd, KV_SO_TXN, buf, &len))
			_exit(1);
		++*commits;
	}
}

static void callers_are_killed(void)
{
	atomic_uint *commits =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int fd = wire_socket(), status, torn = 0, ended = 0;
	unsigned int seed = 1;

	fflush(stdout);
	for (int i = 0; i < rounds; i++) {
		pid_t pid = fork();

		*commits = 0;
		if (!pid)
			commit_on(commits);
		/* Kill at a random time after the first transaction */
		while (!*commits && !waitpid(pid, &status, WNOHANG))
			sched_yield();
		for (int turns = rand_r(&seed) % 100; turns; turns--)
			sched_yield();
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		ended += !WIFSIGNALED(status);
		torn += !all_or_nothing(fd);
	}
	ok(!torn && !ended, "a transaction whose caller is killed took effect whole or not at all");
	close(fd);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		rounds = atoi(argv[1]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	module_goes();
	guards_go();
	namespaces_go();
	sockets_go_elsewhere();
	callers_are_killed();
	return done();
}
