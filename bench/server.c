// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server.h"

static pid_t server;
static int fd;

void text_add(struct text *text, const char *format, ...)
{
	va_list args;
	char *more;
	int len;

	va_start(args, format);
	len = vasprintf(&more, format, args);
	va_end(args);
	if (len < 0)
		err(1, "vasprintf");
	text->bytes = realloc(text->bytes, text->len + len);
	if (!text->bytes)
		err(1, "realloc");
	memcpy(text->bytes + text->len, more, len);
	text->len += len;
	free(more);
}

void exchange_free(struct exchange *exchange)
{
	free(exchange->request.bytes);
	free(exchange->reply.bytes);
	*exchange = (struct exchange){ 0 };
}

/*
 * Execute the server so that all runs are the same: without address randomisation, and with zeros
 * as its random numbers, such as the hash seed of Redis.
 */
static void exec_server(const char *command)
{
	personality(ADDR_NO_RANDOMIZE);
	if (unshare(CLONE_NEWNS) || mount("/dev/zero", "/dev/urandom", NULL, MS_BIND, NULL))
		err(127, "/dev/urandom");
	execl("/bin/sh", "sh", "-c", command, NULL);
	err(127, "/bin/sh");
}

/* Wait for the first file in the folder: the server writes its pid when it listens. */
static void wait_ready(int folder, const char *command)
{
	struct pollfd files[] = {
		{ .fd = folder, .events = POLLIN },
		{ .fd = syscall(SYS_pidfd_open, server, 0), .events = POLLIN },
	};

	if (files[1].fd < 0 || poll(files, 2, -1) < 0)
		err(1, "%s", command);
	if (files[1].revents)
		errx(1, "it ended before it listened: %s", command);
	close(files[1].fd);
}

void server_start(const char *command)
{
	const struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = SERVER_SOCKET };
	int folder = inotify_init1(IN_CLOEXEC);

	if (mkdir(SERVER_FOLDER, 0700) && errno != EEXIST)
		err(1, SERVER_FOLDER);
	if (folder < 0 || inotify_add_watch(folder, SERVER_FOLDER, IN_CLOSE_WRITE) < 0)
		err(1, "inotify");
	server = fork();
	if (server < 0)
		err(1, "fork");
	if (!server)
		exec_server(command);
	wait_ready(folder, command);
	close(folder);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)))
		err(1, SERVER_SOCKET);
}

void server_stop(void)
{
	close(fd);
	kill(server, SIGTERM);
	waitpid(server, NULL, 0);
}

bool server_exchange(const struct exchange *exchange)
{
	const struct text *request = &exchange->request, *reply = &exchange->reply;
	static char buf[8192];

	if (send(fd, request->bytes, request->len, MSG_NOSIGNAL) != (ssize_t)request->len)
		return false;
	for (size_t got = 0; got < reply->len;) {
		size_t rest = reply->len - got;
		ssize_t len = recv(fd, buf, rest < sizeof(buf) ? rest : sizeof(buf), 0);

		if (len > 0 && !memcmp(buf, reply->bytes + got, len)) {
			got += len;
			continue;
		}
		/* recv() sets no errno for a wrong reply. */
		if (len >= 0)
			errno = len ? EBADMSG : ECONNRESET;
		return false;
	}
	return true;
}
