// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KV_SO_SEAL makes the store read-only
 *
 * guest:
 */
#include <sched.h>

#include "tap.h"
#include "wire.h"

static int fd;

static bool is_sealed(void)
{
	return info(fd).flags & KV_INFO_SEALED;
}

/* Runs in a child process. */
static bool as_nobody(void)
{
	unsigned char zeros[sizeof(struct kv_record)] = { 0 };

	return !setresuid(65534, 65534, 65534) &&
	       wire_set(fd, KV_SO_SEAL, zeros, sizeof(zeros)) == -EPERM;
}

/* Runs in a child process. */
static bool elsewhere(void)
{
	return !unshare(CLONE_NEWNET) && !put(wire_socket(), "a", "1", 0, 0);
}

static void refused(void)
{
	unsigned char buf[64] = { 0 };
	bool passed = true;

	for (int len = 0; len < (int)sizeof(buf); len++)
		passed &= len == sizeof(struct kv_record) ||
			  wire_set(fd, KV_SO_SEAL, buf, len) == -EINVAL;
	for (int bit = 0; bit < (int)sizeof(struct kv_record) * 8; bit++) {
		buf[bit / 8] = 1 << bit % 8;
		passed &= wire_set(fd, KV_SO_SEAL, buf, sizeof(struct kv_record)) < 0;
		buf[bit / 8] = 0;
	}
	ok(passed && !is_sealed(), "anything but 16 zero bytes is refused and does not seal");
	ok(apart(as_nobody) && !is_sealed(), "without CAP_NET_ADMIN it is EPERM");
}

/* Run a transaction of one record: 0 or -errno. */
static int transaction(int op)
{
	union {
		struct kv_txn head;
		unsigned char bytes[256];
	} u = { .head.count = 1 };
	struct kv_record *record = (void *)u.head.data;
	int len = sizeof(u);

	record_make(record, 0, "a", 1, "", 0, 0);
	record->op = op;
	return wire_get(fd, KV_SO_TXN, &u, &len);
}

int main(void)
{
	unsigned char zeros[sizeof(struct kv_record)] = { 0 };
	uint64_t before;

	fd = wire_socket();
	put(fd, "a", "1", 0, 0);
	refused();
	before = info(fd).rev;
	ok(!wire_set(fd, KV_SO_SEAL, zeros, sizeof(zeros)) && is_sealed() && info(fd).rev == before,
	   "INFO reports the seal, and sealing does not change the revision");
	before = fingerprint(fd);
	ok(put(fd, "a", "2", 0, 0) == -EROFS && put(fd, "b", "2", 0, 0) == -EROFS &&
		   del(fd, "a", 0, 0) == -EROFS && del(fd, "none", 0, 0) == -EROFS &&
		   del(fd, "a", KV_F_PREFIX, 0) == -EROFS && transaction(KV_OP_PUT) == -EROFS &&
		   transaction(KV_OP_DELETE) == -EROFS && fingerprint(fd) == before,
	   "every write to a sealed store is EROFS and changes nothing");
	ok(has(fd, "a", "1", 0) && !transaction(KV_OP_GET), "a sealed store can be read");
	ok(!wire_set(fd, KV_SO_SEAL, zeros, sizeof(zeros)), "sealing a sealed store succeeds");
	ok(apart(elsewhere), "the stores of other namespaces are not sealed");
	return done();
}
