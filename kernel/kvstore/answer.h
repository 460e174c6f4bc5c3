/* SPDX-License-Identifier: GPL-2.0-only */
/* What the records of a transaction find of their keys */
#ifndef KV_ANSWER_H
#define KV_ANSWER_H

#include "page.h"
#include "store.h"

/* Whether @entry, a key's or NULL, is what a record wants it to be. */
static __always_inline int kv_answer_check(const struct kv_entry *entry, enum kv_op op,
					   unsigned int flags, u64 rev)
{
	if (!entry)
		return op == KV_OP_DELETE || flags & (KV_F_REPLACE | KV_F_IF_REV) ? -ENOENT : 0;
	if (flags & KV_F_CREATE)
		return -EEXIST;
	if (flags & KV_F_IF_REV && entry->record.rev != rev)
		return -ESTALE;
	return 0;
}

int kv_answer_other(const struct kv_store *store, const struct kv_entry *entry, const u8 *key,
		    unsigned int len, struct kv_page *page);

/**
 * kv_answer_get() - append the record that a KV_OP_GET is answered with
 * @store: store
 * @entry: the key's entry or NULL
 * @key: key
 * @len: bytes of it
 * @page: where it goes
 *
 * Context: under RCU or store->lock; any.
 * Return: 0; -EPERM for a private value, unless page->show_private; -ERANGE if
 * it does not fit.
 */
static __always_inline int kv_answer_get(const struct kv_store *store,
					 const struct kv_entry *entry, const u8 *key,
					 unsigned int len, struct kv_page *page)
{
	if (likely(entry && kv_page_add_plain(page, KV_OP_GET, entry)))
		return 0;
	return kv_answer_other(store, entry, key, len, page);
}

#endif
