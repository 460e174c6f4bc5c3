// SPDX-License-Identifier: GPL-2.0-only
/* What the records of a transaction find of their keys */
#include <linux/string.h>

#include "answer.h"

/* The record of a key that a module makes the value of: 0, -ERANGE, or -ENOENT if it is none. */
static int answer_shown(const struct kv_store *store, const u8 *key, unsigned int len,
			struct kv_page *page)
{
	u8 data[KV_KEY_MAX + KV_SHOW_MAX];
	struct kv_value value = { .buf = data + len, .size = sizeof(data) - len };
	struct kv_record head = { .op = KV_OP_GET, .flags = KV_F_DECLARED, .key_len = len };
	int err = kv_slot_show(store, key, len, &value);

	if (err)
		return err;
	memcpy(data, key, len);
	head.value_len = value.len;
	return kv_page_add(page, &head, data) ? 0 : -ERANGE;
}

/* kv_answer_get() of what is not just an entry that everybody sees. */
int kv_answer_other(const struct kv_store *store, const struct kv_entry *entry, const u8 *key,
		    unsigned int len, struct kv_page *page)
{
	struct kv_record none = { .op = KV_OP_GET, .key_len = len };
	int err;

	if (kv_is_shown(store, entry)) {
		err = answer_shown(store, key, len, page);
		if (err != -ENOENT)
			return err;
	}
	if (entry && kv_entry_is_private(entry) && !page->show_private)
		return -EPERM;
	if (!(entry ? kv_page_add_entry(page, KV_OP_GET, entry) : kv_page_add(page, &none, key)))
		return -ERANGE;
	return 0;
}
