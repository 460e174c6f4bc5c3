/* SPDX-License-Identifier: GPL-2.0-only */
/* Records for a caller, one after another */
#ifndef KV_PAGE_H
#define KV_PAGE_H

#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "entry.h"

/**
 * struct kv_page - room for records
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
bool kv_page_add_private(struct kv_page *page, enum kv_op op, const struct kv_entry *entry);

/* Whether one more record of so many bytes fits. */
static __always_inline bool kv_page_fits(const struct kv_page *page, size_t len)
{
	return ALIGN(len, sizeof(u64)) <= page->size - page->len;
}

/* The place of one more record, which fits; with zeros behind it. */
static __always_inline struct kv_record *kv_page_reserve(struct kv_page *page, size_t len)
{
	void *record = page->buf + page->len;

	page->len += ALIGN(len, sizeof(u64));
	page->count++;
	*(u64 *)(page->buf + page->len - sizeof(u64)) = 0;
	return record;
}

/**
 * kv_page_add_entry() - append the record of an entry
 * @page: page
 * @op: op of the record
 * @entry: entry; a private value is left out unless page->show_private
 *
 * Context: any.
 * Return: false if it does not fit; the page is then as it was.
 */
static __always_inline bool kv_page_add_entry(struct kv_page *page, enum kv_op op,
					      const struct kv_entry *entry)
{
	size_t len = sizeof(struct kv_record) + kv_entry_bytes(entry);
	struct kv_record *record;

	if (unlikely(kv_entry_is_private(entry)))
		return kv_page_add_private(page, op, entry);
	if (unlikely(!kv_page_fits(page, len)))
		return false;
	record = kv_page_reserve(page, len);
	/* KV_F_DECLARED may come or go meanwhile. */
	data_race(memcpy(record, &entry->record, len));
	if (op != KV_OP_NONE)
		record->op = op;
	return true;
}

#endif
