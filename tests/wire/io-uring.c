// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The command words through io_uring's socket commands, which kernels have since 6.7. A
 * command runs in the caller, in a kernel worker thread or in the ring's polling thread.
 *
 * guest:
 */
#include <fcntl.h>
#include <linux/io_uring.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "tap.h"
#include "wire.h"

#define NOBODY 65534
#define ENTRIES 64

/* SOCKET_URING_OP_*, which older headers lack */
enum { GETSOCKOPT = 2, SETSOCKOPT };

/* struct io_uring_sqe as a socket command uses it; older headers lack these field names */
struct command {
	uint8_t opcode, flags;
	uint16_t ioprio;
	int32_t fd;
	uint32_t cmd_op, pad;
	uint32_t level, optname;
	uint32_t len, uring_cmd_flags;
	uint64_t user_data;
	uint16_t buf_index, personality;
	uint32_t optlen;
	uint64_t optval, pad2;
};

_Static_assert(sizeof(struct command) == sizeof(struct io_uring_sqe), "struct io_uring_sqe");

/* The threads that can run a command */
static const struct way {
	const char *name;
	unsigned int setup, flags;
} ways[] = {
	{ "the caller", 0, 0 },
	{ "a worker", 0, IOSQE_ASYNC },
	{ "the polling thread", IORING_SETUP_SQPOLL, 0 },
};

struct ring {
	const struct way *way;
	int fd;
	struct io_uring_params params;
	unsigned char *rings;
	struct command *commands;
};

static int fd;

/* Rings */

static void *ring_map(struct ring *ring, size_t size, off_t what)
{
	void *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, what);

	if (map == MAP_FAILED)
		err(125, "a ring's memory");
	return map;
}

/* False if the kernel has no io_uring. */
static bool ring_open(struct ring *ring, const struct way *way)
{
	size_t size;

	*ring = (struct ring){ .way = way, .params.flags = way->setup };
	ring->fd = syscall(SYS_io_uring_setup, ENTRIES, &ring->params);
	if (ring->fd < 0 && errno == ENOSYS)
		return false;
	if (ring->fd < 0)
		err(125, "io_uring_setup");
	size = ring->params.cq_off.cqes + ring->params.cq_entries * sizeof(struct io_uring_cqe);
	ring->rings = ring_map(ring, size, IORING_OFF_SQ_RING);
	ring->commands = ring_map(ring, ENTRIES * sizeof(struct command), IORING_OFF_SQES);
	return true;
}

static void ring_close(struct ring *ring)
{
	munmap(ring->commands, ENTRIES * sizeof(struct command));
	munmap(ring->rings,
	       ring->params.cq_off.cqes + ring->params.cq_entries * sizeof(struct io_uring_cqe));
	close(ring->fd);
}

static struct ring must_open(const struct way *way)
{
	struct ring ring;

	if (!ring_open(&ring, way))
		err(125, "io_uring_setup");
	return ring;
}

static atomic_uint *ring_at(const struct ring *ring, unsigned int offset)
{
	return (void *)(ring->rings + offset);
}

