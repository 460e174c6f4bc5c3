// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Private values are wiped when they are freed: /proc/kcore, which shows all memory of the machine,
 * is searched for one. This program holds the value unmasked only in the request, during a call.
 *
 * The guest has little memory because all of it is searched several times.
 * guest: KV_MODULE_PARAMS=log_entries=64 --memory 256 --here '/proc/kcore is read as 64-bit ELF'
 */
#include <elf.h>
#include <fcntl.h>
#include <sys/random.h>

#include "tap.h"
#include "wire.h"

#define VALUE_LEN 96
/* The allocator writes a pointer into freed memory, so pieces of the value are searched for. */
#define PIECE 24
#define CHUNK (1 << 20)
#define KEPT 64 /* log_entries= of the module */

static unsigned char masked[VALUE_LEN];
static const volatile unsigned char mask = 0xa5;

/* Single bytes: a long part of the value in a register could be saved to memory elsewhere. */
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

/*
 * Count the pieces of the value in memory. Segments larger than the memory are skipped: they
 * map memory that other segments show too.
 */
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

/* Put the value and read it in every way. */
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
	/* A put that is refused */
	record = put_record(request, KV_F_PRIVATE | KV_F_CREATE);
	passed &= wire_set(fd, KV_SO_PUT, request, sizeof(*record) + 6 + VALUE_LEN) == -EEXIST;
	explicit_bzero(request, sizeof(request));
	return passed;
}

/* Search after the log has dropped earlier changes; repeat until RCU has freed the memory. */
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
		puts("1..0 # SKIP /proc/kcore cannot be read");
		return 0;
	}
	if (getrandom(masked, sizeof(masked), 0) != sizeof(masked))
		err(125, "getrandom");
	ok(!search(), "a value that was never used is not in memory");
	ok(apart(put_and_read), "a private value is put, read, listed, watched, and refused");
	count = search();
	ok(count, "the value is in memory (%zu pieces)", count);
	ok(!put(fd, "secret", "another", 0, 0), "the value is replaced");
	count = search_after_changes(fd);
	ok(!count, "after the log has dropped it, the value is not in memory (%zu pieces)", count);
	ok(apart(put_and_read) && !del(fd, "secret", 0, 0), "the value is put again and deleted");
	count = search_after_changes(fd);
	ok(!count, "after a delete, the value is not in memory (%zu pieces)", count);
	return done();
}
