// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A listing misses nothing: pages of every size, and listings while other
 * threads put and delete.
 *
 * guest:
 */
#include <pthread.h>
#include <stdatomic.h>

#include "tap.h"
#include "wire.h"

#define KEYS 400 /* permanent keys: they exist during the whole test */
#define ROUNDS 60

static int fd;

/**
 * struct found - the result of one listing
 * @times: how often each permanent key was found
 * @all: number of records
 * @pages: number of pages
 * @snapshot: all pages had the same revision
 * @zeroed: padding and reserved fields were zero
 * @twice: a permanent key was found more than once
 */
struct found {
	unsigned int times[KEYS];
	unsigned int all, pages;
	bool snapshot, zeroed, twice;
};

static const char *key_of(int i)
{
	static _Thread_local char key[KV_KEY_MAX + 1];

	/* The lengths of the keys differ, to make records of different sizes */
	snprintf(key, sizeof(key), "stay.%d.%.*s", i, i % 100,
		 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	return key;
}

static void add_page(struct found *found, const struct kv_list *page, int len)
{
	const unsigned char *at = page->data;

	for (unsigned int i = 0; i < page->count; i++) {
		const struct kv_record *record = (const void *)at;
		size_t used = sizeof(*record) + record->key_len + record->value_len;
		int number;

		for (size_t pad = used; pad < padded(record); pad++)
			found->zeroed &= !at[pad];
		found->zeroed &= !record->op && !record->reserved;
		if (!memcmp(record->data, "stay.", 5)) {
			number = atoi((const char *)record->data + 5);
			found->twice |= found->times[number]++ > 0;
		}
		found->all++;
		at += padded(record);
	}
	found->zeroed &= at == (const unsigned char *)page + len;
}

/* List all keys with @prefix in pages of @size bytes: 0 or -errno. */
static int list_all(int sock, const char *prefix, int size, struct found *found)
{
	_Alignas(8) static _Thread_local unsigned char buf[KV_MSG_MAX];
	struct kv_list *page = (void *)buf;
	uint64_t cursor[2] = { 0, 0 }, rev = 0;
	int len;

	*found = (struct found){ .snapshot = true, .zeroed = true };
	do {
		len = list_page(sock, prefix, cursor, buf, size);
		if (len < 0)
			return len;
		if (!found->pages++)
			rev = page->rev;
		found->snapshot &= page->rev == rev;
		add_page(found, page, len);
		if (found->all > 100 * KEYS)
			return -ELOOP;
	} while (page->more);
	return 0;
}

static bool each_once(const struct found *found)
{
	for (int i = 0; i < KEYS; i++)
		if (found->times[i] != 1)
			return false;
	return true;
}

static void sizes(void)
{
	size_t largest = 0;
	struct found found;
	bool passed = true;
	int errors = 0;

	for (int i = 0; i < KEYS; i++) {
		struct kv_record record = { .key_len = strlen(key_of(i)), .value_len = 2 };

		passed &= !put(fd, key_of(i), "ab", 0, 0);
		if (padded(&record) > largest)
			largest = padded(&record);
	}
	ok(passed && !list_all(fd, "", KV_MSG_MAX, &found) && found.pages == 1 && each_once(&found),
	   "one page of 65536 bytes holds 400 small keys");
	ok(found.zeroed,
	   "padding and reserved fields are zero, and optlen is the end of the last record");
	passed = true;
	for (size_t size = sizeof(struct kv_list) + largest; size < 1500; size++)
		passed &= !list_all(fd, "", size, &found) && each_once(&found) && found.zeroed &&
			  found.snapshot && found.all == KEYS;
	ok(passed, "with every buffer size from one record up, each key is returned once");
	for (size_t size = sizeof(struct kv_list); size < sizeof(struct kv_list) + largest; size++)
		errors += list_all(fd, "", size, &found) == -ERANGE;
	ok(errors == (int)largest,
	   "a buffer without room for the next record is ERANGE, not an endless loop");
}

static void prefixes(void)
{
	struct found found;

	ok(!list_all(fd, "stay.1", 4096, &found) && found.all == 111,
	   "a listing has only the keys with the prefix");
	ok(!list_all(fd, key_of(42), 4096, &found) && found.all == 1,
	   "a key is a prefix of itself");
	ok(!list_all(fd, "nothing.", 4096, &found) && !found.all && found.pages == 1,
	   "a prefix that no key has gives one empty page");
	ok(!list_all(fd, "st y", 4096, &found) && !found.all,
	   "a prefix with an invalid character gives no keys");
}

static atomic_bool stop;

/* While listings run, put and delete other keys, and put new values of permanent keys. */
static void *write_during_listing(void *arg)
{
	int sock = wire_socket(), turn = 0;
	char key[32];

	while (!stop) {
		for (int i = 0; i < 50; i++) {
			snprintf(key, sizeof(key), "come.%d.%d", *(int *)arg, i);
			if (turn % 2)
				del(sock, key, 0, 0);
			else
				put(sock, key, "passing", 0, 0);
		}
		put(sock, key_of(turn % KEYS), turn % 3 ? "longer than before" : "c", 0, 0);
		turn++;
	}
	close(sock);
	return NULL;
}

static void concurrent(void)
{
	int numbers[2] = { 0, 1 };
	pthread_t threads[2];
	struct found found;
	int bad = 0, torn = 0;

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, write_during_listing, &numbers[i]);
	for (int i = 0; i < ROUNDS; i++) {
		int error = list_all(fd, "", i % 2 ? 1024 : 4096, &found);

		bad += error || !each_once(&found) || found.twice;
		torn += !found.snapshot;
	}
	stop = true;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	ok(!bad, "a listing misses nothing: each permanent key is seen once while others change");
	ok(torn > 0, "pages have different revisions if the store changes between them");
}

