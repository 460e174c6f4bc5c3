// SPDX-License-Identifier: MIT
/* Cached keys: copies that hold as long as the kernel shows the revision that it showed before */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

/* None that a store ever has: the copy does not hold. */
#define NO_REVISION UINT64_MAX

/**
 * union kv_shown - what the page begins with
 * @rev: the store's revision
 * @halves: of it
 */
union kv_shown {
	uint64_t rev;
	uint32_t halves[2];
};

/**
 * struct kv_cached - a key and a copy of its value
 * @page: the handle's
 * @rev: revision that the page showed before the copy was fetched, or NO_REVISION
 * @result: of the fetch: 0 or a negative errno
 * @item: points to @key and @value; all zero unless @result is 0
 * @kv: handle
 * @next: another of the handle's cached keys
 * @key: the key and a NUL byte
 * @value: the value and a NUL byte
 */
struct kv_cached {
	const union kv_shown *page;
	uint64_t rev;
	int result;
	struct kv_item item;
	struct kv *kv;
	struct kv_cached *next;
	char key[KV_KEY_MAX + 1];
	char value[KV_VALUE_MAX + 1];
};

static size_t page_bytes(void)
{
	return sysconf(_SC_PAGESIZE);
}

/* Map a watch, which then lasts without its descriptor: 0 or a negative errno. */
static int map_page(struct kv *kv)
{
	int fd = kv_watch(kv, NULL, 0);
	int err = 0;
	void *page;

	if (fd < 0)
		return fd;
	page = mmap(NULL, page_bytes(), PROT_READ, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		err = -errno;
	else
		kv->page = page;
	close(fd);
	return err;
}

/*
 * A number that stands for the revision. A 32-bit process loads it in halves, which may be of two
 * revisions while the upper one changes: together they are like none for 2^32 changes to come, and
 * cost a fetch.
 */
static uint64_t shown(const union kv_shown *page)
{
	if (sizeof(void *) >= sizeof(page->rev))
		return __atomic_load_n(&page->rev, __ATOMIC_ACQUIRE);
	return (uint64_t)__atomic_load_n(&page->halves[0], __ATOMIC_ACQUIRE) << 32 |
	       __atomic_load_n(&page->halves[1], __ATOMIC_ACQUIRE);
}

/* It is wiped, since it may be private. */
static void drop_copy(struct kv_cached *cached)
{
	explicit_bzero(cached->value, cached->item.value_len);
	cached->item = (struct kv_item){ 0 };
	cached->rev = NO_REVISION;
}

static int give(const struct kv_cached *cached, const struct kv_item **item)
{
	*item = cached->result ? NULL : &cached->item;
	return cached->result;
}

/*
 * Copy the value that is there now; @rev is what was shown before. Never inlined: a read that
 * holds would save registers for it.
 */
static __attribute__((noinline)) int fetch(struct kv_cached *cached, uint64_t rev,
					   const struct kv_item **item)
{
	ssize_t len;

	drop_copy(cached);
	len = kv_get(cached->kv, cached->key, cached->value, sizeof(cached->value), &cached->item);
	cached->result = len < 0 ? len : 0;
	/* What a module makes has no revision and changes without one; so do the caller's rights. */
	if (len == -ENOENT || cached->item.rev)
		cached->rev = rev;
	/* What is loaded next, a revision too, is not from before the value was there. */
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return give(cached, item);
}

int kv_cache_get(struct kv_cached *cached, const struct kv_item **item)
{
	uint64_t rev = shown(cached->page);

	return rev == cached->rev ? give(cached, item) : fetch(cached, rev, item);
}

int kv_cache_add(struct kv *kv, const char *key, struct kv_cached **cached)
{
	size_t len = strlen(key);
	struct kv_cached *new;
	int err;

	*cached = NULL;
	if (len > KV_KEY_MAX)
		return -ENAMETOOLONG;
	new = calloc(1, sizeof(*new));
	if (!new)
		return -ENOMEM;
	err = kv->page ? 0 : map_page(kv);
	if (err) {
		free(new);
		return err;
	}
	new->page = kv->page;
	new->rev = NO_REVISION;
	new->kv = kv;
	memcpy(new->key, key, len);
	new->next = kv->cached;
	kv->cached = new;
	*cached = new;
	return 0;
}

void kv_cache_remove(struct kv_cached *cached)
{
	struct kv_cached **at;
	struct kv *kv;

	if (!cached)
		return;
	kv = cached->kv;
	for (at = &kv->cached; *at != cached; at = &(*at)->next)
		;
	*at = cached->next;
	drop_copy(cached);
	free(cached);
	if (kv->cached)
		return;
	munmap((void *)kv->page, page_bytes());
	kv->page = NULL;
}
