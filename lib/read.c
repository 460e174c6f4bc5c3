// SPDX-License-Identifier: MIT
/* Reads: single keys, listings, counters of the store; and sealing */
#include <errno.h>
#include <string.h>

#include "internal.h"

/* Copy the value of a reply to the caller. */
static ssize_t copy_value(const struct kv_record *record, const char *key, void *buf, size_t size,
			  struct kv_item *item)
{
	size_t len = record->value_len;

	if (len > size)
		return -ERANGE;
	memcpy(buf, record->data + strlen(key), len);
	if (len < size)
		((char *)buf)[len] = '\0';
	if (item)
		*item = (struct kv_item){
			.key = key,
			.value = buf,
			.value_len = len,
			.flags = record->flags,
			.rev = record->rev,
		};
	return len;
}

ssize_t kv_get(struct kv *kv, const char *key, void *buf, size_t size, struct kv_item *item)
{
	const struct kv_record *record = &kv->buf.record;
	ssize_t head = kv_pack(&kv->buf, sizeof(kv->buf), KV_OP_NONE, key, NULL, 0, 0, 0);
	ssize_t copied;
	int len;

	if (head < 0)
		return head;
	len = kv_get_word(kv, KV_SO_GET, &kv->buf, sizeof(kv->buf));
	if (len < 0)
		return len;
	if (head + record->value_len != len)
		return -EPROTO;
	copied = copy_value(record, key, buf, size, item);
	if (record->flags & KV_F_PRIVATE)
		explicit_bzero(kv->buf.bytes + head, record->value_len);
	return copied;
}

int kv_list(struct kv *kv, const char *prefix, kv_list_fn *fn, void *arg, uint64_t *rev)
{
	struct kv_list *page = &kv->buf.list;
	size_t prefix_len = prefix ? strlen(prefix) : 0;
	uint64_t cursor[2] = { 0, 0 }, first = 0;
	bool started = false, snapshot = true;
	int err;

	if (prefix_len > KV_KEY_MAX)
		return -ENAMETOOLONG;
	do {
		*page = (struct kv_list){
			.cursor = { cursor[0], cursor[1] },
			.prefix_len = prefix_len,
		};
		memcpy(page->data, prefix ? prefix : "", prefix_len);
		err = kv_get_word(kv, KV_SO_LIST, &kv->buf, sizeof(kv->buf));
		if (err < 0)
			return err;
		if (err < (int)sizeof(*page))
			return -EPROTO;
		memcpy(cursor, page->cursor, sizeof(cursor));
		if (!started)
			first = page->rev;
		started = true;
		snapshot &= page->rev == first;
		err = kv_each_record(page->data, err - sizeof(*page), page->count, fn, arg);
	} while (!err && page->more);
	if (rev)
		*rev = snapshot ? first : UINT64_MAX;
	return err;
}

int kv_info(struct kv *kv, struct kv_info *info)
{
	int len;

	memset(info, 0, sizeof(*info));
	len = kv_get_word(kv, KV_SO_INFO, info, sizeof(*info));
	return len < 0 ? len : 0;
}

int kv_seal(struct kv *kv)
{
	kv->buf.record = (struct kv_record){ 0 };
	return kv_set_word(kv, KV_SO_SEAL, &kv->buf, sizeof(kv->buf.record));
}