/* Submit @count commands at once; @results gets the result of each. */
static void ring_run(struct ring *ring, const struct command *commands, unsigned int count,
		     int *results)
{
	const struct io_sqring_offsets *sq = &ring->params.sq_off;
	const struct io_cqring_offsets *cq = &ring->params.cq_off;
	const struct io_uring_cqe *cqes = (void *)(ring->rings + cq->cqes);
	unsigned int flags = IORING_ENTER_GETEVENTS, tail = *ring_at(ring, sq->tail);

	if (ring->way->setup & IORING_SETUP_SQPOLL)
		flags |= IORING_ENTER_SQ_WAKEUP;
	for (unsigned int i = 0; i < count; i++, tail++) {
		unsigned int at = tail % ENTRIES;

		ring->commands[at] = commands[i];
		ring->commands[at].opcode = IORING_OP_URING_CMD;
		ring->commands[at].flags |= ring->way->flags;
		ring->commands[at].user_data = i;
		*ring_at(ring, sq->array + at * sizeof(atomic_uint)) = at;
	}
	*ring_at(ring, sq->tail) = tail;
	if (syscall(SYS_io_uring_enter, ring->fd, count, count, flags, NULL, 0) < 0)
		err(125, "io_uring_enter");
	for (unsigned int i = 0; i < count; i++) {
		unsigned int head = *ring_at(ring, cq->head);
		const struct io_uring_cqe *cqe = &cqes[head % ring->params.cq_entries];

		if (head == *ring_at(ring, cq->tail))
			errx(125, "%u of %u commands have no result", count - i, count);
		results[cqe->user_data] = cqe->res;
		*ring_at(ring, cq->head) = head + 1;
	}
}

static int ring_one(struct ring *ring, struct command command)
{
	int result;

	ring_run(ring, &command, 1, &result);
	return result;
}

static struct command set_command(int sock, int word, const void *buf, int len)
{
	return (struct command){
		.fd = sock,
		.cmd_op = SETSOCKOPT,
		.level = IPPROTO_IP,
		.optname = word,
		.optlen = len,
		.optval = (uintptr_t)buf,
	};
}

/* wire_set() through a ring, with the credentials of @personality (0: the caller's) */
static int ring_set(struct ring *ring, int personality, int sock, int word, const void *buf,
		    int len)
{
	struct command command = set_command(sock, word, buf, len);

	command.personality = personality;
	return ring_one(ring, command);
}

static int ring_put(struct ring *ring, int personality, int sock, const char *value)
{
	char buf[RECORD_MAX];
	int len = record_make(buf, 0, "ring", 4, value, strlen(value), 0);

	return ring_set(ring, personality, sock, KV_SO_PUT, buf, len);
}

/* Register the caller's current credentials: a personality for later commands. */
static int ring_personality(const struct ring *ring)
{
	int number = syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_PERSONALITY, NULL, 0);

	if (number < 0)
		err(125, "a personality");
	return number;
}

/* True if SO_TYPE can be read by io_uring; otherwise print that the test is skipped. */
static bool has_commands(void)
{
	struct ring ring;
	int type = 0, result;

	if (!ring_open(&ring, &ways[0])) {
		printf("1..0 # SKIP this kernel has no io_uring\n");
		return false;
	}
	result = ring_one(&ring, (struct command){
					 .fd = fd,
					 .cmd_op = GETSOCKOPT,
					 .level = SOL_SOCKET,
					 .optname = SO_TYPE,
					 .optlen = sizeof(type),
					 .optval = (uintptr_t)&type,
				 });
	ring_close(&ring);
	if (result == -EINVAL || result == -EOPNOTSUPP) {
		printf("1..0 # SKIP this kernel's io_uring has no socket options: %s\n",
		       strerror(-result));
		return false;
	}
	if (result != sizeof(type) || type != SOCK_DGRAM)
		errx(125, "SO_TYPE by io_uring: %d, %d", result, type);
	return true;
}

/* Commands that succeed */

static void put_and_delete(const struct way *way)
{
	struct ring ring = must_open(way);
	char buf[RECORD_MAX];
	int len;

	ok(!ring_put(&ring, 0, fd, way->name) && has(fd, "ring", way->name, 0),
	   "%s: a put succeeds", way->name);
	len = record_make(buf, 0, "ring", 4, "", 0, 0);
	ok(!ring_set(&ring, 0, fd, KV_SO_DELETE, buf, len) && get(fd, "ring", buf) == -ENOENT,
	   "%s: a delete succeeds", way->name);
	ring_close(&ring);
}

