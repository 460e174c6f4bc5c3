/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kvbench: a server in its own process, and requests to it over a unix socket */
#ifndef BENCH_SERVER_H
#define BENCH_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/* For the server's command: the socket to listen on, and the file for its pid once it listens */
#define SERVER_FOLDER "/run/server/"
#define SERVER_SOCKET SERVER_FOLDER "socket"
#define SERVER_PIDFILE SERVER_FOLDER "pid"

struct text {
	char *bytes;
	size_t len;
};

/**
 * struct exchange - a request to a server, and the expected reply
 * @request: request
 * @reply: the only correct reply
 */
struct exchange {
	struct text request;
	struct text reply;
};

/* Append formatted text, as by printf(). */
__attribute__((format(printf, 2, 3))) void text_add(struct text *text, const char *format, ...);

void exchange_free(struct exchange *exchange);

/* Start a server by a shell command, `exec ...`, and connect to it. Only one may run at a time. */
void server_start(const char *command);
void server_stop(void);

/* Send the request and receive the reply; false with errno unless it is the expected one. */
bool server_exchange(const struct exchange *exchange);

#endif
