// SPDX-License-Identifier: GPL-2.0-only
/* Entries: allocating, filling and freeing them, and the records of private ones */
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "store/entry.h"

/**
 * kv_zalloc() - allocate zeroed memory, to be freed by kvfree()
 * @size: bytes
 *
 * Does not try hard for contiguous pages, as kvmalloc() would with KV_GFP, and
 * never invokes the OOM killer.
 *
 * Context: may sleep. Charged to the caller's memory cgroup.
 * Return: the memory or NULL.
 */
void *kv_zalloc(size_t size)
{
	gfp_t flags = KV_GFP | __GFP_ZERO;

	if (size <= PAGE_SIZE)
		return kmalloc(size, flags);
	/* Since 6.19, __vmalloc() warns about __GFP_RETRY_MAYFAIL. */
	return __vmalloc(size, (flags & ~__GFP_RETRY_MAYFAIL) | __GFP_NORETRY);
}

/**
 * kv_entry_alloc() - allocate an entry, to be filled by the caller and kv_entry_init()
 * @data_len: bytes of key and value
 * @waited: whether this command has waited for freed memory already; updated
 *
 * What was replaced a moment ago may be all that fills the memory cgroup:
 * before the allocation fails, wait once in each command until it is freed.
 *
 * Context: may sleep. Charged to the caller's memory cgroup.
 * Return: the entry or NULL.
 */
struct kv_entry *kv_entry_alloc(unsigned int data_len, bool *waited)
{
	size_t size = offsetof(struct kv_entry, record) + kv_record_size(data_len);
	struct kv_entry *entry = kmalloc(size, KV_GFP);

	if (!entry && !*waited) {
		*waited = true;
		rcu_barrier();
		entry = kmalloc(size, KV_GFP);
	}
	if (entry)
		*(u64 *)((void *)entry + size - sizeof(u64)) = 0;
	return entry;
}

/**
 * kv_entry_init() - fill an entry, except for key and value
 * @entry: from kv_entry_alloc(); record.data holds the key and the value
 * @put: the KV_OP_PUT that the entry is for
 *
 * Context: any.
 */
void kv_entry_init(struct kv_entry *entry, const struct kv_operation *put)
{
	unsigned int flags = put->flags & KV_F_PRIVATE;

	entry->record = (struct kv_record){
		.op = KV_OP_NONE,
		.flags = flags,
		.key_len = put->key_len,
		.value_len = put->value_len,
	};
	entry->size = sizeof(entry->record) + kv_entry_bytes(entry);
	if (flags)
		entry->size |= KV_SIZE_PRIVATE;
	refcount_set(&entry->refs, 1);
}

/**
 * kv_entry_make() - allocate and fill the entry of a put
 * @put: a KV_OP_PUT that kv_operation_check() has accepted
 * @waited: as for kv_entry_alloc()
 *
 * Context: may sleep.
 * Return: the entry, to be freed by kv_entry_free() unless it is linked; NULL
 * without memory.
 */
struct kv_entry *kv_entry_make(const struct kv_operation *put, bool *waited)
{
	struct kv_entry *entry = kv_entry_alloc(put->key_len + put->value_len, waited);
	const u8 *value = put->value ?: put->key + put->key_len;

	if (!entry)
		return NULL;
	memcpy(entry->record.data, put->key, put->key_len);
	memcpy(entry->record.data + put->key_len, value, put->value_len);
	kv_entry_init(entry, put);
	return entry;
}

/**
 * kv_entry_free() - free an entry that no reader can find
 * @entry: with no reference but the first
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

static void entry_free_rcu(struct rcu_head *rcu)
{
	kv_entry_free(container_of(rcu, struct kv_entry, rcu));
}

/**
 * kv_entry_put() - drop a reference; the last one frees the entry after a grace period
 * @entry: was linked
 *
 * Context: any.
 */
void kv_entry_put(struct kv_entry *entry)
{
	/* Not kfree_rcu(), which rcu_barrier() does not flush before 6.12. */
	if (refcount_dec_and_test(&entry->refs))
		call_rcu(&entry->rcu, entry_free_rcu);
}

/* kv_entry_append() of a private or computed record, or of one that does not fit. */
bool kv_entry_append_slow(struct kv_records *records, enum kv_op op, const struct kv_entry *entry)
{
	bool is_private = kv_entry_is_private(entry);
	bool withheld = is_private && !records->show_private;
	struct kv_record head = {
		.op = op,
		.flags = READ_ONCE(entry->record.flags) | (withheld ? KV_F_WITHHELD : 0),
		.key_len = entry->record.key_len,
		.value_len = withheld ? 0 : entry->record.value_len,
		.rev = entry->record.rev,
	};

	records->secret |= is_private && !withheld;
	return kv_records_append(records, &head, entry->record.data, kv_entry_value(entry));
}
