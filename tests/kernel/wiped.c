// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Private values are wiped when they are freed: all of the memory of the machine, as /proc/kcore shows it, is
 * searched for one. Nothing here holds it in plain but the request, while a call is made.
 *
 * The guest has little memory, since all of it is searched several times.
 * guest: KV_MODULE_PARAMS=log_entries=64 --memory 256 --here '/proc/kcore is read as it is here'
 */
#include <elf.h>
#include <fcntl.h>
#include <sys/random.h>

#include "tap.h"
#include "wire.h"

#define VALUE_LEN 96
/* Memory that is freed has a pointer written into its middle: what is left of a value counts too. */
#define PIECE 24
#define CHUNK (1 << 20)
#define KEPT 64 /* changes that the log keeps, at most: log_entries= */

static unsigned char masked[VALUE_LEN];
static const volatile unsigned char mask = 0xa5;

/* By single bytes, so that no register of the processor, which is saved somewhere, has a long part of it. */
static void unmask(unsigned char *value)
{
	for (int i = 0; i < VALUE_LEN; i++)
		((volatile unsigned char *)value)[i] = masked[i] ^ mask;
}

static bool is_piece(const unsigned char *bytes, const unsigned char *piece)
{
	for (int i = 0; i < PIECE; i++)
		if (bytes[i] != (piece[i] ^ mask))
			return false;
	return true;
}

static size_t count_in(const unsigned char *bytes, size_t len)
{
	const unsigned char *end = bytes + len - PIECE + 1;
	size_t count = 0;

	for (const unsigned char *piece = masked; piece < masked + VALUE_LEN; piece += PIECE) {
		const unsigned char *at = bytes;

		while (at < end && (at = memchr(at, *piece ^ mask, end - at)))
			count += is_piece(at++, piece);
	}
	return count;
}

static size_t count_in_segment(int fd, const Elf64_Phdr *segment)
{
	static unsigned char chunk[CHUNK + PIECE];
	size_t count = 0;
	ssize_t got;

	for (uint64_t at = 0; at < segment->p_memsz; at += CHUNK) {
		size_t len = segment->p_memsz - at;

		got = pread(fd, chunk, len < sizeof(chunk) ? len : sizeof(chunk),
			    segment->p_offset + at);
		if (got >= PIECE)
			count += count_in(chunk, got);
	}
	explicit_bzero(chunk, sizeof(chunk));
	return count;
}

/* How many pieces of the value memory has. What the kernel maps elsewhere too is in larger segments, which are left out. */
static size_t search(void)
{
	static unsigned char head[65536];
	const Elf64_Ehdr *elf = (const void *)head;
	const Elf64_Phdr *segments = (const void *)(head + sizeof(*elf));
	int fd = open("/proc/kcore", O_RDONLY);
	uint64_t memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
	uint64_t searched = 0;
	size_t count = 0;

	if (fd < 0 || pread(fd, head, sizeof(head), 0) < (ssize_t)sizeof(*elf))
		err(125, "/proc/kcore");
	for (int i = 0; i < elf->e_phnum; i++) {
		if (segments[i].p_type != PT_LOAD || segments[i].p_memsz > 2 * memory)
			continue;
		count += count_in_segment(fd, &segments[i]);
		searched += segments[i].p_memsz;
	}
	close(fd);
	if (searched < memory)
		errx(125, "/proc/kcore has %llu bytes of %llu", (unsigned long long)searched,
		     (unsigned long long)memory);
	return count;
}

static unsigned char request[KV_MSG_MAX];

static struct kv_record *put_record(void *at, unsigned int flags)
{
	struct kv_record *record = at;

	record_make(record, flags, "secret", 6, "", 0, 0);
	record->value_len = VALUE_LEN;
	unmask(record->data + record->key_len);
	return record;
}

/* Put it and have it answered in each way that there is. */
static bool put_and_read(void)
{
	struct kv_txn *txn = (void *)request;
	uint64_t cursor[2] = { 0, 0 };
	int fd = wire_socket(), watch = watch_from(fd, "", info(fd).rev), len = sizeof(request);
	struct kv_record *record = put_record(request, KV_F_PRIVATE);
	bool passed = !wire_set(fd, KV_SO_PUT, request, sizeof(*record) + 6 + VALUE_LEN);

	passed &= !get(fd, "secret", request);
	passed &= list_page(fd, "", cursor, request, sizeof(request)) > VALUE_LEN;
	passed &= read(watch, request, sizeof(request)) > VALUE_LEN;
	memset(request, 0, sizeof(request));
	*txn = (struct kv_txn){ .count = 2 };
	record = put_record(txn->data, KV_F_PRIVATE);
	record->op = KV_OP_PUT;
	record = (void *)(txn->data + padded(record));
	record_make(record, 0, "secret", 6, "", 0, 0);
	record->op = KV_OP_GET;
	passed &= !wire_get(fd, KV_SO_TXN, request, &len) && !txn->error && len > VALUE_LEN;
	/* Refused */
	record = put_record(request, KV_F_PRIVATE | KV_F_CREATE);
	passed &= wire_set(fd, KV_SO_PUT, request, sizeof(*record) + 6 + VALUE_LEN) == -EEXIST;
	explicit_bzero(request, sizeof(request));
	return passed;
}

/* Until the log has none of what was before, and RCU has let go. */
static size_t search_after_changes(int fd)
{
	size_t count = 1;

	for (int i = 0; i < KEPT; i++)
		put(fd, "other", i % 2 ? "1" : "2", 0, 0);
	for (int i = 0; count && i < 10; i++) {
		usleep(100000);
		count = search();
	}
	return count;
}

int main(void)
{
	int fd = wire_socket();
	size_t count;

	if (access("/proc/kcore", R_OK)) {
		puts("1..0 # SKIP the kernel does not show its memory");
		return 0;
	}
	if (getrandom(masked, sizeof(masked), 0) != sizeof(masked))
		err(125, "getrandom");
	ok(!search(), "a value that was never used is nowhere");
	ok(apart(put_and_read), "a private value is put, read, listed, watched, and refused");
	count = search();
	ok(count, "and is found in memory (%zu pieces)", count);
	ok(!put(fd, "secret", "another", 0, 0), "it is replaced");
	count = search_after_changes(fd);
	ok(!count, "when the log has forgotten it, it is nowhere (%zu pieces)", count);
	ok(apart(put_and_read) && !del(fd, "secret", 0, 0), "it is put again, and deleted");
	count = search_after_changes(fd);
	ok(!count, "and is nowhere (%zu pieces)", count);
	return done();
}
