// SPDX-License-Identifier: MIT
/* Cached keys: copies that are valid as long as the revision in the mapped page stays the same */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

/* Invalid revision: not cached */
#define NO_REVISION UINT64_MAX

/**
 * union kv_page_revision - the start of the page that the kernel maps
 * @rev: the store's revision
 * @halves: its two halves
 */
union kv_page_revision {
	uint64_t rev;
	uint32_t halves[2];
};

/**
 * struct kv_cached - a key and a copy of its value
 * @page: the handle's page
 * @rev: revision in the page before the copy was fetched, or NO_REVISION
 * @result: result of kv_get(): 0 or a negative errno
 * @item: points to @key and @value; all zero unless @result is 0
 * @kv: handle
 * @next: next cached key of the handle
 * @key: the key and a NUL byte
 * @value: the value and a NUL byte
 */
struct kv_cached {
	const union kv_page_revision *page;
	uint64_t rev;
	int result;
	struct kv_item item;
	struct kv *kv;
	struct kv_cached *next;
	char key[KV_KEY_MAX + 1];
	char value[KV_VALUE_MAX + 1];
};

static size_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

/* Map the page of a watch, which lasts without the descriptor: 0 or a negative errno. */
static int map_page(struct kv *kv)
{
	int fd = kv_watch(kv, NULL, 0);
	int err = 0;
	void *page;

	if (fd < 0)
		return fd;
	page = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		err = -errno;
	else
		kv->page = page;
	close(fd);
	return err;
}

/*
 * A number that identifies the revision in the page. A 32-bit process loads two halves, which
 * belong to different revisions if the upper half changes meanwhile. The resulting number is that
 * of no revision for the next 2^32 changes, and only causes a fetch.
 */
static uint64_t load_revision(const union kv_page_revision *page)
{
	if (sizeof(void *) >= sizeof(page->rev))
		return __atomic_load_n(&page->rev, __ATOMIC_ACQUIRE);
	return (uint64_t)__atomic_load_n(&page->halves[0], __ATOMIC_ACQUIRE) << 32 |
	       __atomic_load_n(&page->halves[1], __ATOMIC_ACQUIRE);
}

/* Wipe the copy, which may be private. */
static void wipe_copy(struct kv_cached *cached)
{
	explicit_bzero(cached->value, cached->item.value_len);
	cached->item = (struct kv_item){ 0 };
	cached->rev = NO_REVISION;
}

static int return_copy(const struct kv_cached *cached, const struct kv_item **item)
{
	*item = cached->result ? NULL : &cached->item;
	return cached->result;
}

/*
 * Fetch a new copy; @rev was loaded before. Not inlined, so that a cached read does not have to
 * save registers.
 */
static __attribute__((noinline)) int fetch_copy(struct kv_cached *cached, uint64_t rev,
						const struct kv_item **item)
{
	ssize_t len;

	wipe_copy(cached);
	len = kv_get(cached->kv, cached->key, cached->value, sizeof(cached->value), &cached->item);
	cached->result = len < 0 ? len : 0;
	/* Computed values have no revision. They and the caller's rights change without one. */
	if (len == -ENOENT || cached->item.rev)
		cached->rev = rev;
	/* Later loads, of a revision too, must not see a state older than this value. */
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return return_copy(cached, item);
}

int kv_cache_get(struct kv_cached *cached, const struct kv_item **item)
{
	uint64_t rev = load_revision(cached->page);

	return rev == cached->rev ? return_copy(cached, item) : fetch_copy(cached, rev, item);
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
	wipe_copy(cached);
	free(cached);
	if (kv->cached)
		return;
	munmap((void *)kv->page, page_size());
	kv->page = NULL;
}
