/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kvbench: a server in a process of its own, and what is said with it over a unix socket */
#ifndef BENCH_SERVER_H
#define BENCH_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/* For the server's command: where it is to listen, and to write its pid once it does */
#define SERVER_FOLDER "/run/server/"
#define SERVER_SOCKET SERVER_FOLDER "socket"
#define SERVER_PIDFILE SERVER_FOLDER "pid"

struct text {
	char *bytes;
	size_t len;
};

/**
 * struct exchange - a request to a server, and the one reply that is right
 */
struct exchange {
	struct text request;
	struct text reply;
};

/* Append to a text what printf() would print. */
__attribute__((format(printf, 2, 3))) void text_add(struct text *text, const char *format, ...);

void exchange_free(struct exchange *exchange);

/* Start a server by a command of the shell, `exec ...`, and connect to it. One at a time. */
void server_start(const char *command);
void server_stop(void);

/* Send the request and receive the reply; false with errno where it is another one. */
bool server_exchange(const struct exchange *exchange);

#endif
