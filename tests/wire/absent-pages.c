// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * GET into a buffer that must be faulted in. The request ends in the first of two pages;
 * the reply fills the rest of that page and continues in the second. Neither page is present
 * when GET is called; the content of the first page is in a file.
 *
 * guest:
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>

#include "tap.h"
#include "wire.h"

static int fd;
static size_t page_size;

static unsigned char request[RECORD_MAX], reply[RECORD_MAX];
static int request_len, reply_len;

/*
 * Map the two pages. @len bytes of the request (at most @before) begin @before bytes before
 * the end of the first page.
 */
static unsigned char *map_pages(int flags, int second, int before, int len)
{
	int file = memfd_create("pages", 0);
	unsigned char *pages;

	if (file < 0 || ftruncate(file, 2 * page_size) ||
	    pwrite(file, request, len, page_size - before) != len)
		err(125, "memfd");
	pages = mmap(NULL, 2 * page_size, PROT_READ | PROT_WRITE, flags, file, 0);
	if (pages == MAP_FAILED || mprotect(pages + page_size, page_size, second))
		err(125, "mmap");
	close(file);
	return pages;
}

/* True if GET returns the reply, or EFAULT when the reply reaches a read-only page. */
static bool get_is_right(int flags, int second, int before)
{
	unsigned char *pages = map_pages(flags, second, before, request_len);
	unsigned char *at = pages + page_size - before;
	int len = before + page_size, wanted = 0, error;
	bool right;

	if (before < reply_len && !(second & PROT_WRITE))
		wanted = -EFAULT;
	error = wire_get(fd, KV_SO_GET, at, &len);
	right = error == wanted && (error || (len == reply_len && !memcmp(at, reply, len)));
	if (!right)
		note("value of %d bytes, page boundary at byte %d: %s, %d bytes",
		     reply_len - request_len, before, strerror(-error), len);
	munmap(pages, 2 * page_size);
	return right;
}

/* Repeat it with the page boundary at each offset within the reply. */
static bool all_offsets_are_right(int flags, int second)
{
	bool right = true;

	for (int before = request_len; before <= reply_len; before++)
		right &= get_is_right(flags, second, before);
	return right;
}

/* Put a key; keep the GET request for it and the expected reply. */
static void prepare(const char *key, int value_len)
{
	unsigned char value[KV_VALUE_MAX];
	int len = RECORD_MAX;

	for (int i = 0; i < value_len; i++)
		value[i] = i % 251;
	request_len = record_make(request, 0, key, strlen(key), value, value_len, 0);
	if (wire_set(fd, KV_SO_PUT, request, request_len))
		errx(125, "cannot put");
	request_len = record_make(request, 0, key, strlen(key), "", 0, 0);
	memcpy(reply, request, request_len);
	if (wire_get(fd, KV_SO_GET, reply, &len))
		errx(125, "cannot get");
	reply_len = len;
}

/* The key that another thread puts, changes and deletes */
#define CHANGING "absent/changing"
#define ROUNDS 3000

static atomic_bool stop;

static void *change(void *arg)
{
	unsigned char record[RECORD_MAX];
	int sock = wire_socket();

	for (unsigned int i = 0; !stop; i++) {
		if (i % 4 == 3)
			del(sock, CHANGING, 0, 0);
		else
			wire_set(sock, KV_SO_PUT, record,
				 record_make(record, i % 4 == 2 ? KV_F_PRIVATE : 0, CHANGING,
					     strlen(CHANGING), NULL, i % 4 ? KV_VALUE_MAX : 1, 0));
	}
	close(sock);
	return arg;
}

/* True if the bytes from @from to @to of the buffer are unchanged. */
static bool is_unchanged(const unsigned char *at, int from, int to)
{
	for (int i = from; i < to; i++)
		if (at[i] != (i < request_len ? request[i] : 'c'))
			return false;
	return true;
}

/* True if the reply has one whole value, short or long, and the bytes after it are unchanged. */
static bool is_whole(const unsigned char *at, int len, int before)
{
	const struct kv_record *record = (const void *)at;
	int value_len = len - request_len;

	if ((value_len != 1 && value_len != KV_VALUE_MAX) || record->value_len != value_len)
		return false;
	for (int i = request_len; i < len; i++)
		if (at[i] != 'v')
			return false;
	return is_unchanged(at, len, before);
}

/* GET of a key that is deleted, shortened and made private while the page is faulted in. */
static void get_of_a_changing_key(void)
{
	int before, len, error, answers = 0, errors = 0;
	bool right = true;
	unsigned char *pages, *at;
	pthread_t thread;

	request_len = record_make(request, 0, CHANGING, strlen(CHANGING), "", 0, 0);
	before = request_len + 105; /* a multiple of 8: a record stands there */
	memset(request + request_len, 'c', before - request_len);
	pthread_create(&thread, NULL, change, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		pages = map_pages(MAP_SHARED, PROT_READ | PROT_WRITE, before, before);
		at = pages + page_size - before;
		len = before + (i % 2 ? page_size : 8);
		error = wire_get(fd, KV_SO_GET, at, &len);
		if (error)
			right &= is_unchanged(at, 0, before) && error != -EFAULT;
		else
			right &= is_whole(at, len, before);
		answers += !error;
		errors += !!error;
		munmap(pages, 2 * page_size);
	}
	stop = true;
	pthread_join(thread, NULL);
	note("%d answers, %d errors", answers, errors);
	ok(right && answers && errors,
	   "a GET that fails writes nothing, and no GET writes beyond its reply");
}

int main(void)
{
	static const int lengths[] = { 0, 1, 7, 8, 31, 64, 65, 127, 200, 1024 };
	bool shared = true, copied = true, refused = true;
	char key[] = "absent/0";

	fd = wire_socket();
	page_size = sysconf(_SC_PAGESIZE);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++, key[7]++) {
		prepare(key, lengths[i]);
		shared &= all_offsets_are_right(MAP_SHARED, PROT_READ | PROT_WRITE);
		copied &= all_offsets_are_right(MAP_PRIVATE, PROT_READ | PROT_WRITE);
		refused &= all_offsets_are_right(MAP_PRIVATE, PROT_READ);
	}
	ok(shared, "GET writes its reply to pages that are not present when it is called");
	ok(copied, "GET writes its reply to copy-on-write pages");
	ok(refused, "GET into a read-only page is EFAULT");
	get_of_a_changing_key();
	return done();
}
