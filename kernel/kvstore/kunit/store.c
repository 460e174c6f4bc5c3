// SPDX-License-Identifier: GPL-2.0-only
/* store.c, commit.c and snapshot.c: keys, counters, listings */
#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "kunit/kunit.h"

static void empty_store(struct kunit *test)
{
	struct kv_store *store = test->priv;
	struct kv_info info;

	KUNIT_EXPECT_TRUE(test, kv_kunit_is_absent(store, "a"));
	KUNIT_EXPECT_EQ(test, kv_kunit_delete(store, "a"), -ENOENT);
	KUNIT_EXPECT_EQ(test, kv_kunit_delete_prefix(store, "a"), -ENOENT);
	KUNIT_EXPECT_EQ(test, kv_store_info(store, &info), 0);
	KUNIT_EXPECT_EQ(test, info.rev, 0);
	/* Nothing has been allocated. */
	KUNIT_EXPECT_PTR_EQ(test, rcu_access_pointer(store->table), &kv_no_table);
	KUNIT_EXPECT_NULL(test, store->log);
}

/* There are more keys than buckets. */
static void keys_share_buckets(struct kunit *test)
{
	struct kv_store *store = test->priv;
	unsigned int i, round;
	char key[8];

	for (round = 0; round < 2; round++)
		for (i = 0; i < KV_KUNIT_ENTRIES; i++) {
			snprintf(key, sizeof(key), "k%u", i);
			KUNIT_ASSERT_EQ(test, kv_kunit_put(store, key, key + round), 0);
		}
	for (i = 0; i < KV_KUNIT_ENTRIES; i++) {
		snprintf(key, sizeof(key), "k%u", i);
		KUNIT_EXPECT_TRUE(test, kv_kunit_holds(store, key, key + 1));
	}
	KUNIT_EXPECT_EQ(test, store->entries, KV_KUNIT_ENTRIES);
	KUNIT_EXPECT_EQ(test, store->rev, 2 * KV_KUNIT_ENTRIES);
	for (i = 0; i < KV_KUNIT_ENTRIES; i += 2) {
		snprintf(key, sizeof(key), "k%u", i);
		KUNIT_EXPECT_EQ(test, kv_kunit_delete(store, key), 0);
	}
	for (i = 0; i < KV_KUNIT_ENTRIES; i++) {
		snprintf(key, sizeof(key), "k%u", i);
		KUNIT_EXPECT_EQ(test, kv_kunit_is_absent(store, key), i % 2 == 0);
	}
}

static void counters(struct kunit *test)
{
	struct kv_store *store = test->priv;
	struct kv_info info;

	kv_kunit_put(store, "a", "1");
	kv_kunit_put(store, "a", "12345");
	kv_kunit_put(store, "bc", "");
	KUNIT_EXPECT_EQ(test, kv_store_info(store, &info), 0);
	KUNIT_EXPECT_EQ(test, info.entries, 2);
	KUNIT_EXPECT_EQ(test, info.bytes, 8);
	KUNIT_EXPECT_EQ(test, info.rev, 3);
	kv_kunit_delete(store, "a");
	KUNIT_EXPECT_EQ(test, kv_store_info(store, &info), 0);
	KUNIT_EXPECT_EQ(test, info.entries, 1);
	KUNIT_EXPECT_EQ(test, info.bytes, 2);
	KUNIT_EXPECT_EQ(test, info.rev, 4);
}

static void max_entries(struct kunit *test)
{
	struct kv_store *store = test->priv;
	unsigned int i;
	char key[8];

	for (i = 0; i < KV_KUNIT_ENTRIES; i++) {
		snprintf(key, sizeof(key), "k%u", i);
		KUNIT_ASSERT_EQ(test, kv_kunit_put(store, key, ""), 0);
	}
	KUNIT_EXPECT_EQ(test, kv_kunit_put(store, "more", ""), -ENOSPC);
	KUNIT_EXPECT_EQ(test, kv_kunit_put(store, "k0", "new"), 0);
	KUNIT_EXPECT_EQ(test, kv_kunit_delete(store, "k1"), 0);
	KUNIT_EXPECT_EQ(test, kv_kunit_put(store, "more", ""), 0);
}

static void max_bytes(struct kunit *test)
{
	static char value[KV_VALUE_MAX];
	struct kv_write write = { .op = KV_OP_PUT, .value = value, .len = sizeof(value) - 1 };
	static const char *const keys[] = { "a", "b", "c", "d" };
	struct kv_store *store = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		write.key = keys[i];
		KUNIT_ASSERT_EQ(test, kv_kunit_commit(store, &write, 1, NULL), 0);
	}
	KUNIT_EXPECT_EQ(test, store->bytes, KV_KUNIT_BYTES);
	KUNIT_EXPECT_EQ(test, kv_kunit_put(store, "e", ""), -EDQUOT);
	write.len++;
	KUNIT_EXPECT_EQ(test, kv_kunit_commit(store, &write, 1, NULL), -EDQUOT);
	write.len--;
	KUNIT_EXPECT_EQ(test, kv_kunit_commit(store, &write, 1, NULL), 0);
	KUNIT_EXPECT_EQ(test, store->bytes, KV_KUNIT_BYTES);
}

