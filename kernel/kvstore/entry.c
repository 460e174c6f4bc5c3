// SPDX-License-Identifier: GPL-2.0-only
/* Keys and their values: making and freeing them */
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "entry.h"

/* The bytes that a key may have. */
static const bool key_bytes[256] = {
	['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['0' ... '9'] = true,
	['_'] = true, ['.'] = true, [':'] = true, ['/'] = true,
	['@'] = true, ['+'] = true, ['-'] = true,
};

/**
 * kv_key_valid() - whether all bytes are among those that a key may have
 * @key: bytes
 * @len: number of them
 *
 * Context: any.
 */
bool kv_key_valid(const u8 *key, unsigned int len)
{
	bool valid = true;

	for (; len >= 4; len -= 4, key += 4)
		valid &= key_bytes[key[0]] & key_bytes[key[1]] &
			 key_bytes[key[2]] & key_bytes[key[3]];
	while (len--)
		valid &= key_bytes[*key++];
	return valid;
}

/**
 * kv_entry_alloc() - an entry that is not linked yet
 * @key_len: 1 to KV_KEY_MAX
 * @value_len: 0 to KV_VALUE_MAX
 * @flags: KV_F_PRIVATE or 0
 * @waited: whether memory was waited for already, which is done once for a command
 *
 * The caller fills record.data with the key and the value, then gives the entry to
 * kv_store_commit() or kv_entry_free(). Charged to the memory cgroup of the
 * caller.
 *
 * Context: may sleep.
 * Return: the entry or NULL.
 */
struct kv_entry *kv_entry_alloc(unsigned int key_len, unsigned int value_len, unsigned int flags,
				bool *waited)
{
	size_t record = sizeof(struct kv_record) + key_len + value_len;
	size_t size = offsetof(struct kv_entry, record) + ALIGN(record, sizeof(u64));
	struct kv_entry *entry;

	entry = kmalloc(size, KV_GFP);
	if (!entry && !*waited) {
		/* What was replaced just now may be all that fills the cgroup. */
		*waited = true;
		rcu_barrier();
		entry = kmalloc(size, KV_GFP);
	}
	if (!entry)
		return NULL;
	*(u64 *)((void *)entry + size - sizeof(u64)) = 0;
	entry->record.op = KV_OP_NONE;
	entry->record.flags = flags;
	entry->record.key_len = key_len;
	entry->record.value_len = value_len;
	entry->record.reserved = 0;
	entry->size = record | (flags & KV_F_PRIVATE ? KV_SIZE_PRIVATE : 0);
	refcount_set(&entry->refs, 1);
	return entry;
}

/**
 * kv_entry_free() - free an entry that no reader can have seen, or can see any more
 * @entry: from kv_entry_alloc(), with no reference but the first
 *
 * Context: any.
 */
void kv_entry_free(struct kv_entry *entry)
{
	if (kv_entry_is_private(entry))
		kfree_sensitive(entry);
	else
		kfree(entry);
}

static void entry_free_cb(struct rcu_head *rcu)
{
	kv_entry_free(container_of(rcu, struct kv_entry, rcu));
}

/**
 * kv_entry_put() - give a reference up; the last one frees the entry when no reader is at it
 * @entry: was linked
 *
 * Context: any.
 */
void kv_entry_put(struct kv_entry *entry)
{
	/* Not kfree_rcu(), which keeps memory for seconds: rcu_barrier() does not hurry it. */
	if (refcount_dec_and_test(&entry->refs))
		call_rcu(&entry->rcu, entry_free_cb);
}
