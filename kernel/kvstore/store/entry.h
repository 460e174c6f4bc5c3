/* SPDX-License-Identifier: GPL-2.0-only */
/* Entries: a key and its value, kept as the record of a reply */
#ifndef KV_ENTRY_H
#define KV_ENTRY_H

#include <linux/bitops.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/string.h>
#include <linux/types.h>

#include <kv_proto.h>

#include "store/hash.h"
#include "record.h"

/* A writer whose memory cgroup is at its limit gets ENOMEM, not the OOM killer. */
#define KV_GFP (GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

/* Flags in kv_entry.size that force the slow path: the record must not be copied verbatim. */
#define KV_SIZE_PRIVATE		BIT(30)	/* KV_F_PRIVATE */
#define KV_SIZE_COMPUTED	BIT(31)	/* a module computes the value when it is read */

/**
 * struct kv_entry - one key and its value; immutable once linked, except for two flags
 * @link: place in its bucket, newest key first; writers hold store->lock,
 *        readers RCU
 * @created: number of the key's creation in this store; orders the bucket and
 *           survives a put. Read only by readers that compare store->seq
 * @next: link.next, which readers may still follow after the entry was unlinked
 * @rcu: after unlinking, for the grace period before the entry is freed.
 *       Overlaps @created: a reader that reads @created too late finds that
 *       store->seq has changed
 * @chain: while a commit deletes several entries, the next of them; store->lock
 * @refs: one for the table, one for each event in the log
 * @size: bytes of @record, and KV_SIZE_* flags, which make it larger than any
 *        buffer. KV_SIZE_COMPUTED is written under store->lock and read without it
 * @record: the record as a reply has it, with KV_F_PRIVATE and KV_F_DECLARED in
 *          its flags; KV_F_DECLARED is written under store->lock and read
 *          without it. rev is the revision of the last put. Zeros follow the
 *          value up to a multiple of 8
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

struct kv_entry *kv_entry_make(const struct kv_operation *put, bool *waited);
void kv_entry_free(struct kv_entry *entry);
void kv_entry_put(struct kv_entry *entry);
bool kv_entry_append_slow(struct kv_records *records, enum kv_op op,
			  const struct kv_entry *entry);
void *kv_zalloc(size_t size);

static inline const u8 *kv_entry_value(const struct kv_entry *entry)
{
	return entry->record.data + entry->record.key_len;
}

/* Bytes of key and value. */
static inline size_t kv_entry_bytes(const struct kv_entry *entry)
{
	return (size_t)entry->record.key_len + entry->record.value_len;
}

/* True if a module computes the value when it is read: the value of the entry has no effect. */
static inline bool kv_entry_is_computed(const struct kv_entry *entry)
{
	return READ_ONCE(entry->size) & KV_SIZE_COMPUTED;
}

/* True if reading the value needs CAP_NET_ADMIN. */
static inline bool kv_entry_is_private(const struct kv_entry *entry)
{
	return READ_ONCE(entry->record.flags) & KV_F_PRIVATE;
}

static inline bool kv_entry_has_key(const struct kv_entry *entry, const u8 *key, unsigned int len)
{
	return entry->record.key_len == len && kv_same_bytes(entry->record.data, key, len);
}

static __always_inline bool kv_entry_has_prefix(const struct kv_entry *entry,
						const struct kv_prefix *prefix)
{
	return kv_prefix_matches(prefix, entry->record.data, entry->record.key_len);
}

/* Fast path of kv_entry_append(): append a public record that fits verbatim. */
static __always_inline bool kv_entry_append_public(struct kv_records *records, enum kv_op op,
						   const struct kv_entry *entry)
{
	size_t size = READ_ONCE(entry->size);
	struct kv_record *record;

	if (unlikely(size > kv_records_left(records)))
		return false;
	size = ALIGN(size, sizeof(u64));
	record = kv_records_reserve(records, size);
	kv_copy_record(record, &entry->record, size);
	if (op != KV_OP_NONE)
		record->op = op;
	return true;
}

/**
 * kv_entry_append() - append the record of an entry
 * @records: buffer
 * @op: op of the record
 * @entry: entry; a private value is withheld unless records->show_private
 *
 * Context: any; under RCU or store->lock.
 * Return: false, with the buffer unchanged, if the record does not fit.
 */
static __always_inline bool kv_entry_append(struct kv_records *records, enum kv_op op,
					    const struct kv_entry *entry)
{
	return likely(kv_entry_append_public(records, op, entry)) ||
	       kv_entry_append_slow(records, op, entry);
}

#endif
