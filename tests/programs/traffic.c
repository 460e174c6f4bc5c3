// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * traffic - packets for scripts, without timeouts
 *
 *	traffic serve PORT...		answer UDP and TCP on these ports; prints "ready"
 *	traffic udp ADDRESS PORT OPEN	send to PORT, then to OPEN; when OPEN answers, print
 *	traffic tcp ADDRESS PORT OPEN	"answered", "refused" or "silent" for PORT
 *	traffic flood ADDRESS PORT	send UDP packets until killed
 *
 * The server answers requests in order. Packets keep their order because client and server run on
 * one processor: each processor has its own queue.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORTS_MAX 8

static void stay_on_one_processor(void)
{
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (sched_setaffinity(0, sizeof(first), &first))
		err(125, "sched_setaffinity");
}

static int opened(int type, int port)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int fd = socket(AF_INET6, type, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || bind(fd, (void *)&any, sizeof(any)) ||
	    (type == SOCK_STREAM && listen(fd, 16)))
		err(125, "port %d", port);
	return fd;
}

/* Answer all packets that wait on a UDP socket. */
static void answer(int fd)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	char buf[64];
	ssize_t got;

	while ((got = recvfrom(fd, buf, sizeof(buf), MSG_DONTWAIT, (void *)&from, &len)) >= 0) {
		sendto(fd, buf, got, 0, (void *)&from, len);
		len = sizeof(from);
	}
}

static int serve(int count, char **ports)
{
	struct pollfd fds[2 * PORTS_MAX];

	if (count > PORTS_MAX)
		errx(2, "too many ports");
	stay_on_one_processor();
	for (int i = 0; i < count; i++) {
		fds[i] = (struct pollfd){ opened(SOCK_DGRAM, atoi(ports[i])), POLLIN, 0 };
		fds[count + i] = (struct pollfd){ opened(SOCK_STREAM, atoi(ports[i])), POLLIN, 0 };
	}
	puts("ready");
	fflush(stdout);
	for (;;) {
		poll(fds, 2 * count, -1);
		for (int i = 0; i < count; i++) {
			answer(fds[i].fd);
			if (fds[count + i].revents)
				close(accept(fds[count + i].fd, NULL, NULL));
		}
	}
}

/* A socket that is connected, or connecting, to the port; *error is the result of connect(). */
static int connect_to(int type, const char *host, const char *port, int *error)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = type };
	struct addrinfo *to;
	int fd;

	if (getaddrinfo(host, port, &hints, &to))
		errx(2, "no address: %s", host);
	fd = socket(to->ai_family, type | SOCK_NONBLOCK, 0);
	*error = connect(fd, to->ai_addr, to->ai_addrlen) ? errno : 0;
	freeaddrinfo(to);
	return fd;
}

/* Send a byte and wait for its answer. */
static void ask_open_port(const char *host, const char *port)
{
	int error, fd = connect_to(SOCK_DGRAM, host, port, &error);
	struct pollfd wait = { fd, POLLIN, 0 };
	char byte = 'o';

	if (error || send(fd, &byte, 1, 0) != 1)
		err(125, "port %s", port);
	if (poll(&wait, 1, -1) != 1 || recv(fd, &byte, 1, 0) != 1)
		err(125, "port %s does not answer", port);
	close(fd);
}

/* The result so far: 0 for an answer, EAGAIN for none, or another errno. */
static int outcome(int fd, int type)
{
	struct pollfd wait = { fd, POLLOUT, 0 };
	socklen_t len = sizeof(int);
	int error = 0;
	char byte;

	if (type == SOCK_DGRAM)
		return recv(fd, &byte, 1, 0) == 1 ? 0 : errno;
	if (!poll(&wait, 1, 0))
		return EAGAIN;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	return error;
}

static int ask(int type, const char *host, const char *port, const char *open_port)
{
	int error, fd;
	char byte = 'a';

	stay_on_one_processor();
	fd = connect_to(type, host, port, &error);
	if (type == SOCK_DGRAM)
		error = send(fd, &byte, 1, 0) == 1 ? 0 : errno;
	if (error == ECONNREFUSED) {
		puts("refused");
		return 0;
	}
	ask_open_port(host, open_port);
	error = outcome(fd, type);
	puts(!error ? "answered" : error == EAGAIN ? "silent" : "refused");
	return 0;
}

static void flood(const char *host, const char *port)
{
	int error, fd = connect_to(SOCK_DGRAM, host, port, &error);

	for (;;)
		(void)!send(fd, "x", 1, 0);
}

int main(int argc, char **argv)
{
	const char *word = argc > 2 ? argv[1] : "";

	if (!strcmp(word, "serve"))
		return serve(argc - 2, argv + 2);
	if (!strcmp(word, "udp") && argc == 5)
		return ask(SOCK_DGRAM, argv[2], argv[3], argv[4]);
	if (!strcmp(word, "tcp") && argc == 5)
		return ask(SOCK_STREAM, argv[2], argv[3], argv[4]);
	if (!strcmp(word, "flood") && argc == 4)
		flood(argv[2], argv[3]);
	errx(2, "usage: traffic serve PORT... | udp|tcp ADDRESS PORT OPEN | flood ADDRESS PORT");
}
