// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A page of a listing, and the counters of INFO, show the store at one revision. A writer
 * repeatedly puts KEYS keys, one a commit, and deletes all of them in one commit. So the
 * revision gives the number of keys.
 *
 * guest:
 */
#include <pthread.h>
#include <stdatomic.h>

#include "tap.h"
#include "wire.h"

#define KEYS 40
#define ROUNDS 3000

static atomic_bool stop;
static uint64_t start;

static void *write_keys(void *arg)
{
	int sock = wire_socket();
	char key[16];

	(void)arg;
	while (!stop) {
		for (int i = 0; i < KEYS; i++) {
			snprintf(key, sizeof(key), "whole.%d", i);
			put(sock, key, "x", 0, 0);
		}
		del(sock, "whole.", KV_F_PREFIX, 0);
	}
	close(sock);
	return NULL;
}

static unsigned int keys_at(uint64_t rev)
{
	return (rev - start) % (KEYS + 1);
}

/* True if the page has the keys of its revision, and none that is newer. */
static bool is_whole(const struct kv_list *page)
{
	const unsigned char *at = page->data;

	for (unsigned int i = 0; i < page->count; i++) {
		const struct kv_record *record = (const void *)at;

		if (record->rev > page->rev)
			return false;
		at += padded(record);
	}
	return page->count == keys_at(page->rev);
}

int main(void)
{
	_Alignas(8) static unsigned char buf[KV_MSG_MAX];
	int fd = wire_socket(), pages = 0, infos = 0;
	pthread_t writer;

	start = info(fd).rev;
	pthread_create(&writer, NULL, write_keys, NULL);
	for (int i = 0; i < ROUNDS || info(fd).rev < start + 10 * KEYS; i++) {
		uint64_t cursor[2] = { 0, 0 };
		struct kv_info state = info(fd);

		infos += state.entries != keys_at(state.rev);
		if (list_page(fd, "", cursor, buf, sizeof(buf)) < 0)
			pages++;
		pages += !is_whole((void *)buf);
	}
	stop = true;
	pthread_join(writer, NULL);
	ok(!pages, "a page of a listing shows the store at the page's revision");
	ok(!infos, "INFO's counters are those of its revision");
	return done();
}
