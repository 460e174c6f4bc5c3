// SPDX-License-Identifier: GPL-2.0-or-later
/* Valid and invalid system calls on the descriptor of a watch */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "fuzz.h"

#define PAGE 4096

void watch_adopt(struct worker *worker, int fd)
{
	struct watch *watch = &worker->watches[below(&worker->rng, WATCHES)];

	/* Only the listener blocks. */
	fcntl(fd, F_SETFL, O_NONBLOCK);
	if (watch->fd >= 0)
		close(watch->fd);
	*watch = (struct watch){ .fd = fd,
				 .show_private = may_see_private(worker),
				 .ruled = worker->at->ruled,
				 .foreign = worker->at->foreign };
}

static int result(long got)
{
	return got < 0 ? errno : 0;
}

static int do_read(struct worker *worker, struct watch *watch)
{
	static const int sizes[] = { 0, 1, 15, 16, 24, 64, 300, RECORD_MAX, 4096, KV_MSG_MAX };
	int size = sizes[below(&worker->rng, sizeof(sizes) / sizeof(*sizes))];
	bool edge = percent(&worker->rng, 20);
	/* At the edge, half of the buffer is accessible. */
	unsigned char *buf = edge ? worker->memory.end - size / 2 : worker->memory.start;
	/* The first process has every capability in the other's user namespace. */
	bool show = watch->show_private && watch->ruled && (worker->capable || watch->foreign);
	struct kv_record record;
	const char *wrong;
	long got;

	if (!edge)
		buf[size] = GUARD;
	got = read(watch->fd, buf, size);
	if (got < 0 && errno != EAGAIN && errno != EINVAL && errno != EFAULT && errno != ENOMEM)
		violation(worker, "read of a watch: %s", strerrorname_np(errno));
	if (got <= 0)
		return result(got);
	if (got > size || (!edge && buf[size] != GUARD))
		violation(worker, "read of a watch wrote beyond the buffer");
	wrong = check_records(buf, got, -1, show);
	if (wrong)
		violation(worker, "read of a watch: %s", wrong);
	for (long at = 0; !wrong && at < got; at += padded(&record)) {
		memcpy(&record, buf + at, sizeof(record));
		if (record.rev < watch->rev)
			violation(worker, "a watch returns a lower revision");
		watch->rev = record.rev;
	}
	return 0;
}

static int do_poll(struct worker *worker, struct watch *watch)
{
	struct pollfd wait = { watch->fd, rng_next(&worker->rng), 0 };

	return result(poll(&wait, 1, 0));
}

/* Check that a write to a private mapping does not change the page of the watch. */
static void scribble(struct worker *worker, struct watch *watch, uint64_t *page)
{
	uint64_t *again;

	if (mprotect(page, PAGE, PROT_READ | PROT_WRITE))
		return;
	*page = UINT64_MAX;
	again = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, watch->fd, 0);
	if (again == MAP_FAILED)
		return;
	if (*again == UINT64_MAX)
		violation(worker, "the page of a watch can be written");
	munmap(again, PAGE);
}

static int do_mmap(struct worker *worker, struct watch *watch)
{
	struct rng *rng = &worker->rng;
	bool fair = percent(rng, 60);
	size_t size = fair ? PAGE : below(rng, 4) * PAGE;
	int protection = fair ? PROT_READ : below(rng, 8);
	int flags = percent(rng, 50) ? MAP_SHARED : MAP_PRIVATE;
	off_t offset = fair ? 0 : (rng_next(rng) >> below(rng, 64)) / PAGE * PAGE;
	uint64_t *page = mmap(NULL, size, protection, flags, watch->fd, offset);

	if (page == MAP_FAILED)
		return errno;
	if (size != PAGE || offset || protection & PROT_WRITE)
		violation(worker, "mmap of a watch: %zu bytes at %jd, protection %d", size,
			  (intmax_t)offset, protection);
	if (fair && flags == MAP_PRIVATE)
		scribble(worker, watch, page);
	else if (fair && !mprotect(page, PAGE, PROT_READ | PROT_WRITE))
		violation(worker, "mprotect makes the page of a watch writable");
	if (fair && page[1])
		violation(worker, "bytes after the revision are not zero");
	munmap(page, size);
	return 0;
}

