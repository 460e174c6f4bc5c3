/* SPDX-License-Identifier: GPL-2.0-only */
/* Records for a caller, one after another */
#ifndef KV_PAGE_H
#define KV_PAGE_H

#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "entry.h"

/* sparse does not know it. */
#ifdef __CHECKER__
#define __builtin_assume_aligned(ptr, align) (ptr)
#endif

/* A power of two that no key and value reach together. */
#define KV_RECORD_MAX 2048

/**
 * struct kv_page - room for records
 * @show_private: give private values too
 * @secret: a private value is, or was, among them
 * @buf: room for the records, aligned to 8
 * @size: bytes of it
 * @at: behind the last record; set, as what follows, by kv_page_begin()
 * @end: where the last one ends at most, a multiple of 8 bytes from @buf
 * @count: records
 */
struct kv_page {
	bool show_private;
	bool secret;
	void *buf;
	size_t size;
	void *at;
	void *end;
	unsigned int count;
};

bool kv_page_add(struct kv_page *page, const struct kv_record *head, const u8 *data);
bool kv_page_add_other(struct kv_page *page, enum kv_op op, const struct kv_entry *entry);

/* Have no record in the page. */
static inline void kv_page_begin(struct kv_page *page)
{
	page->at = page->buf;
	page->end = page->buf + round_down(page->size, sizeof(u64));
	page->count = 0;
}

/* Bytes of the records, a multiple of 8. */
static inline size_t kv_page_len(const struct kv_page *page)
{
	return page->at - page->buf;
}

/* Bytes that are left, a multiple of 8. */
static __always_inline size_t kv_page_left(const struct kv_page *page)
{
	return page->end - page->at;
}

/* The place of one more record of so many bytes, a multiple of 8, which fits. */
static __always_inline void *kv_page_reserve(struct kv_page *page, size_t size)
{
	void *record = page->at;

	page->at += size;
	page->count++;
	return record;
}

/* kv_page_add_entry() of what all are told as it stands; false if it is not, or does not fit. */
static __always_inline bool kv_page_add_plain(struct kv_page *page, enum kv_op op,
					      const struct kv_entry *entry)
{
	size_t size = READ_ONCE(entry->size);
	struct kv_record *record;

	BUILD_BUG_ON(KV_KEY_MAX + KV_VALUE_MAX >= KV_RECORD_MAX);
	if (unlikely(size > kv_page_left(page)))
		return false;
	/* Up to its last word; the compiler has to know a limit to copy it without a call. */
	size = sizeof(*record) +
	       (ALIGN(size - sizeof(*record), sizeof(u64)) & (KV_RECORD_MAX - 1));
	record = __builtin_assume_aligned(kv_page_reserve(page, size), sizeof(u64));
	/* KV_F_DECLARED may come or go meanwhile. */
	data_race(memcpy(record, &entry->record, size));
	if (op != KV_OP_NONE)
		record->op = op;
	return true;
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
	return likely(kv_page_add_plain(page, op, entry)) || kv_page_add_other(page, op, entry);
}

#endif