static void delete_prefix(struct kunit *test)
{
	struct kv_store *store = test->priv;

	kv_kunit_put(store, "p", "");
	kv_kunit_put(store, "p.", "");
	kv_kunit_put(store, "p.a", "");
	kv_kunit_put(store, "p.b", "");
	kv_kunit_put(store, "q.a", "");
	KUNIT_EXPECT_EQ(test, kv_kunit_delete_prefix(store, "p."), 0);
	KUNIT_EXPECT_EQ(test, store->rev, 6);
	KUNIT_EXPECT_EQ(test, store->entries, 2);
	KUNIT_EXPECT_FALSE(test, kv_kunit_is_absent(store, "p"));
	KUNIT_EXPECT_FALSE(test, kv_kunit_is_absent(store, "q.a"));
	KUNIT_EXPECT_EQ(test, kv_kunit_delete_prefix(store, "p."), -ENOENT);
	KUNIT_EXPECT_EQ(test, store->rev, 6);
}

static void sealed(struct kunit *test)
{
	struct kv_store *store = test->priv;

	kv_kunit_put(store, "a", "1");
	kv_store_seal(store);
	KUNIT_EXPECT_EQ(test, kv_kunit_put(store, "a", "2"), -EROFS);
	KUNIT_EXPECT_EQ(test, kv_kunit_delete(store, "a"), -EROFS);
	KUNIT_EXPECT_EQ(test, kv_kunit_delete_prefix(store, "a"), -EROFS);
	KUNIT_EXPECT_TRUE(test, kv_kunit_holds(store, "a", "1"));
	KUNIT_EXPECT_EQ(test, store->rev, 1);
}

static void in_callback(struct kunit *test)
{
	struct kv_caller outer, inner;

	KUNIT_EXPECT_FALSE(test, kv_in_callback());
	kv_callback_begin(&outer);
	kv_callback_begin(&inner);
	KUNIT_EXPECT_TRUE(test, kv_in_callback());
	kv_callback_end(&outer);
	KUNIT_EXPECT_TRUE(test, kv_in_callback());
	kv_callback_end(&inner);
	KUNIT_EXPECT_FALSE(test, kv_in_callback());
}

/* Listings */

static unsigned int number_of(const struct kv_record *record)
{
	char key[8] = "";
	unsigned int number;

	memcpy(key, record->data, min_t(size_t, record->key_len, sizeof(key) - 1));
	return sscanf(key, "k%u", &number) == 1 ? number : KV_KUNIT_ENTRIES;
}

/* Set the bits of a page's keys in @seen; false if one was set already. */
static bool note_page(const struct kv_listing *listing, unsigned long *seen)
{
	const void *at = listing->page.buf;
	bool once = true;
	unsigned int i;

	for (i = 0; i < listing->page.count; i++) {
		const struct kv_record *record = at;

		if (number_of(record) < KV_KUNIT_ENTRIES)
			once &= !__test_and_set_bit(number_of(record), seen);
		at += ALIGN(sizeof(*record) + record->key_len + record->value_len, 8);
	}
	return once;
}

/*
 * A page has one or two keys. Between two pages an odd key is put, deleted and
 * created again. Each even key must be returned once, and no key twice.
 */
static void list_while_changing(struct kunit *test)
{
	DECLARE_BITMAP(seen, KV_KUNIT_ENTRIES) = { };
	struct kv_store *store = test->priv;
	u64 buf[6];
	struct kv_listing listing = {
		.page = { .buf = buf, .size = sizeof(buf) },
	};
	unsigned int i, pages = 0;
	char key[8];

	kv_prefix_init(&listing.prefix, "k", 1);
	for (i = 0; i < KV_KUNIT_ENTRIES - 2; i++) {
		snprintf(key, sizeof(key), "k%u", i);
		KUNIT_ASSERT_EQ(test, kv_kunit_put(store, key, ""), 0);
	}
	kv_kunit_put(store, "other", "");
	do {
		KUNIT_ASSERT_EQ(test, kv_store_list(store, &listing), 0);
		KUNIT_EXPECT_TRUE(test, note_page(&listing, seen));
		memcpy(listing.from, listing.cursor, sizeof(listing.from));
		snprintf(key, sizeof(key), "k%u", (2 * pages + 1) % (KV_KUNIT_ENTRIES - 2));
		KUNIT_ASSERT_EQ(test, kv_kunit_put(store, key, "x"), 0);
		KUNIT_ASSERT_EQ(test, kv_kunit_delete(store, key), 0);
		KUNIT_ASSERT_EQ(test, kv_kunit_put(store, key, ""), 0);
		KUNIT_ASSERT_LT(test, ++pages, 4 * KV_KUNIT_ENTRIES);
	} while (listing.more);
	for (i = 0; i < KV_KUNIT_ENTRIES - 2; i += 2)
		KUNIT_EXPECT_TRUE(test, test_bit(i, seen));
	KUNIT_EXPECT_GT(test, pages, 8);
}

