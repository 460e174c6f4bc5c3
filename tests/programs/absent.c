// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * GET with memory that has to be faulted in while it is answered: the request ends
 * in one page, as much of the reply as fits is in it too, and the rest in the next.
 * No page is mapped when the call comes; the first one's content is in a file.
 */
#include <stdbool.h>
#include <sys/mman.h>

#include "tap.h"
#include "wire.h"

static int fd;
static size_t page_size;

static unsigned char request[RECORD_MAX], reply[RECORD_MAX];
static int request_len, reply_len;

/* The pages, with the request so many bytes before the end of the first one. */
static unsigned char *map_pages(int flags, int second, int before)
{
	int file = memfd_create("pages", 0);
	unsigned char *pages;

	if (file < 0 || ftruncate(file, 2 * page_size) ||
	    pwrite(file, request, request_len, page_size - before) != request_len)
		err(125, "memfd");
	pages = mmap(NULL, 2 * page_size, PROT_READ | PROT_WRITE, flags, file, 0);
	if (pages == MAP_FAILED || mprotect(pages + page_size, page_size, second))
		err(125, "mmap");
	close(file);
	return pages;
}

/* Whether the call answers, or is EFAULT where the reply reaches a page that cannot be written. */
static bool is_right(int flags, int second, int before)
{
	unsigned char *pages = map_pages(flags, second, before), *at = pages + page_size - before;
	int len = before + page_size, wanted = 0, error;
	bool right;

	if (before < reply_len && !(second & PROT_WRITE))
		wanted = -EFAULT;
	error = wire_get(fd, KV_SO_GET, at, &len);
	right = error == wanted && (error || (len == reply_len && !memcmp(at, reply, len)));
	if (!right)
		note("value of %d bytes, %d of the first page: %s, %d bytes",
		     reply_len - request_len, before, strerror(-error), len);
	munmap(pages, 2 * page_size);
	return right;
}

/* The same for each place that the end of the page may have in the reply. */
static bool all_right(int flags, int second)
{
	bool right = true;

	for (int before = request_len; before <= reply_len; before++)
		right &= is_right(flags, second, before);
	return right;
}

/* Put a key, and keep what it is asked for by, and what is answered. */
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

int main(void)
{
	static const int lengths[] = { 0, 1, 7, 8, 31, 64, 65, 127, 200, 1024 };
	bool shared = true, copied = true, refused = true;
	char key[] = "absent/0";

	fd = wire_socket();
	page_size = sysconf(_SC_PAGESIZE);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++, key[7]++) {
		prepare(key, lengths[i]);
		shared &= all_right(MAP_SHARED, PROT_READ | PROT_WRITE);
		copied &= all_right(MAP_PRIVATE, PROT_READ | PROT_WRITE);
		refused &= all_right(MAP_PRIVATE, PROT_READ);
	}
	ok(shared, "GET answers into pages that are not there when it is called");
	ok(copied, "and into pages that have to be copied first");
	ok(refused, "GET into a page that cannot be written is EFAULT");
	return done();
}
