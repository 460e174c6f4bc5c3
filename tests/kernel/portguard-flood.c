// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * portguard under a flood on loopback: a put is in effect when it returns, and a transaction takes
 * effect as a whole. Expects portguard.ko. `kernel-portguard-flood PACKETS` sends PACKETS packets
 * in the test of transactions.
 *
 * guest: --before 'insmod /portguard.ko' -- 1000000
 * A million packets take a debug kernel a quarter of an hour.
 * guest debug|kcsan: -- 50000
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <kv.h>

#include "tap.h"

#define GUARDED 7
#define OTHER 9
#define ROUNDS 300
#define BATCH 64

static struct sockaddr_in address(int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

static int receiver(int port)
{
	struct sockaddr_in to = address(port);
	int fd = socket(AF_INET, SOCK_DGRAM, 0), size = 1 << 20;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (fd < 0 || bind(fd, (void *)&to, sizeof(to)))
		err(125, "port %d", port);
	return fd;
}

static int sender(int port)
{
	struct sockaddr_in to = address(port);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || connect(fd, (void *)&to, sizeof(to)))
		err(125, "port %d", port);
	return fd;
}

static struct kv *opened(void)
{
	struct kv *kv;
	int e = kv_open(&kv);

	if (e)
		errx(125, "%s", kv_strerror(e));
	return kv;
}

static void set(struct kv *kv, const char *key, const char *value)
{
	int e = kv_put(kv, key, value, strlen(value), 0, 0);

	if (e)
		errx(125, "put %s %s: %s", key, value, kv_strerror(e));
}

static unsigned long count(struct kv *kv, const char *key)
{
	char text[32] = "";

	if (kv_get(kv, key, text, sizeof(text), NULL) < 0)
		errx(125, "no %s", key);
	return strtoul(text, NULL, 10);
}

/* A put is in effect when it returns. */

static atomic_bool stop;
static atomic_ulong started; /* number of the packet that is being sent, or was sent last */
static atomic_ulong finished; /* packets whose sending has returned */

static void *flood(void *arg)
{
	int fd = sender(GUARDED);

	(void)arg;
	while (!stop) {
		unsigned long number = atomic_fetch_add(&started, 1) + 1;

		/* A packet may be lost if the socket's memory is full. */
		(void)!send(fd, &number, sizeof(number), 0);
		finished = number;
	}
	close(fd);
	return NULL;
}

/* Wait until the flood has sent @packets more packets. */
static void let_pass(unsigned long packets)
{
	unsigned long until = started + packets;

	while (finished < until)
		sched_yield();
}

static void drain(int fd)
{
	unsigned long number;

	while (recv(fd, &number, sizeof(number), MSG_DONTWAIT) >= 0)
		;
}

/* Let 100 more packets be sent: how many packets after number @last have come in. */
static int received_after(int fd, unsigned long last)
{
	unsigned long number;
	int later = 0;

	let_pass(100);
	while (recv(fd, &number, sizeof(number), MSG_DONTWAIT) == sizeof(number))
		later += number > last;
	return later;
}

static void put_takes_effect(struct kv *kv)
{
	int fd = receiver(GUARDED), late = 0, silent = 0;
	unsigned long number;
	pthread_t thread;

	pthread_create(&thread, NULL, flood, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		set(kv, "portguard.ports", "7");
		late += received_after(fd, started);
		drain(fd);
		if (kv_delete(kv, "portguard.ports", 0, 0))
			silent++;
		/* Blocks for ever if no packet passes any more. */
		if (recv(fd, &number, sizeof(number), 0) != sizeof(number))
			silent++;
	}
	stop = true;
	pthread_join(thread, NULL);
	close(fd);
	ok(!late, "no packet passes that is sent after the put returns");
	ok(!silent && count(kv, "portguard.dropped") >= ROUNDS,
	   "packets are dropped and counted, and pass again after the delete");
}

/* A transaction takes effect as a whole. */

struct state {
	const char *enabled;
	const char *ports;
};

/* Neither state stops packets to OTHER; a mixture of both does. */
static const struct state states[] = {
	{ .enabled = "on", .ports = "7" },
	{ .enabled = "off", .ports = "9" },
};

static struct kv_transaction *transaction(const struct state *state)
{
	struct kv_transaction *txn = kv_transaction_new();

	kv_transaction_add(txn, KV_OP_PUT, "portguard.enabled", state->enabled,
			   strlen(state->enabled), 0, 0);
	kv_transaction_add(txn, KV_OP_PUT, "portguard.ports", state->ports, strlen(state->ports), 0,
			   0);
	return txn;
}

static atomic_ulong switches;

static void *switch_states(void *arg)
{
	struct kv_transaction *txns[] = { transaction(&states[0]), transaction(&states[1]) };
	struct kv *kv = opened();

	(void)arg;
	for (unsigned int i = 0; !stop; i++) {
		int e = kv_transaction_commit(kv, txns[i % 2], NULL, NULL, NULL, NULL);

		if (e)
			errx(125, "commit: %s", kv_strerror(e));
		switches++;
	}
	kv_transaction_free(txns[0]);
	kv_transaction_free(txns[1]);
	kv_close(kv);
	return NULL;
}

/* Send at least @packets packets: the number sent. */
static unsigned long send_packets(int fd, unsigned long packets)
{
	static char byte = 'x';
	struct iovec part = { .iov_base = &byte, .iov_len = 1 };
	struct mmsghdr messages[BATCH];
	unsigned long sent = 0;

	for (int i = 0; i < BATCH; i++)
		messages[i] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &part, .msg_iovlen = 1 } };
	while (sent < packets) {
		int n = sendmmsg(fd, messages, BATCH, 0);

		if (n < 0)
			err(125, "sendmmsg");
		sent += n;
	}
	return sent;
}

static void transaction_takes_effect(struct kv *kv, unsigned long packets)
{
	int to = sender(OTHER), fd = receiver(OTHER);
	unsigned long before;
	pthread_t thread;

	/* Show that this test can fail: a part of the change stops packets. */
	set(kv, "portguard.enabled", "on");
	set(kv, "portguard.ports", "9");
	before = count(kv, "portguard.dropped");
	send_packets(to, BATCH);
	ok(count(kv, "portguard.dropped") == before + BATCH,
	   "two separate puts take effect separately");

	set(kv, "portguard.ports", "7");
	before = count(kv, "portguard.dropped");
	stop = false;
	pthread_create(&thread, NULL, switch_states, NULL);
	send_packets(to, packets);
	stop = true;
	pthread_join(thread, NULL);
	note("%lu transactions meanwhile", switches);
	ok(switches > 1000 && count(kv, "portguard.dropped") == before,
	   "none of %lu packets sees a part of a transaction that changes two parameters", packets);
	close(fd);
	close(to);
}

int main(int argc, char **argv)
{
	struct kv *kv = opened();

	if (argc != 2)
		errx(125, "usage: kernel-portguard-flood PACKETS");
	put_takes_effect(kv);
	transaction_takes_effect(kv, strtoul(argv[1], NULL, 10));
	kv_close(kv);
	return done();
}
