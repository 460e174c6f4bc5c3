/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys as words of the machine: hashing and comparing them.
 *
 * The hash is multilinear, with half as many multiplications (Lemire and Kaser,
 * "Strongly universal string hashing is fast", The Computer Journal 57, 2014): a
 * sum of products of 32-bit characters, each with a word of the random key added,
 * of which the upper half is taken. Whatever two keys somebody chooses without
 * seeing the random key, they share a bucket with just the probability of chance.
 * That is what jhash, which the kernel's other hash tables use, does not promise.
 * A pseudo-random function such as siphash promises more, also to somebody who
 * sees which keys share a bucket, as listings tell; it takes five times as long,
 * most of a lookup. Only who may write in a namespace can make use of that. Then
 * its readers have long buckets to walk, max_entries at most, with preemption
 * off.
 */
#ifndef KV_HASH_H
#define KV_HASH_H

#include <linux/random.h>
#include <linux/string.h>
#include <linux/types.h>

#include <kv_proto.h>

/**
 * struct kv_hash_key - random, so that nobody can foretell which keys share a bucket
 * @sum: what is added to
 * @len: multiplies the length, which so is one more character
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

static inline u64 kv_load64(const u8 *at)
{
	u64 word;

	memcpy(&word, at, sizeof(word));
	return word;
}

static inline u32 kv_load32(const u8 *at)
{
	u32 word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* The product of two characters, each with its word of the key added. */
static __always_inline u64 kv_product(u32 a, u32 b, const u64 *words)
{
	return (a + words[0]) * (b + words[1]);
}

/* The products of so many bytes. */
static __always_inline u64 kv_products8(const u8 *at, const u64 *words)
{
	return kv_product(kv_load32(at), kv_load32(at + 4), words);
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
 * @hash_key: of the table
 * @key: its bytes
 * @len: number of them, 1 to KV_KEY_MAX
 *
 * The last bytes may overlap those before them, so that no byte beyond the key
 * is read: among keys of one length that loses nothing, and those of others
 * differ in a character of their own.
 *
 * Context: any.
 * Return: 32 bits, all as good as one another.
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
		sum += kv_product(kv_load32(key), kv_load32(end - 4), words);
	} else {
		sum += kv_product(key[0] | key[len / 2] << 8, end[-1], words);
	}
	return sum >> 32;
}

static __always_inline bool kv_same4(const u8 *a, const u8 *b)
{
	return kv_load32(a) == kv_load32(b);
}

static __always_inline bool kv_same8(const u8 *a, const u8 *b)
{
	return kv_load64(a) == kv_load64(b);
}

static __always_inline bool kv_same32(const u8 *a, const u8 *b)
{
	return kv_same8(a, b) && kv_same8(a + 8, b + 8) && kv_same8(a + 16, b + 16) &&
	       kv_same8(a + 24, b + 24);
}

/* Whether @len bytes, 1 at least, are the same. Overlaps as above; keys differ at their ends. */
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

#endif