/* Each of many commands that are submitted at once is one commit. */
static void many_at_once(const struct way *way)
{
	static char bufs[ENTRIES][64];
	struct command commands[ENTRIES];
	struct ring ring = must_open(way);
	struct kv_info before = info(fd), after;
	int results[ENTRIES], missing = 0;
	char key[16];

	for (int i = 0; i < ENTRIES; i++) {
		int len = snprintf(key, sizeof(key), "many%d", i);

		len = record_make(bufs[i], KV_F_CREATE, key, len, key, len, 0);
		commands[i] = set_command(fd, KV_SO_PUT, bufs[i], len);
	}
	ring_run(&ring, commands, ENTRIES, results);
	after = info(fd);
	for (int i = 0; i < ENTRIES; i++) {
		snprintf(key, sizeof(key), "many%d", i);
		missing += results[i] || !has(fd, key, key, 0);
	}
	ok(!missing && after.rev == before.rev + ENTRIES &&
		   after.entries == before.entries + ENTRIES,
	   "%s: %d puts at once are one commit each", way->name, ENTRIES);
	del(fd, "many", KV_F_PREFIX, 0);
	ring_close(&ring);
}

/* Commands that fail, with the errno that setsockopt(2) has */

static void refused_as_by_setsockopt(const struct way *way)
{
	char put[RECORD_MAX], create[RECORD_MAX], stale[RECORD_MAX], bad[RECORD_MAX];
	int len = record_make(put, 0, "ring", 4, "value", 5, 0);
	const struct {
		const char *what;
		int word;
		const void *buf;
		int len;
	} rows[] = {
		{ "a null pointer", KV_SO_PUT, NULL, len },
		{ "a kernel address", KV_SO_PUT, (void *)-65536L, len },
		{ "the middle of the address space", KV_SO_PUT, (void *)(~0UL / 2 + 1), len },
		{ "an optlen of 0", KV_SO_PUT, put, 0 },
		{ "an optlen one too small", KV_SO_PUT, put, len - 1 },
		{ "an optlen one too large", KV_SO_PUT, put, len + 1 },
		{ "a negative optlen", KV_SO_PUT, put, -1 },
		{ "the largest optlen", KV_SO_PUT, put, 0x7fffffff },
		{ "a condition that does not hold", KV_SO_PUT, create, len },
		{ "an older revision", KV_SO_PUT, stale, len },
		{ "an invalid key", KV_SO_PUT, bad, len },
		{ "a delete with a value", KV_SO_DELETE, put, len },
		{ "an unassigned word", KV_SO_BASE + 127, put, len },
		{ "a get word", KV_SO_GET, put, len },
	};
	struct ring ring = must_open(way);
	uint64_t before;

	record_make(create, KV_F_CREATE, "ring", 4, "value", 5, 0);
	record_make(stale, KV_F_IF_REV, "ring", 4, "value", 5, 1);
	record_make(bad, 0, "r\ng ", 4, "value", 5, 0);
	wire_set(fd, KV_SO_PUT, put, len);
	wire_set(fd, KV_SO_PUT, put, len);
	before = fingerprint(fd);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int called = wire_set(fd, rows[i].word, rows[i].buf, rows[i].len);
		int result = ring_set(&ring, 0, fd, rows[i].word, rows[i].buf, rows[i].len);

		if (!ok(result == called && result < 0 && fingerprint(fd) == before,
			"%s: %s is refused: %s", way->name, rows[i].what, strerror(-called)))
			note("%d by io_uring, %d by setsockopt", result, called);
	}
	ring_close(&ring);
}