static int do_lseek(struct worker *worker, struct watch *watch)
{
	return result(lseek(watch->fd, rng_next(&worker->rng), below(&worker->rng, 6)));
}

static int do_ioctl(struct worker *worker, struct watch *watch)
{
	/* ioctls that every file supports would change the descriptor. */
	unsigned int number = 0x4b00 | below(&worker->rng, 256);

	return result(ioctl(watch->fd, number, worker->memory.start));
}

static int do_write(struct worker *worker, struct watch *watch)
{
	long got = write(watch->fd, worker->memory.start, below(&worker->rng, 64));

	if (got >= 0)
		violation(worker, "write to a watch succeeds");
	return result(got);
}

static int do_dup(struct worker *worker, struct watch *watch)
{
	struct watch *other = &worker->watches[below(&worker->rng, WATCHES)];
	int fd = fcntl(watch->fd, F_DUPFD_CLOEXEC, 0);

	if (fd < 0)
		return errno;
	watch->shared = true;
	if (other->fd >= 0)
		close(other->fd);
	*other = *watch;
	other->fd = fd;
	return 0;
}

/* Pass the watch to the other process or to the listener. */
static int do_send(struct worker *worker, struct watch *watch)
{
	int none = -1;

	if (worker->process->racing && !watch->shared && percent(&worker->rng, 50)) {
		fcntl(watch->fd, F_SETFL, 0);
		if (atomic_compare_exchange_strong(&worker->process->heard, &none, watch->fd)) {
			watch->fd = -1;
			sem_post(&worker->process->given);
		} else {
			fcntl(watch->fd, F_SETFL, O_NONBLOCK);
		}
		return 0;
	}
	if (watch->foreign)
		return 0;
	watch->shared = true;
	return fd_send(worker, watch->fd, (struct fd_message){ 0 });
}

/* Receive a watch or a socket from the other process. */
static int do_take(struct worker *worker, struct watch *watch)
{
	bool other_userns = worker->process->other_userns;
	struct fd_message message = { 0 };
	int fd = fd_receive(worker, &message);

	if (fd < 0)
		return -fd;
	if (message.socket) {
		socket_adopt(worker, fd, message.place);
		return 0;
	}
	if (watch->fd >= 0)
		close(watch->fd);
	/* The other process has no rights in the namespaces of the first one. */
	*watch = (struct watch){ fd, !other_userns, !other_userns, true, true, 0 };
	return 0;
}

/* Close this watch, or the one that the listener reads. */
static int do_close(struct worker *worker, struct watch *watch)
{
	int fd = watch->fd;

	if (worker->process->racing && percent(&worker->rng, 50)) {
		fd = atomic_exchange(&worker->process->heard, -1);
		if (fd >= 0)
			close(fd);
		pthread_kill(worker->process->listener, SIGUSR1);
		return 0;
	}
	watch->fd = -1;
	return result(close(fd));
}

/* clang-format off */
static const struct {
	unsigned int weight;
	int (*run)(struct worker *worker, struct watch *watch);
} ops[WATCH_OPS] = {
	{ 46, do_read }, { 10, do_poll }, { 8, do_mmap }, { 4, do_lseek }, { 4, do_ioctl },
	{ 4, do_write }, { 6, do_dup }, { 6, do_send }, { 6, do_take }, { 6, do_close },
};
/* clang-format on */

const char *const watch_op_names[WATCH_OPS] = { "read",	 "poll", "mmap", "lseek", "ioctl",
						"write", "dup",	 "send", "take",  "close" };

void watch_step(struct worker *worker)
{
	unsigned int at = below(&worker->rng, 100), i = 0, slot = below(&worker->rng, WATCHES);
	int error;

	while (i < WATCH_OPS - 1 && at >= ops[i].weight)
		at -= ops[i++].weight;
	/* Use the next open watch; only do_take() needs none. */
	for (int n = 0; n < WATCHES && worker->watches[slot].fd < 0; n++)
		slot = (slot + 1) % WATCHES;
	if (worker->watches[slot].fd < 0 && ops[i].run != do_take)
		return;
	error = ops[i].run(worker, &worker->watches[slot]);
	worker->tally->count[WORD_ROWS + i][error]++;
}
