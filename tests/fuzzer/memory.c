// SPDX-License-Identifier: GPL-2.0-or-later
/* The memory of a request: accessible, partly accessible or inaccessible */
#include <sys/mman.h>

#include "fuzz.h"

#define PAGE 4096
#define ROOM (2 * KV_MSG_MAX + 8 * PAGE)

static void *map(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
	void *mapped = mmap(at, size, protection, flags, fd, offset);

	if (mapped == MAP_FAILED)
		err(125, "mmap");
	return mapped;
}

void memory_make(struct memory *memory)
{
	unsigned char *all =
		map(NULL, ROOM + 5 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	memory->start = all + PAGE;
	memory->end = memory->start + ROOM;
	memory->readonly = memory->end + 2 * PAGE;
	if (fd < 0 || ftruncate(fd, 2 * PAGE) ||
	    mprotect(memory->start, ROOM, PROT_READ | PROT_WRITE))
		err(125, "memory");
	map(memory->end + PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
	map(memory->readonly, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, PAGE);
	memory->alias = map(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
}

int memory_wanted(const struct request *request)
{
	int room = request->optlen > KV_MSG_MAX ? KV_MSG_MAX : request->optlen;

	return room > request->len ? room : request->len;
}

static void put_plain(const struct memory *memory, struct rng *rng, const struct request *request,
		      struct spot *spot)
{
	int behind = request->optlen > 0 ? request->optlen : 0;

	spot->here = memory_wanted(request);
	spot->whole = true;
	if (percent(rng, 70) || behind < spot->here || behind > KV_MSG_MAX) {
		spot->buf = memory->start + PAGE + (percent(rng, 50) ? below(rng, 8) : 0);
		spot->guarded = MARGIN;
	} else {
		spot->buf = memory->end - behind;
		spot->guarded = 0;
	}
	memset(spot->buf - MARGIN, GUARD, MARGIN);
	memcpy(spot->buf, request->data, spot->here);
	memset(spot->buf + spot->here, GUARD, spot->guarded);
}

/* Memory of which the call may use a part that is inaccessible or read-only. */
static void put_short(const struct memory *memory, struct rng *rng, const struct request *request,
		      struct spot *spot)
{
	int wanted = memory_wanted(request), len = below(rng, wanted + 1);

	if (percent(rng, 50)) {
		spot->buf = memory->end - len;
		memcpy(spot->buf, request->data, len);
		return;
	}
	len = percent(rng, 50) ? 0 : len % PAGE;
	spot->buf = memory->readonly - len;
	memcpy(memory->alias + PAGE - len, request->data, wanted < PAGE ? wanted : PAGE);
}

static void put_nowhere(const struct memory *memory, struct rng *rng, struct spot *spot)
{
	unsigned char *const nowhere[] = {
		NULL,
		(void *)8,
		memory->end,
		(void *)0xffff888000000000,
		(void *)0xffffffff81000000,
		(void *)0x8000000000000000,
		(void *)0x00007ffffffff000,
		(void *)-1,
		(void *)-4096,
	};

	spot->buf = nowhere[below(rng, sizeof(nowhere) / sizeof(*nowhere))];
}

static void choose_optlen(const struct memory *memory, struct rng *rng,
			  const struct request *request, struct spot *spot)
{
	static int *const bad[] = { NULL, (void *)1, (void *)0xffff888000000000, (void *)-1 };
	unsigned int way = below(rng, 5);

	spot->whole = way > 2;
	if (way == 0) {
		spot->optlen = bad[below(rng, sizeof(bad) / sizeof(*bad))];
	} else if (way == 1) { /* read-only */
		spot->optlen = (int *)(memory->readonly + PAGE - 8);
		memcpy(memory->alias + 2 * PAGE - 8, &request->optlen, sizeof(int));
	} else if (way == 2) { /* half of it is accessible */
		spot->optlen = (int *)(memory->end - 2);
	} else { /* unaligned */
		spot->optlen = (int *)(memory->start + 1 + below(rng, 3));
		memcpy(spot->optlen, &request->optlen, sizeof(int));
	}
}

void memory_put(const struct memory *memory, struct rng *rng, const struct request *request,
		bool plain, struct spot *spot)
{
	unsigned int way = plain ? 0 : below(rng, 10);

	*spot = (struct spot){ .optlen = (int *)memory->start };
	if (way < 3 || !request->len)
		put_plain(memory, rng, request, spot);
	else if (way < 7)
		put_short(memory, rng, request, spot);
	else
		put_nowhere(memory, rng, spot);
	*spot->optlen = request->optlen;
	if (way > 0 && way < 3)
		choose_optlen(memory, rng, request, spot);
}