/* No kernel passes get words on yet. One that does must answer as getsockopt(2) does. */
static void get_words(const struct way *way)
{
	struct ring ring = must_open(way);
	char asked[RECORD_MAX], buf[RECORD_MAX], called[RECORD_MAX];
	int refused = 0, answered = 0, all = KV_SO_DESCRIBE - KV_SO_INFO + 1;

	memset(asked, 0, sizeof(asked));
	record_make(asked, 0, "ring", 4, "", 0, 0);
	for (int word = KV_SO_INFO; word <= KV_SO_DESCRIBE; word++) {
		struct command command = set_command(fd, word, buf, sizeof(buf));
		int len = sizeof(called), result, error;

		memcpy(buf, asked, sizeof(buf));
		memcpy(called, asked, sizeof(called));
		command.cmd_op = GETSOCKOPT;
		result = ring_one(&ring, command);
		error = wire_get(fd, word, called, &len);
		refused += result == -EOPNOTSUPP && !memcmp(buf, asked, sizeof(buf));
		answered += result == (error ? error : len) && !memcmp(buf, called, sizeof(buf));
	}
	ok(refused == all || answered == all,
	   "%s: get words are all answered as by getsockopt, or all refused", way->name);
	ring_close(&ring);
}

/* Namespaces and permission */

static void other_namespace(const struct way *way)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), there;
	struct ring ring = must_open(way);

	put(fd, "ring", "here", 0, 0);
	if (unshare(CLONE_NEWNET))
		err(125, "unshare");
	there = wire_socket();
	if (setns(home, CLONE_NEWNET))
		err(125, "setns");
	ok(!ring_put(&ring, 0, there, "there") && has(there, "ring", "there", 0) &&
		   has(fd, "ring", "here", 0),
	   "%s: a command uses the store of the socket's namespace", way->name);
	close(there);
	close(home);
	ring_close(&ring);
}

/* Root submits with a personality that has the credentials of nobody. */
static void lesser_personality(const struct way *way)
{
	struct ring ring = must_open(way);
	uint64_t before;
	int nobody;

	put(fd, "ring", "here", 0, 0);
	before = fingerprint(fd);
	if (seteuid(NOBODY))
		err(125, "seteuid");
	nobody = ring_personality(&ring);
	if (seteuid(0))
		err(125, "seteuid");
	ok(ring_put(&ring, nobody, fd, "there") == -EPERM && fingerprint(fd) == before,
	   "%s: a put by a personality without CAP_NET_ADMIN is refused", way->name);
	ok(!ring_put(&ring, 0, fd, "there") && has(fd, "ring", "there", 0),
	   "%s: a put without that personality succeeds", way->name);
	ring_close(&ring);
}

static const struct way *unprivileged_way;

/* Nobody submits to a ring that root set up, and to one of its own. */
static bool unprivileged(void)
{
	struct ring before = must_open(unprivileged_way), own;
	bool polled = unprivileged_way->setup & IORING_SETUP_SQPOLL;
	uint64_t state;
	int root = ring_personality(&before);

	put(fd, "ring", "here", 0, 0);
	if (setresuid(NOBODY, NOBODY, NOBODY))
		return false;
	state = fingerprint(fd);
	own = must_open(unprivileged_way);
	if (ring_put(&own, 0, fd, "there") != -EPERM ||
	    ring_put(&own, root, fd, "there") != -EINVAL || fingerprint(fd) != state)
		return false;
	/* The polling thread keeps the credentials that its ring was set up with. */
	if (ring_put(&before, 0, fd, "there") != (polled ? 0 : -EPERM) ||
	    has(fd, "ring", "there", 0) != polled)
		return false;
	return !ring_put(&before, root, fd, "by root") && has(fd, "ring", "by root", 0);
}

int main(void)
{
	fd = wire_socket();
	if (!has_commands())
		return 0;
	for (const struct way *way = ways; way < ways + sizeof(ways) / sizeof(*ways); way++) {
		put_and_delete(way);
		many_at_once(way);
		refused_as_by_setsockopt(way);
		get_words(way);
		other_namespace(way);
		lesser_personality(way);
		unprivileged_way = way;
		ok(apart(unprivileged),
		   "%s: without CAP_NET_ADMIN, a put needs credentials that root left in the ring",
		   way->name);
	}
	return done();
}
