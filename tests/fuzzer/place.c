// SPDX-License-Identifier: GPL-2.0-or-later
/* Network namespaces, each with sockets of all kinds */
#include <sched.h>

#include "fuzz.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* The kind without a type stands for the invalid descriptor -1. */
static const struct {
	int domain, type, protocol;
	unsigned int weight;
	bool ours;
} kinds[SOCKET_KINDS] = {
	{ AF_INET, SOCK_DGRAM, 0, 50, true },
	{ AF_INET, SOCK_STREAM, 0, 15, true },
	{ AF_INET, SOCK_RAW, IPPROTO_UDP, 10, true },
	{ AF_INET6, SOCK_DGRAM, 0, 10, true },
	{ AF_INET6, SOCK_STREAM, 0, 7, true },
	{ AF_INET6, SOCK_RAW, IPPROTO_UDP, 2, false },
	{ AF_INET, SOCK_STREAM, IPPROTO_MPTCP, 2, false },
	{ AF_UNIX, SOCK_STREAM, 0, 2, false },
	{ 0, 0, 0, 2, false },
};

/* Retry at the limit of namespaces: the kernel destroys closed ones asynchronously. */
static void enter_new(void)
{
	while (unshare(CLONE_NEWNET)) {
		if (errno != ENOSPC)
			err(125, "new network namespace");
		sched_yield();
	}
}

void place_open(struct place *place, bool fresh)
{
	if (fresh)
		enter_new();
	for (int i = 0; i < SOCKET_KINDS; i++)
		place->fds[i] = kinds[i].type ?
					socket(kinds[i].domain, kinds[i].type | SOCK_CLOEXEC,
					       kinds[i].protocol) :
					-1;
	if (place->fds[0] < 0)
		err(125, "socket");
	place_mark(place);
}

void place_close(struct place *place)
{
	for (int i = 0; i < SOCKET_KINDS; i++) {
		if (place->fds[i] >= 0)
			close(place->fds[i]);
	}
	close(place->ns);
}

unsigned int place_kind(struct rng *rng)
{
	unsigned int at = below(rng, 100), kind = 0;

	while (kind < SOCKET_KINDS - 1 && at >= kinds[kind].weight)
		at -= kinds[kind++].weight;
	return kind;
}

bool place_is_ours(unsigned int kind)
{
	return kinds[kind].ours;
}
