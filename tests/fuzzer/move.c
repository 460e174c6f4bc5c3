// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What goes elsewhere: threads to other network namespaces, sockets and watches to
 * the other house. A socket stays of the namespace in which it was made.
 */
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include "fuzz.h"

/* The key whose value says which namespace it is; no request has it. */
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
	/* Who lacks the capability at the moment leaves the namespace without it. */
	put(place->fds[0], MARK, id, 0, 0);
}

/* A wall is a wall: no store but that of the socket's own namespace is seen. */
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
		amiss(worker, "namespace %s shows the store of namespace %.*s", id,
		      u.record.value_len, u.record.data + strlen(MARK));
}

union control {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int))];
};

int mail_send(struct worker *worker, int fd, struct letter letter)
{
	union control control = { .head = { .cmsg_level = SOL_SOCKET,
					    .cmsg_type = SCM_RIGHTS,
					    .cmsg_len = CMSG_LEN(sizeof(int)) } };
	struct iovec text = { &letter, sizeof(letter) };
	struct msghdr message = { .msg_iov = &text,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };

	memcpy(CMSG_DATA(&control.head), &fd, sizeof(int));
	return sendmsg(worker->house->mail_out, &message, MSG_DONTWAIT) < 0 ? errno : 0;
}

int mail_take(struct worker *worker, struct letter *letter)
{
	union control control;
	struct iovec text = { letter, sizeof(*letter) };
	struct msghdr message = { .msg_iov = &text,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	int fd;

	if (recvmsg(worker->house->mail_in, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0)
		return -errno;
	if (message.msg_controllen < CMSG_LEN(sizeof(int)))
		return -EBADF;
	memcpy(&fd, CMSG_DATA(&control.head), sizeof(int));
	return fd;
}

/* The thread's own namespace is no longer that of the sockets that it uses. */
static int move_thread(struct worker *worker)
{
	const struct place *to = &worker->house->shared[below(&worker->rng, SHARED_PLACES)];
	int error;

	if (percent(&worker->rng, 50))
		to = percent(&worker->rng, 50) ? &worker->own : &worker->spare;
	error = setns(to->ns, CLONE_NEWNET) ? errno : 0;
	if (error && (error != EPERM || to->ruled))
		amiss(worker, "setns: %s", strerrorname_np(error));
	return error;
}

/* Not of the worker's own namespace, where nobody else may write. */
static int send_socket(struct worker *worker)
{
	unsigned int kind;

	do
		kind = place_kind(&worker->rng);
	while (!place_is_ours(kind));
	return mail_send(worker, worker->spare.fds[kind],
			 (struct letter){ true, worker->spare.id });
}

void socket_adopt(struct worker *worker, int fd, unsigned int id)
{
	bool stranger = worker->house->stranger;

	if (worker->visited.fds[0] >= 0)
		close(worker->visited.fds[0]);
	worker->visited.fds[0] = fd;
	worker->visited.id = id;
	/* A stranger has no say in the namespaces of others, who have every capability in its own. */
	worker->visited.ruled = !stranger;
	worker->visited.foreign = worker->house->racing && !stranger;
}

const char *const move_names[MOVES] = { "setns", "hand over" };

void move_step(struct worker *worker)
{
	static int (*const moves[MOVES])(struct worker *) = { move_thread, send_socket };
	unsigned int i = below(&worker->rng, MOVES);

	worker->tally->count[WORD_ROWS + WATCH_OPS + i][moves[i](worker)]++;
}
