// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Values are charged to the writer's memory cgroup: at its limit a put is ENOMEM and changes
 * nothing. The argument is the cgroup.procs of a cgroup with little memory.
 *
 * The cgroup's limit must allow the 1024 changes of the log: 2 KiB each, or 4 KiB with KASAN.
 * guest: --before 'cd /sys/fs/cgroup && echo +memory >cgroup.subtree_control'
 * guest: --before 'mkdir small && echo 8M >small/memory.max' -- small/cgroup.procs
 */
#include <fcntl.h>

#include "tap.h"
#include "wire.h"

static int put_number(int fd, int number)
{
	unsigned char buf[RECORD_MAX];
	char key[16];
	int len = snprintf(key, sizeof(key), "key%d", number);

	return wire_set(fd, KV_SO_PUT, buf, record_make(buf, 0, key, len, NULL, KV_VALUE_MAX, 0));
}

/* Results from within the small cgroup; printed after leaving it, since printing takes memory */
static struct {
	int count, first, second, delete, delete_all;
	struct kv_info full, after;
	int rewritten, refused, unwritten, listed;
} got;

#define REWRITES 50000
#define REFUSALS 20000
#define LISTINGS 300

/* Many replaced values, refused writes and listings, whose memory must be freed. */
static void churn(int fd)
{
	static unsigned char page[KV_MSG_MAX];
	unsigned char buf[RECORD_MAX];
	size_t len = record_make(buf, 0, "churn", 5, NULL, KV_VALUE_MAX, 0);

	for (int i = 0; i < REWRITES; i++) {
		((struct kv_record *)buf)->flags = i % 2 ? KV_F_PRIVATE : 0;
		got.rewritten += !wire_set(fd, KV_SO_PUT, buf, len);
	}
	((struct kv_record *)buf)->flags = KV_F_CREATE;
	for (int i = 0; i < REFUSALS; i++)
		got.refused += wire_set(fd, KV_SO_PUT, buf, len) == -EEXIST;
	for (int i = 0; i < REFUSALS; i++) {
		_Alignas(8) unsigned char request[sizeof(struct kv_txn) + 2 * RECORD_MAX] = { 0 };
		struct kv_txn *txn = (void *)request;
		struct kv_record *put = (void *)txn->data;
		int size = sizeof(request);

		/* A put, then a put of the same key with KV_F_CREATE, which is refused. */
		record_make(put, 0, "churn", 5, NULL, 1000, 0);
		put->op = KV_OP_PUT;
		memcpy(txn->data + padded(put), put, padded(put));
		((struct kv_record *)(txn->data + padded(put)))->flags = KV_F_CREATE;
		txn->count = 2;
		got.unwritten += !wire_get(fd, KV_SO_TXN, request, &size) && txn->error == EEXIST;
	}
	for (int i = 0; i < LISTINGS; i++) {
		uint64_t cursor[2] = { 0, 0 };

		got.listed += list_page(fd, "", cursor, page, sizeof(page)) > 0;
	}
	del(fd, "churn", 0, 0);
}

static void fill(int fd, int most)
{
	while (got.count < most && !(got.first = put_number(fd, got.count)))
		got.count++;
	got.full = info(fd);
	got.second = put_number(fd, got.count);
	got.after = info(fd);
	got.delete = del(fd, "key0", 0, 0);
	got.delete_all = del(fd, "key", KV_F_PREFIX, 0);
}

static void join(int procs)
{
	if (write(procs, "0", 1) != 1)
		err(125, "cgroup.procs");
}

int main(int argc, char **argv)
{
	int fd = wire_socket(), small, all;

	if (argc != 2)
		errx(125, "usage: kernel-memcg CGROUP");
	small = open(argv[1], O_WRONLY);
	all = open("/sys/fs/cgroup/cgroup.procs", O_WRONLY);
	fill(fd, 3); /* touch all pages of the program before joining the cgroup */
	got.count = 0;
	join(small);
	fill(fd, 1 << 20);
	churn(fd);
	join(all);
	note("%d values of 1024 bytes, then %s", got.count, strerror(-got.first));
	ok(got.first == -ENOMEM, "a put beyond the memory cgroup's limit is ENOMEM");
	ok(got.second == -ENOMEM && got.full.entries == (unsigned int)got.count &&
		   !memcmp(&got.full, &got.after, sizeof(got.full)),
	   "a put that is ENOMEM changes nothing");
	ok(!got.delete &&!got.delete_all && !info(fd).entries, "deleting needs no memory");
	ok(got.rewritten == REWRITES, "replaced values do not fill the cgroup");
	ok(got.refused == REFUSALS, "refused puts do not fill the cgroup");
	ok(got.unwritten == REFUSALS, "refused transactions do not fill the cgroup");
	ok(got.listed == LISTINGS, "listings do not fill the cgroup");
	return done();
}
