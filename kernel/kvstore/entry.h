/* SPDX-License-Identifier: GPL-2.0-only */
/* A key and its value, and who holds them */
#ifndef KV_ENTRY_H
#define KV_ENTRY_H

#include <linux/gfp.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/string.h>
#include <linux/types.h>

#include <kv_proto.h>

/* The flags of an entry that programs see. */
#define KV_ENTRY_FLAGS (KV_F_PRIVATE | KV_F_DECLARED)
/* The module that declared the key makes its value: this one is not in effect. */
#define KV_ENTRY_SHOWN 0x80

/* A writer whose memory cgroup is full gets ENOMEM, not the OOM killer. */
#define KV_GFP (GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

/**
 * struct kv_entry - one key and its value; immutable once linked, but for a flag
 * @link: place in its bucket, newest key first; writers hold store->lock,
 *        readers RCU
 * @created: number of the key's creation in this store; orders the bucket and
 *           survives a put. Read only by those who compare store->seq
 * @next: link.next, which readers follow from an entry that was unlinked
 * @rcu: once it is unlinked, for the grace period before it is freed. Instead of
 *       @created: who reads that one too late finds that store->seq has changed
 * @chain: between these two, the next of those that one commit deletes; store->lock
 * @changed: revision of the last put
 * @refs: one for the table, one for each event in the log
 * @value_len: bytes of value in @data, after the key
 * @key_len: bytes of key in @data
 * @flags: KV_F_PRIVATE; KV_F_DECLARED and KV_ENTRY_SHOWN, which are written
 *         under store->lock and read without it
 * @data: the key, then the value
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
	u64 changed;
	refcount_t refs;
	u16 value_len;
	u8 key_len;
	u8 flags;
	u8 data[];
};

bool kv_key_valid(const u8 *key, unsigned int len);

struct kv_entry *kv_entry_alloc(unsigned int key_len, unsigned int value_len, unsigned int flags,
				bool *waited);
void kv_entry_free(struct kv_entry *entry);
void *kv_buffer_alloc(size_t size);
void *kv_buffer_zalloc(size_t size);
void kv_entry_put(struct kv_entry *entry);

static inline u64 kv_entry_bytes(const struct kv_entry *entry)
{
	return entry->key_len + entry->value_len;
}

static inline bool kv_entry_starts_with(const struct kv_entry *entry, const void *prefix,
					unsigned int len)
{
	return entry->key_len >= len && !memcmp(entry->data, prefix, len);
}

/**
 * struct kv_page - records for a caller, one after another
 * @show_private: give private values too
 * @buf: room for the records, aligned to 8
 * @size: bytes of it
 * @len: bytes of the records, a multiple of 8
 * @count: records
 * @secret: a private value is among them
 */
struct kv_page {
	bool show_private;
	void *buf;
	size_t size;
	size_t len;
	unsigned int count;
	bool secret;
};

bool kv_page_add(struct kv_page *page, const struct kv_record *head, const u8 *data);
bool kv_page_add_entry(struct kv_page *page, enum kv_op op, const struct kv_entry *entry);

#endif
