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
	struct kv_record *record;

	if (!kv_page_fits(page, sizeof(*head) + data_len))
		return false;
	record = kv_page_reserve(page, sizeof(*head) + data_len);
	*record = *head;
	memcpy(record->data, data, data_len);
	return true;
}

/* kv_page_add_entry() of an entry whose value not everybody sees. */
bool kv_page_add_private(struct kv_page *page, enum kv_op op, const struct kv_entry *entry)
{
	struct kv_record head = {
		.op = op,
		.flags = READ_ONCE(entry->record.flags),
		.key_len = entry->record.key_len,
		.value_len = page->show_private ? entry->record.value_len : 0,
		.rev = entry->record.rev,
	};

	page->secret |= page->show_private;
	return kv_page_add(page, &head, entry->record.data);
}
