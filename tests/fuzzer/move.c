// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads enter other network namespaces; sockets and watches are sent to the other process. A
 * socket keeps the namespace in which it was created.
 */
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include "fuzz.h"

/* The key that holds the inode number of its namespace; requests do not use it. */
#define MARK "whose"

void place_mark(struct place *place)
{
	struct stat stat;
	char id[24];

	place->ns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (place->ns < 0 || fstat(place->ns, &stat))
		err(125, "/proc/thread-self/ns/net");
	place->id = stat.st_ino;
	snprintf(id, sizeof(id), "%u", place->id);
	/* Without the capability the put fails, and the namespace stays without a mark. */
	put(place->fds[0], MARK, id, 0, 0);
}

/* A store without a mark, or with that of the socket's namespace, is right. */
void check_wall(struct worker *worker)
{
	char id[24];

	union {
		struct kv_record record;
		char bytes[RECORD_MAX];
	} u;

	snprintf(id, sizeof(id), "%u", worker->at->id);
	if (!get(worker->at->fds[0], MARK, &u) &&
	    (u.record.value_len != strlen(id) ||
	     memcmp(u.record.data + strlen(MARK), id, strlen(id))))
		violation(worker, "namespace %s shows the store of namespace %.*s", id,
			  u.record.value_len, u.record.data + strlen(MARK));
}

union control {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int))];
};

int fd_send(struct worker *worker, int fd, struct fd_message message)
{
	union control control = { .head = { .cmsg_level = SOL_SOCKET,
					    .cmsg_type = SCM_RIGHTS,
					    .cmsg_len = CMSG_LEN(sizeof(int)) } };
	struct iovec text = { &message, sizeof(message) };
	struct msghdr header = { .msg_iov = &text,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control) };

	memcpy(CMSG_DATA(&control.head), &fd, sizeof(int));
	return sendmsg(worker->process->channel_out, &header, MSG_DONTWAIT) < 0 ? errno : 0;
}

int fd_receive(struct worker *worker, struct fd_message *message)
{
	union control control;
	struct iovec text = { message, sizeof(*message) };
	struct msghdr header = { .msg_iov = &text,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control) };
	int fd;

	if (recvmsg(worker->process->channel_in, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0)
		return -errno;
	if (header.msg_controllen < CMSG_LEN(sizeof(int)))
		return -EBADF;
	memcpy(&fd, CMSG_DATA(&control.head), sizeof(int));
	return fd;
}

/* Enter a namespace, which need not be that of the thread's sockets. */
static int move_thread(struct worker *worker)
{
	const struct place *to = &worker->process->shared[below(&worker->rng, SHARED_PLACES)];
	int error;

	if (percent(&worker->rng, 50))
		to = percent(&worker->rng, 50) ? &worker->own : &worker->spare;
	error = setns(to->ns, CLONE_NEWNET) ? errno : 0;
	if (error && (error != EPERM || to->ruled))
		violation(worker, "setns: %s", strerrorname_np(error));
	return error;
}

/* Send a socket of the spare namespace: other workers must not write to the worker's own. */
static int send_socket(struct worker *worker)
{
	unsigned int kind;

	do
		kind = place_kind(&worker->rng);
	while (!place_is_ours(kind));
	return fd_send(worker, worker->spare.fds[kind],
		       (struct fd_message){ true, worker->spare.id });
}

void socket_adopt(struct worker *worker, int fd, unsigned int id)
{
	bool other_userns = worker->process->other_userns;

	if (worker->visited.fds[0] >= 0)
		close(worker->visited.fds[0]);
	worker->visited.fds[0] = fd;
	worker->visited.id = id;
	/* The first process has every capability in the other's namespaces, but not vice versa. */
	worker->visited.ruled = !other_userns;
	worker->visited.foreign = worker->process->racing && !other_userns;
}

const char *const move_names[MOVES] = { "setns", "send fd" };

void move_step(struct worker *worker)
{
	static int (*const moves[MOVES])(struct worker *) = { move_thread, send_socket };
	unsigned int i = below(&worker->rng, MOVES);

	worker->tally->count[WORD_ROWS + WATCH_OPS + i][moves[i](worker)]++;
}
