/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys and records as machine words: hashing, comparing and copying them.
 *
 * The hash is multilinear, with half as many multiplications (Lemire and Kaser,
 * "Strongly universal string hashing is fast", The Computer Journal 57, 2014): a
 * sum of products of 32-bit characters, each with a word of the random hash key
 * added; the upper half of the sum is the hash. Two keys that are chosen without
 * knowledge of the hash key share a bucket no more often than by chance. jhash, which
 * many hash tables of the kernel use, does not guarantee that. (With jhash, an
 * in-kernel read takes 91 % more instructions.)
 *
 * Listings show which keys share a bucket. A writer of the namespace who uses that to
 * choose keys can make buckets long, of max_entries at most, which the readers of
 * the namespace then walk with preemption off. A pseudo-random function such as
 * siphash would prevent it, but takes five times as long, most of a lookup.
 */
#ifndef KV_HASH_H
#define KV_HASH_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/random.h>
#include <linux/string.h>
#include <linux/types.h>

#include <kv_proto.h>

#include "compat.h"

/**
 * struct kv_hash_key - random numbers, so that nobody can predict which keys share a bucket
 * @sum: start of the sum
 * @len: factor of the key's length, which is hashed like one more character
 * @words: one for each 4 bytes of the longest key
 */
struct kv_hash_key {
	u64 sum;
	u64 len;
	u64 words[KV_KEY_MAX / sizeof(u32)];
};

static inline void kv_hash_key_init(struct kv_hash_key *key)
{
	get_random_bytes(key, sizeof(*key));
}

/* The product of two characters, each with its word of the hash key added. */
static __always_inline u64 kv_product(u32 a, u32 b, const u64 *words)
{
	return (a + words[0]) * (b + words[1]);
}

static __always_inline u64 kv_product_at(const u8 *a, const u8 *b, const u64 *words)
{
	return kv_product(get_unaligned((const u32 *)a), get_unaligned((const u32 *)b), words);
}

/* The sum of the products of 8, 16 or 32 bytes. */
static __always_inline u64 kv_products8(const u8 *at, const u64 *words)
{
	return kv_product_at(at, at + 4, words);
}

static __always_inline u64 kv_products16(const u8 *at, const u64 *words)
{
	return kv_products8(at, words) + kv_products8(at + 8, words + 2);
}

static __always_inline u64 kv_products32(const u8 *at, const u64 *words)
{
	return kv_products16(at, words) + kv_products16(at + 16, words + 4);
}

/**
 * kv_hash() - hash a key
 * @hash_key: hash key of the table
 * @key: @len bytes
 * @len: 1 to KV_KEY_MAX
 *
 * The last word may overlap the one before it, so that no byte after the key is
 * read. Keys of one length still differ in a hashed word, and keys of different
 * lengths differ in the hashed length.
 *
 * Context: any.
 * Return: 32 uniformly distributed bits.
 */
static __always_inline u32 kv_hash(const struct kv_hash_key *hash_key, const u8 *key,
				   unsigned int len)
{
	const u64 *words = hash_key->words;
	const u8 *end = key + len;
	u64 sum = hash_key->sum + len * hash_key->len;

	if (len >= 32) {
		sum += kv_products32(end - 32, words);
		for (; len > 32; len -= 32, key += 32) {
			words += 8;
			sum += kv_products32(key, words);
		}
	} else if (len >= 16) {
		sum += kv_products16(key, words) + kv_products16(end - 16, words + 4);
	} else if (len >= 8) {
		sum += kv_products8(key, words) + kv_products8(end - 8, words + 2);
	} else if (len >= 4) {
		sum += kv_product_at(key, end - 4, words);
	} else {
		sum += kv_product(key[0] | key[len / 2] << 8, end[-1], words);
	}
	return sum >> 32;
}

static __always_inline bool kv_same4(const u8 *a, const u8 *b)
{
	return get_unaligned((const u32 *)a) == get_unaligned((const u32 *)b);
}

static __always_inline bool kv_same8(const u8 *a, const u8 *b)
{
	return get_unaligned((const u64 *)a) == get_unaligned((const u64 *)b);
}

