// SPDX-License-Identifier: GPL-2.0-only
/* Records for a caller, one after another */
#include "page.h"

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
	size_t data_len = head->key_len + head->value_len;
	size_t size = ALIGN(sizeof(*head) + data_len, sizeof(u64));
	struct kv_record *record;

	if (size > kv_page_left(page))
		return false;
	record = kv_page_reserve(page, size);
	memset(page->at - sizeof(u64), 0, sizeof(u64));
	*record = *head;
	memcpy(record->data, data, data_len);
	return true;
}

/* kv_page_add_entry() of what is not told everybody as it stands, or does not fit. */
bool kv_page_add_other(struct kv_page *page, enum kv_op op, const struct kv_entry *entry)
{
	bool is_private = kv_entry_is_private(entry);
	struct kv_record head = {
		.op = op,
		.flags = READ_ONCE(entry->record.flags),
		.key_len = entry->record.key_len,
		.value_len = is_private && !page->show_private ? 0 : entry->record.value_len,
		.rev = entry->record.rev,
	};

	page->secret |= is_private && page->show_private;
	return kv_page_add(page, &head, entry->record.data);
}
