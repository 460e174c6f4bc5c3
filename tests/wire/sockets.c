// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kinds of socket that work, the store that each one reaches, and permission
 *
 * guest:
 */
#include <fcntl.h>
#include <sched.h>

#include "tap.h"
#include "wire.h"

#define NOBODY 65534

static int fd;

static void kinds(void)
{
	static const struct {
		const char *name;
		int family, type, protocol;
	} rows[] = {
		{ "AF_INET datagram", AF_INET, SOCK_DGRAM, 0 },
		{ "AF_INET stream", AF_INET, SOCK_STREAM, 0 },
		{ "AF_INET raw", AF_INET, SOCK_RAW, IPPROTO_RAW },
		{ "AF_INET6 datagram", AF_INET6, SOCK_DGRAM, 0 },
		{ "AF_INET6 stream", AF_INET6, SOCK_STREAM, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int sock = socket(rows[i].family, rows[i].type, rows[i].protocol);
		char value[2] = { 'a' + i };

		ok(sock >= 0 && !put(sock, "kind", value, 0, 0) && has(sock, "kind", value, 0) &&
			   has(fd, "kind", value, 0),
		   "the old way works too: %s", rows[i].name);
		close(sock);
	}
	del(fd, "kind", 0, 0);
}

static bool other_namespace(void)
{
	int sock;

	if (unshare(CLONE_NEWNET))
		return false;
	sock = wire_socket();
	return !info(sock).entries && !info(sock).rev && !has(sock, "wall", "here", 0) &&
	       !put(sock, "wall", "there", 0, 0) && has(fd, "wall", "here", 0) &&
	       has(sock, "wall", "there", 0) && info(sock).rev == 1;
}

/* A socket keeps the namespace that it was created in. */
static bool socket_stays(void)
{
	return !unshare(CLONE_NEWNET) && has(fd, "wall", "here", 0);
}

static bool unprivileged(void)
{
	union {
		struct kv_list list;
		unsigned char bytes[4096];
	} u;
	const struct kv_record *record = (void *)u.list.data;
	unsigned char garbage[8] = { 0 };
	uint64_t cursor[2] = { 0, 0 }, before = fingerprint(fd);
	int sock;

	if (setresuid(NOBODY, NOBODY, NOBODY))
		return false;
	sock = wire_socket();
	for (int i = 0; i < 2; i++, sock = fd) /* its own socket, then an inherited one */
		if (put(sock, "mine", "x", 0, 0) != -EPERM || del(sock, "wall", 0, 0) != -EPERM ||
		    del(sock, "w", KV_F_PREFIX, 0) != -EPERM ||
		    wire_set(sock, KV_SO_PUT, garbage, 3) != -EPERM ||
		    wire_set(sock, KV_SO_PUT, NULL, 16) != -EPERM ||
		    !has(sock, "wall", "here", 0) || get(sock, "secret", &u) != -EPERM ||
		    get(sock, "long", &u) != -EPERM)
			return false;
	if (list_page(sock, "secret", cursor, &u, sizeof(u)) < 0 || u.list.count != 1 ||
	    record->flags != (KV_F_PRIVATE | KV_F_WITHHELD) || record->value_len || !record->rev ||
	    memmem(&u, sizeof(u), "hidden", 6))
		return false;
	return fingerprint(fd) != before; /* private values are withheld from the listing */
}

static bool user_namespace_root(void)
{
	int sock;

	if (setresuid(NOBODY, NOBODY, NOBODY) || unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return false;
	sock = wire_socket();
	return !put(sock, "own", "store", KV_F_PRIVATE, 0) &&
	       has(sock, "own", "store", KV_F_PRIVATE) && !del(sock, "own", 0, 0) &&
	       put(fd, "own", "x", 0, 0) == -EPERM;
}

/* Root of a user namespace that does not own the network namespace. */
static bool user_namespace_alone(void)
{
	unsigned char reply[RECORD_MAX];

	if (unshare(CLONE_NEWUSER))
		return false;
	return put(wire_socket(), "own", "x", 0, 0) == -EPERM &&
	       get(wire_socket(), "secret", reply) == -EPERM;
}

static bool root_again(void)
{
	return !setresuid(0, 0, 0) && !put(fd, "wall", "here", 0, 0);
}

/* Create and destroy namespaces that hold public and private values. */
static bool namespaces_go(void)
{
	for (int i = 0; i < 20; i++) {
		int sock;

		if (unshare(CLONE_NEWNET))
			return false;
		sock = wire_socket();
		for (int j = 0; j < 50; j++) {
			char key[16];

			snprintf(key, sizeof(key), "k%d", j);
			if (put(sock, key, "value", j % 2 ? KV_F_PRIVATE : 0, 0) ||
			    put(sock, key, "again", j % 2 ? KV_F_PRIVATE : 0, 0))
				return false;
		}
		close(sock);
	}
	return true;
}

int main(void)
{
	char value[700];
	uint64_t before;

	fd = wire_socket();
	memset(value, 'p', sizeof(value));
	value[sizeof(value) - 1] = '\0';
	kinds();
	put(fd, "wall", "here", 0, 0);
	put(fd, "secret", "hidden", KV_F_PRIVATE, 0);
	put(fd, "long", value, KV_F_PRIVATE, 0);
	ok(apart(other_namespace),
	   "namespaces are walls: another one has its own store and revisions");
	ok(has(fd, "wall", "here", 0), "a put there does not change the store here");
	ok(apart(socket_stays), "a socket reaches the store of the namespace it was created in");
	before = fingerprint(fd);
	ok(apart(unprivileged),
	   "without CAP_NET_ADMIN: public values are readable, private ones and writes refused");
	ok(apart(user_namespace_root),
	   "root of a user namespace may use the store of its own network namespace");
	ok(apart(user_namespace_alone),
	   "root of a user namespace has no rights to the store outside");
	ok(fingerprint(fd) == before, "none of these calls changes the store");
	ok(apart(root_again), "root may write");
	ok(apart(namespaces_go), "namespaces that hold values are created and destroyed");
	return done();
}
