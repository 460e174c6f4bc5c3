// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A userfaultfd on the second of two pages stops a call in the middle. Meanwhile the
 * content of the first page is changed, or the module is to be unloaded.
 *
 * guest:
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "tap.h"
#include "wire.h"

#define KEY "changing"
#define VALUE "value"

static int fd, faults;
static size_t page_size;

/* A call by another thread; the first @head bytes of its buffer are in the present page */
struct call {
	int word, head, len, result;
	unsigned char *buf;
	pthread_t thread;
};

static void *run(void *arg)
{
	struct call *call = arg;

	if (call->word < KV_SO_INFO)
		call->result = wire_set(fd, call->word, call->buf, call->len);
	else
		call->result = wire_get(fd, call->word, call->buf, &call->len);
	return NULL;
}

/* Start the call; return when it waits for the second page. */
static void start(struct call *call, const void *head)
{
	struct uffd_msg message;
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	unsigned char *pages = mmap(NULL, 2 * page_size, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	range.range.start = (uintptr_t)pages + page_size;
	range.range.len = page_size;
	if (pages == MAP_FAILED || ioctl(faults, UFFDIO_REGISTER, &range))
		err(125, "userfaultfd");
	call->buf = pages + page_size - call->head;
	memcpy(call->buf, head, call->head);
	pthread_create(&call->thread, NULL, run, call);
	if (read(faults, &message, sizeof(message)) != sizeof(message) ||
	    message.event != UFFD_EVENT_PAGEFAULT)
		err(125, "no fault");
}

/* Provide the second page with the rest of the request: the result of the call. */
static int finish(struct call *call, const void *rest, size_t len)
{
	_Alignas(4096) static unsigned char page[4096];
	struct uffdio_copy copy = {
		.src = (uintptr_t)page,
		.dst = (uintptr_t)call->buf + call->head,
		.len = page_size,
	};

	memset(page, 0, sizeof(page));
	memcpy(page, rest, len);
	if (ioctl(faults, UFFDIO_COPY, &copy))
		err(125, "UFFDIO_COPY");
	pthread_join(call->thread, NULL);
	return call->result;
}

static void put_is_read_once(void)
{
	struct call call = { .word = KV_SO_PUT, .head = sizeof(struct kv_record) };
	unsigned char buf[RECORD_MAX];

	call.len = record_make(buf, 0, KEY, strlen(KEY), VALUE, strlen(VALUE), 0);
	start(&call, buf);
	memset(call.buf, 0xff, call.head);
	ok(!finish(&call, buf + call.head, call.len - call.head) && has(fd, KEY, VALUE, 0) &&
		   info(fd).entries == 1,
	   "PUT does not read the header again, which changes while it reads the key");

	call.head += strlen(KEY);
	call.len = record_make(buf, 0, KEY, strlen(KEY), "other", 5, 0);
	start(&call, buf);
	memset(call.buf, 0xff, call.head);
	ok(!finish(&call, buf + call.head, call.len - call.head) && has(fd, KEY, "other", 0) &&
		   info(fd).entries == 1,
	   "PUT does not read the key again, which changes while it reads the value");
}

static void get_is_read_once(void)
{
	struct call call = { .word = KV_SO_GET, .head = sizeof(struct kv_record), .len = 64 };
	size_t head = sizeof(struct kv_record) + strlen(KEY);
	unsigned char buf[RECORD_MAX];

	put(fd, KEY, VALUE, 0, 0);
	record_make(buf, 0, KEY, strlen(KEY), "", 0, 0);
	start(&call, buf);
	memset(call.buf, 0xff, call.head);
	ok(!finish(&call, KEY, strlen(KEY)) && call.len == (int)(head + strlen(VALUE)) &&
		   !memcmp(call.buf + sizeof(struct kv_record), KEY VALUE, strlen(KEY VALUE)) &&
		   ((struct kv_record *)call.buf)->key_len == strlen(KEY),
	   "GET does not read the header again, which changes while it reads the key");
}

static void module_stays(void)
{
	struct call call = { .word = KV_SO_PUT, .head = sizeof(struct kv_record) };
	unsigned char buf[RECORD_MAX];
	int refused;

	call.len = record_make(buf, 0, KEY, strlen(KEY), VALUE, strlen(VALUE), 0);
	start(&call, buf);
	refused = syscall(SYS_delete_module, "kvstore", O_NONBLOCK) ? errno : 0;
	ok(refused == EWOULDBLOCK && !finish(&call, buf + call.head, call.len - call.head) &&
		   has(fd, KEY, VALUE, 0),
	   "the module cannot be unloaded during a call");
	ok(!syscall(SYS_delete_module, "kvstore", O_NONBLOCK) &&
		   put(fd, KEY, VALUE, 0, 0) == -ENOPROTOOPT,
	   "the module can be unloaded with sockets open if no call runs");
}

int main(void)
{
	struct uffdio_api api = { .api = UFFD_API };

	page_size = sysconf(_SC_PAGESIZE);
	fd = wire_socket();
	faults = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (faults < 0 || ioctl(faults, UFFDIO_API, &api))
		err(125, "userfaultfd");
	put_is_read_once();
	get_is_read_once();
	module_stays();
	return done();
}
