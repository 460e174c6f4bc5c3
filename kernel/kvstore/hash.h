/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys as words of the machine: hashing and comparing them.
 *
 * The hash is NH, the inner hash of UMAC (Black, Halevi, Krawczyk, Krovetz,
 * Rogaway, CRYPTO '99; also in crypto/nhpoly1305.c), and a multiplication that
 * spreads its result over the buckets (Dietzfelbinger et al., 1997). Whatever
 * two keys somebody chooses without seeing the random key, NH takes them to the
 * same result with a probability of some 2^-62, and what differs shares a
 * bucket with about twice the probability of chance. That is what jhash, which
 * the kernel's other hash tables use, does not promise. A pseudo-random
 * function such as siphash promises more, also to somebody who sees which keys
 * share a bucket, as listings tell; it takes five times as long, most of a
 * lookup. Only who may write in a namespace can make use of that. Then
 * its readers have long buckets to walk, max_entries at most, with preemption
 * off.
 */
#ifndef KV_HASH_H
#define KV_HASH_H

#include <linux/math64.h>
#include <linux/random.h>
#include <linux/string.h>
#include <linux/types.h>

#include <kv_proto.h>

/**
 * struct kv_hash_key - random, so that nobody can foretell which keys share a bucket
 * @words: one for each word of the longest key
 * @low: odd
 * @high: odd
 */
struct kv_hash_key {
	u64 words[KV_KEY_MAX / sizeof(u64)];
	u64 low;
	u64 high;
};

static inline void kv_hash_key_init(struct kv_hash_key *key)
{
	get_random_bytes(key, sizeof(*key));
	key->low |= 1;
	key->high |= 1;
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

/* Add all 128 bits of the product of a pair of words, each with its word of the key added. */
static __always_inline void kv_nh(u64 *low, u64 *high, u64 first, u64 second, const u64 *key)
{
	u64 a = first + key[0], b = second + key[1];

	*low += a * b;
	*high += mul_u64_u64_shr(a, b, 64);
}

/**
 * kv_hash() - hash a key
 * @hash_key: of the table
 * @key: its bytes
 * @len: number of them, 1 to KV_KEY_MAX
 *
 * The last pair may overlap the one before it, so that no byte beyond the key
 * is read: among keys of one length, that loses nothing, and the length is in
 * the sum.
 *
 * Context: any.
 * Return: 32 bits, all as good as one another.
 */
static __always_inline u32 kv_hash(const struct kv_hash_key *hash_key, const u8 *key,
				   unsigned int len)
{
	const u64 *words = hash_key->words;
	const u8 *end = key + len;
	u64 low = len, high = 0;

	if (len >= 16) {
		for (; key < end - 16; key += 16, words += 2)
			kv_nh(&low, &high, kv_load64(key), kv_load64(key + 8), words);
		kv_nh(&low, &high, kv_load64(end - 16), kv_load64(end - 8), words);
	} else if (len >= 8) {
		kv_nh(&low, &high, kv_load64(key), kv_load64(end - 8), words);
	} else if (len >= 4) {
		kv_nh(&low, &high, kv_load32(key), kv_load32(end - 4), words);
	} else {
		kv_nh(&low, &high, key[0] | key[len / 2] << 8, end[-1], words);
	}
	return (low * hash_key->low + high * hash_key->high) >> 32;
}

/* Whether @len bytes, 1 at least, are the same. Overlaps as above. */
static __always_inline bool kv_same_bytes(const u8 *a, const u8 *b, unsigned int len)
{
	const u8 *a_end = a + len, *b_end = b + len;
	u64 differ;

	if (len >= 16) {
		differ = (kv_load64(a_end - 16) ^ kv_load64(b_end - 16)) |
			 (kv_load64(a_end - 8) ^ kv_load64(b_end - 8));
		for (; a < a_end - 16 && !differ; a += 16, b += 16)
			differ = (kv_load64(a) ^ kv_load64(b)) |
				 (kv_load64(a + 8) ^ kv_load64(b + 8));
	} else if (len >= 8) {
		differ = (kv_load64(a) ^ kv_load64(b)) |
			 (kv_load64(a_end - 8) ^ kv_load64(b_end - 8));
	} else if (len >= 4) {
		differ = (kv_load32(a) ^ kv_load32(b)) |
			 (kv_load32(a_end - 4) ^ kv_load32(b_end - 4));
	} else {
		differ = (a[0] ^ b[0]) | (a[len / 2] ^ b[len / 2]) | (a_end[-1] ^ b_end[-1]);
	}
	return !differ;
}

#endif