static void list_refuses(struct kunit *test)
{
	struct kv_store *store = test->priv;
	u64 buf[4];
	struct kv_listing listing = { .page = { .buf = buf, .size = 16 } };

	kv_prefix_init(&listing.prefix, "", 0);
	kv_kunit_put(store, "a", "1");
	KUNIT_EXPECT_EQ(test, kv_store_list(store, &listing), -ERANGE);
	listing.page.size = sizeof(buf);
	KUNIT_EXPECT_EQ(test, kv_store_list(store, &listing), 0);
	KUNIT_EXPECT_EQ(test, listing.page.count, 1);
	listing.from[0] = store->limits->buckets;
	KUNIT_EXPECT_EQ(test, kv_store_list(store, &listing), -EINVAL);
}

/* True if comparison and hash both distinguish two keys; hashes are equal once in 2^32. */
static bool are_distinguished(const struct kv_hash_key *hash_key, const u8 *a, unsigned int a_len,
			      const u8 *b, unsigned int b_len)
{
	return (a_len != b_len || !kv_same_bytes(a, b, a_len)) &&
	       kv_hash(hash_key, a, a_len) != kv_hash(hash_key, b, b_len);
}

/* Keys that end where their memory does: KASAN reports a read beyond them. */
static void each_byte_counts(struct kunit *test)
{
	struct kv_hash_key *hash_key = kunit_kmalloc(test, sizeof(*hash_key), GFP_KERNEL);
	unsigned int len, at;
	u8 *a, *b;

	KUNIT_ASSERT_NOT_NULL(test, hash_key);
	kv_hash_key_init(hash_key);
	for (len = 1; len <= KV_KEY_MAX; len++) {
		a = kunit_kzalloc(test, len, GFP_KERNEL);
		b = kunit_kzalloc(test, len, GFP_KERNEL);
		KUNIT_ASSERT_TRUE(test, a && b);
		KUNIT_EXPECT_TRUE(test, kv_same_bytes(a, b, len));
		KUNIT_EXPECT_EQ(test, kv_hash(hash_key, a, len), kv_hash(hash_key, b, len));
		for (at = 0; at < len; at++) {
			b[at] = 1;
			if (!are_distinguished(hash_key, a, len, b, len))
				KUNIT_FAIL(test, "byte %u of %u does not count", at, len);
			b[at] = 0;
		}
		if (len > 1 && !are_distinguished(hash_key, a, len, b, len - 1))
			KUNIT_FAIL(test, "length %u does not count", len);
	}
}

/* The first key has a value that would match the longer prefixes. The others have none. */
static void list_prefixes(struct kunit *test)
{
	static const char *const keys[] = {
		"p", "p.a", "p.ab", "longpref", "longprefix", "longprefiy", "longprefix.1",
	};
	static const struct {
		const char *prefix;
		unsigned int count;
	} lists[] = {
		{ "", 7 }, { "p", 3 }, { "p.a", 2 }, { "p.ab", 1 }, { "p.abc", 0 }, { "l", 4 },
		{ "longpref", 4 }, { "longprefi", 3 }, { "longprefix", 2 }, { "longprefix.", 1 },
		{ "longprefix.12", 0 },
	};
	struct kv_store *store = test->priv;
	u64 buf[KV_KUNIT_ENTRIES];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		KUNIT_ASSERT_EQ(test, kv_kunit_put(store, keys[i], i ? "" : ".abc"), 0);
	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		struct kv_listing listing = {
			.page = { .buf = buf, .size = sizeof(buf) },
		};

		kv_prefix_init(&listing.prefix, lists[i].prefix, strlen(lists[i].prefix));
		KUNIT_ASSERT_EQ(test, kv_store_list(store, &listing), 0);
		KUNIT_EXPECT_FALSE(test, listing.more);
		if (listing.page.count != lists[i].count)
			KUNIT_FAIL(test, "%u keys start with %s", listing.page.count,
				   lists[i].prefix);
	}
}

static struct kunit_case store_cases[] = {
	KUNIT_CASE(each_byte_counts),
	KUNIT_CASE(empty_store),
	KUNIT_CASE(keys_share_buckets),
	KUNIT_CASE(counters),
	KUNIT_CASE(max_entries),
	KUNIT_CASE(max_bytes),
	KUNIT_CASE(delete_prefix),
	KUNIT_CASE(sealed),
	KUNIT_CASE(in_callback),
	KUNIT_CASE(list_while_changing),
	KUNIT_CASE(list_refuses),
	KUNIT_CASE(list_prefixes),
	{ }
};

struct kunit_suite store_suite = {
	.name = "kv_store",
	.init = kv_kunit_init,
	.exit = kv_kunit_exit,
	.test_cases = store_cases,
};
