// SPDX-License-Identifier: GPL-2.0-only
/* Entries, and the records that tell of them */
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "entry.h"

/**
 * kv_key_valid() - whether all bytes are among those that a key may have
 * @key: bytes
 * @len: number of them
 *
 * Context: any.
 */
bool kv_key_valid(const u8 *key, unsigned int len)
{
	static const char punctuation[] = "_.:/@+-";
	unsigned int i;

	for (i = 0; i < len; i++)
		if (!(key[i] >= 'a' && key[i] <= 'z') && !(key[i] >= 'A' && key[i] <= 'Z') &&
		    !(key[i] >= '0' && key[i] <= '9') &&
		    !memchr(punctuation, key[i], sizeof(punctuation) - 1))
			return false;
	return true;
}

/**
 * kv_entry_alloc() - an entry that is not linked yet
 * @key_len: 1 to KV_KEY_MAX
 * @value_len: 0 to KV_VALUE_MAX
 * @flags: KV_F_PRIVATE or 0
 * @waited: whether memory was waited for already, which is done once for a command
 *
 * The caller fills data with the key and the value, then gives the entry to
 * kv_store_commit() or kv_entry_free(). Charged to the memory cgroup of the
 * caller.
 *
 * Context: may sleep.
 * Return: the entry or NULL.
 */
struct kv_entry *kv_entry_alloc(unsigned int key_len, unsigned int value_len, unsigned int flags,
				bool *waited)
{
	size_t size = sizeof(struct kv_entry) + key_len + value_len;
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
	entry->key_len = key_len;
	entry->value_len = value_len;
	entry->flags = flags;
	refcount_set(&entry->refs, 1);
	return entry;
}

/**
 * kv_buffer_alloc() - memory for a request or a reply, to be freed by kvfree()
 * @size: bytes
 *
 * Context: may sleep. Charged to the memory cgroup of the caller.
 * Return: the memory or NULL.
 */
void *kv_buffer_alloc(size_t size)
{
	/* kvmalloc() would try hard for contiguous pages, with these flags. */
	return size <= PAGE_SIZE ? kmalloc(size, KV_GFP) : __vmalloc(size, KV_GFP);
}

/* kv_buffer_alloc(), zeroed. */
void *kv_buffer_zalloc(size_t size)
{
	return size <= PAGE_SIZE ? kzalloc(size, KV_GFP) : __vmalloc(size, KV_GFP | __GFP_ZERO);
}

/**
 * kv_entry_free() - free an entry that no reader can have seen, or can see any more
 * @entry: from kv_entry_alloc(), with no reference but the first
 *
 * Context: any.
 */
void kv_entry_free(struct kv_entry *entry)
{
	if (entry->flags & KV_F_PRIVATE)
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

/**
 * kv_page_add() - append a record
 * @page: page
 * @head: its head, with the lengths of @data
 * @data: key and value
 *
 * Context: any.
 * Return: false if it does not fit; the page is then as it was.
 */
bool kv_page_add(struct kv_page *page, const struct kv_record *head, const u8 *data)
{
	unsigned int data_len = head->key_len + head->value_len;
	size_t len = sizeof(*head) + data_len;
	struct kv_record *record = page->buf + page->len;

	if (ALIGN(len, 8) > page->size - page->len)
		return false;
	*record = *head;
	memcpy(record->data, data, data_len);
	memset((void *)record + len, 0, ALIGN(len, 8) - len);
	page->len += ALIGN(len, 8);
	page->count++;
	return true;
}

/**
 * kv_page_add_entry() - append the record of an entry
 * @page: page
 * @op: op of the record
 * @entry: entry; a private value is left out unless page->show_private
 *
 * Context: any.
 * Return: false if it does not fit.
 */
bool kv_page_add_entry(struct kv_page *page, enum kv_op op, const struct kv_entry *entry)
{
	u8 flags = READ_ONCE(entry->flags) & KV_ENTRY_FLAGS;
	bool hidden = flags & KV_F_PRIVATE && !page->show_private;
	struct kv_record head = {
		.op = op,
		.flags = flags,
		.key_len = entry->key_len,
		.value_len = hidden ? 0 : entry->value_len,
		.rev = entry->changed,
	};

	if (flags & KV_F_PRIVATE && !hidden)
		page->secret = true;
	return kv_page_add(page, &head, entry->data);
}