#define MANY 40000

/* List a few keys with a prefix among more keys than one call examines. */
static void list_many(void)
{
	static unsigned char seen[MANY];
	_Alignas(8) static unsigned char buf[KV_MSG_MAX];
	struct kv_list *page = (void *)buf;
	int wrong = 0, empty = 0, pages = 0;
	char key[32];

	for (int i = 0; i < MANY; i++) {
		snprintf(key, sizeof(key), "%c.%d", 'a' + i % 12, i);
		wrong += put(fd, key, "", 0, 0) != 0;
	}
	for (int letter = 0; letter <= 12; letter++) {
		uint64_t cursor[2] = { 0, 0 };
		char prefix[3] = { 'a' + letter, '.' };

		do {
			const unsigned char *at = page->data;

			wrong += list_page(fd, prefix, cursor, buf, sizeof(buf)) < 0;
			empty += !page->count && page->more;
			for (unsigned int i = 0; i < page->count; i++) {
				const struct kv_record *record = (const void *)at;

				seen[atoi((const char *)record->data + 2)]++;
				at += padded(record);
			}
		} while (page->more && ++pages < 1000 && !wrong);
	}
	for (int i = 0; i < MANY; i++)
		wrong += seen[i] != 1;
	note("%d pages that were not the last, %d without a record", pages, empty);
	ok(!wrong && pages > 13,
	   "a call examines a bounded number of keys, and none of 40000 keys is "
	   "missed or seen twice");
	for (int letter = 0; letter < 12; letter++)
		del(fd, (char[3]){ 'a' + letter, '.' }, KV_F_PREFIX, 0);
}

/* Between two pages, delete the returned key and create it again. */
static void recreated_key(void)
{
	_Alignas(8) unsigned char buf[256];
	struct kv_list *page = (void *)buf;
	uint64_t cursor[2] = { 0, 0 };
	struct found found = { .zeroed = true };
	unsigned int count = info(fd).entries;

	do {
		const struct kv_record *record = (const void *)page->data;
		char key[KV_KEY_MAX + 1] = "";
		int len = list_page(fd, "stay.", cursor, buf, sizeof(buf));

		if (len < 0)
			break;
		add_page(&found, page, len);
		if (!page->count)
			continue;
		memcpy(key, record->data, record->key_len);
		del(fd, key, 0, 0);
		put(fd, key, "ab", 0, 0);
	} while (page->more && found.all <= 2 * count);
	ok(each_once(&found),
	   "a key that is deleted and created again during a listing is not seen twice");
}

/* List from each bucket before the first write, which allocates the table. */
static void never_written(void)
{
	uint64_t buckets = info(fd).buckets;
	unsigned char buf[4096];
	bool passed = true;

	for (uint64_t i = 0; i < buckets; i++) {
		uint64_t cursor[2] = { i, i % 2 };

		passed &= list_page(fd, "", cursor, buf, sizeof(buf)) == sizeof(struct kv_list) &&
			  !((struct kv_list *)buf)->count && !((struct kv_list *)buf)->more;
	}
	ok(passed && list_page(fd, "", (uint64_t[2]){ buckets, 0 }, buf, sizeof(buf)) == -EINVAL,
	   "a store that was never written lists no keys, from any bucket");
}

int main(void)
{
	fd = wire_socket();
	never_written();
	sizes();
	prefixes();
	concurrent();
	del(fd, "come.", KV_F_PREFIX, 0);
	recreated_key();
	del(fd, "stay.", KV_F_PREFIX, 0);
	list_many();
	return done();
}
