/* SPDX-License-Identifier: GPL-2.0-only */
/* A key and its value, and who holds them */
#ifndef KV_ENTRY_H
#define KV_ENTRY_H

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/gfp.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/string.h>
#include <linux/types.h>

#include <kv_proto.h>

/* A writer whose memory cgroup is full gets ENOMEM, not the OOM killer. */
#define KV_GFP (GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

/* Added to the size of an entry's record where not everybody is told it as it stands. */
#define KV_SIZE_PRIVATE	BIT(30)		/* KV_F_PRIVATE */
#define KV_SIZE_SHOWN	BIT(31)		/* a module makes the value when it is read */

/**
 * struct kv_entry - one key and its value; immutable once linked, but for two flags
 * @link: place in its bucket, newest key first; writers hold store->lock,
 *        readers RCU
 * @created: number of the key's creation in this store; orders the bucket and
 *           survives a put. Read only by those who compare store->seq
 * @next: link.next, which readers follow from an entry that was unlinked
 * @rcu: once it is unlinked, for the grace period before it is freed. Instead of
 *       @created: who reads that one too late finds that store->seq has changed
 * @chain: between these two, the next of those that one commit deletes; store->lock
 * @refs: one for the table, one for each event in the log
 * @size: bytes of @record, and KV_SIZE_*, which make it larger than any room.
 *        KV_SIZE_SHOWN is written under store->lock and read without it
 * @record: what is told of it, as it travels: KV_F_PRIVATE and KV_F_DECLARED in
 *          its flags, of which the latter is written under store->lock and read
 *          without it; rev is the revision of the last put. Zeros follow it up to
 *          a multiple of 8
 */
struct kv_entry {
	union {
		struct {
			struct hlist_node link;
			u64 created;
		};
		struct {
			struct hlist_node *next;
			union {
				struct rcu_head rcu;
				struct kv_entry *chain;
			};
		};
	};
	refcount_t refs;
	u32 size;
	struct kv_record record;
};

/* The record that follows one in a sequence. */
static inline const struct kv_record *kv_record_next(const struct kv_record *record)
{
	return (const void *)record +
	       ALIGN(sizeof(*record) + record->key_len + record->value_len, 8);
}

/**
 * kv_says_key_len() - whether a record's head says the length of the key and nothing else
 * @word: first word of the head
 * @op: but for this
 * @len: out: the length, which is one that a key has
 *
 * All of the word is looked at, at once: it is turned so that the length comes first.
 */
static __always_inline bool kv_says_key_len(u64 word, enum kv_op op, size_t *len)
{
	u64 turned;

	BUILD_BUG_ON(offsetof(struct kv_record, op) || offsetof(struct kv_record, key_len) != 2);
	if (IS_ENABLED(CONFIG_CPU_BIG_ENDIAN))
		turned = ror64(word - ((u64)op << 56), 32);
	else
		turned = ror64(word - op, 16);
	*len = turned;
	return turned - 1 < KV_KEY_MAX;
}

bool kv_key_valid(const u8 *key, unsigned int len);

struct kv_entry *kv_entry_alloc(unsigned int key_len, unsigned int value_len, unsigned int flags,
				bool *waited);
void kv_entry_free(struct kv_entry *entry);
void kv_entry_put(struct kv_entry *entry);

static inline const u8 *kv_entry_value(const struct kv_entry *entry)
{
	return entry->record.data + entry->record.key_len;
}

/* Bytes of key and value. */
static inline size_t kv_entry_bytes(const struct kv_entry *entry)
{
	return (size_t)entry->record.key_len + entry->record.value_len;
}

/* Whether a module makes the value when it is read: this one is not in effect. */
static inline bool kv_entry_is_shown(const struct kv_entry *entry)
{
	return READ_ONCE(entry->size) & KV_SIZE_SHOWN;
}

/* Whether only those see the value who have the right to. */
static inline bool kv_entry_is_private(const struct kv_entry *entry)
{
	return READ_ONCE(entry->record.flags) & KV_F_PRIVATE;
}

static __always_inline bool kv_entry_starts_with(const struct kv_entry *entry,
						 const void *prefix, unsigned int len)
{
	const u8 *key = entry->record.data, *start = prefix;

	if (entry->record.key_len < len)
		return false;
	/* Most keys that differ do so in the first byte. */
	return !len || (key[0] == start[0] && (len == 1 || !memcmp(key + 1, start + 1, len - 1)));
}

#endif
