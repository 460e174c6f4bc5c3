// SPDX-License-Identifier: GPL-2.0-only
/* Entries: making and freeing them, and the slow path of appending their records */
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

/*
 * Allocate an entry. Entries that wait for a grace period may fill the memory cgroup:
 * before an allocation fails, wait until they are freed, once in each command.
 */
static struct kv_entry *entry_alloc(size_t size, bool *waited)
{
	struct kv_entry *entry = kmalloc(size, KV_GFP);

	if (entry || *waited)
		return entry;
	*waited = true;
	rcu_barrier();
	return kmalloc(size, KV_GFP);
}

/**
 * kv_entry_make() - make the entry of a put
 * @put: a KV_OP_PUT that kv_operation_check() has accepted
 * @waited: in and out: this command has waited for entries to be freed
 *
 * Context: may sleep. Charged to the caller's memory cgroup.
 * Return: the entry, to be freed by kv_entry_free() unless it is linked; NULL
 * without memory.
 */
struct kv_entry *kv_entry_make(const struct kv_operation *put, bool *waited)
{
	size_t data_len = put->key_len + put->value_len;
	size_t size = offsetof(struct kv_entry, record) + kv_record_size(data_len);
	const u8 *value = put->value ?: put->key + put->key_len;
	struct kv_entry *entry = entry_alloc(size, waited);

	if (!entry)
		return NULL;
	*(u64 *)((void *)entry + size - sizeof(u64)) = 0;
	entry->record = (struct kv_record){
		.op = KV_OP_NONE,
		.flags = put->flags & KV_F_PRIVATE,
		.key_len = put->key_len,
		.value_len = put->value_len,
	};
	memcpy(entry->record.data, put->key, put->key_len);
	memcpy(entry->record.data + put->key_len, value, put->value_len);
	entry->size = sizeof(entry->record) + data_len;
	if (put->flags & KV_F_PRIVATE)
		entry->size |= KV_SIZE_PRIVATE;
	refcount_set(&entry->refs, 1);
	return entry;
}

/**
 * kv_entry_free() - free an entry that no reader can find
 * @entry: has only the reference of kv_entry_make()
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

/* Slow path of kv_entry_append(): private and computed records, records that do not fit. */
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