static __always_inline bool kv_same32(const u8 *a, const u8 *b)
{
	return kv_same8(a, b) && kv_same8(a + 8, b + 8) && kv_same8(a + 16, b + 16) &&
	       kv_same8(a + 24, b + 24);
}

/*
 * Compare @len bytes, at least 1. Begins at the end, where most keys differ. Words
 * may overlap, as in kv_hash(). With memcmp(), an in-kernel read takes 24 % more.
 */
static __always_inline bool kv_same_bytes(const u8 *a, const u8 *b, unsigned int len)
{
	const u8 *a_end = a + len, *b_end = b + len;

	if (len >= 32) {
		if (!kv_same32(a_end - 32, b_end - 32))
			return false;
		for (; len > 32; len -= 32, a += 32, b += 32)
			if (!kv_same32(a, b))
				return false;
		return true;
	}
	if (len >= 16)
		return kv_same8(a_end - 8, b_end - 8) && kv_same8(a_end - 16, b_end - 16) &&
		       kv_same8(a, b) && kv_same8(a + 8, b + 8);
	if (len >= 8)
		return kv_same8(a_end - 8, b_end - 8) && kv_same8(a, b);
	if (len >= 4)
		return kv_same4(a_end - 4, b_end - 4) && kv_same4(a, b);
	return a_end[-1] == b_end[-1] && a[0] == b[0] && a[len / 2] == b[len / 2];
}

/**
 * struct kv_prefix - a prefix, prepared for comparison with keys
 * @bytes: the prefix
 * @len: bytes of the prefix; 0 matches every key
 * @first: its first 8 bytes as a word, with zeros after a shorter prefix
 * @mask: all bits set in the bytes of @first that the prefix has
 */
struct kv_prefix {
	const u8 *bytes;
	unsigned int len;
	u64 first;
	u64 mask;
};

static inline void kv_prefix_init(struct kv_prefix *prefix, const u8 *bytes, unsigned int len)
{
	unsigned int first_len = min_t(unsigned int, len, sizeof(prefix->first));

	*prefix = (struct kv_prefix){ .bytes = bytes, .len = len };
	memcpy(&prefix->first, bytes, first_len);
	memset(&prefix->mask, 0xff, first_len);
}

/*
 * True if the key of an entry starts with the prefix. Reads 8 bytes, which the record
 * of an entry has after its head even if the key is shorter. With memcmp(), a listing
 * takes 24 % more for each entry.
 */
static __always_inline bool kv_prefix_matches(const struct kv_prefix *prefix, const u8 *key,
					      unsigned int key_len)
{
	if (key_len < prefix->len ||
	    (get_unaligned((const u64 *)key) ^ prefix->first) & prefix->mask)
		return false;
	return prefix->len <= sizeof(u64) ||
	       !memcmp(key + sizeof(u64), prefix->bytes + sizeof(u64), prefix->len - sizeof(u64));
}

/* sparse does not know this builtin. */
#ifdef __CHECKER__
#define __builtin_assume_aligned(ptr, align) (ptr)
#endif

/* A power of two, greater than the length of any key with its value. */
#define KV_RECORD_DATA_MAX 2048

/**
 * kv_copy_record() - copy a record of an entry
 * @to: aligned to 8
 * @from: the entry's record
 * @size: bytes, a multiple of 8
 *
 * The mask bounds the size for the compiler, which then copies words inline instead
 * of calling memcpy(). Saves 4 % of a listing.
 */
static __always_inline void kv_copy_record(void *to, const struct kv_record *from, size_t size)
{
	BUILD_BUG_ON(KV_KEY_MAX + KV_VALUE_MAX >= KV_RECORD_DATA_MAX);
	size = sizeof(*from) + ((size - sizeof(*from)) & (KV_RECORD_DATA_MAX - 1));
	/* KV_F_DECLARED may be set or cleared meanwhile. */
	data_race(memcpy(__builtin_assume_aligned(to, sizeof(u64)), from, size));
}

#endif
