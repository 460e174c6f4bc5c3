// SPDX-License-Identifier: GPL-2.0-only
/* KV_SO_DESCRIBE: what is declared, and what is in effect */
#include <linux/kernel.h>
#include <linux/string.h>

#include "call.h"
#include "param.h"
#include "store.h"

/**
 * struct parts - the texts of a description, one after another
 * @data: where the next one goes; NULL to measure them only
 * @len: bytes so far
 */
struct parts {
	u8 *data;
	unsigned int len;
};

static u16 add_part(struct parts *parts, const void *text, unsigned int len)
{
	if (parts->data)
		memcpy(parts->data + parts->len, text, len);
	parts->len += len;
	return len;
}

static u16 add_text(struct parts *parts, const char *text)
{
	return text ? add_part(parts, text, strlen(text)) : 0;
}

static u16 add_choices(struct parts *parts, const char *const *choices)
{
	unsigned int start = parts->len;

	for (; choices && *choices; choices++) {
		if (parts->len > start)
			add_part(parts, "|", 1);
		add_text(parts, *choices);
	}
	return parts->len - start;
}

/**
 * struct effective - the value that is in effect
 * @value: the bytes, or NULL where the caller may not see them
 * @len: number of them
 * @flags: enum kv_description_flag
 * @rev: revision of what is set
 * @shown: room for what the module makes
 */
struct effective {
	const void *value;
	unsigned int len;
	u8 flags;
	u64 rev;
	u8 shown[KV_SHOW_MAX];
};

static void find_effective(const struct kv_store *store, const struct kv_slot *slot,
			   const struct kv_entry *entry, struct effective *effective)
{
	const struct kv_param *param = slot->param;
	struct kv_value value = { .buf = effective->shown, .size = sizeof(effective->shown) };

	*effective = (struct effective){ .value = param->def };
	if (param->show) {
		effective->flags = KV_D_READONLY;
		if (!kv_slot_show(store, param->name, slot->name_len, &value))
			effective->len = value.len;
		effective->value = effective->shown;
		return;
	}
	effective->len = strlen(param->def);
	if (!entry)
		return;
	effective->flags = KV_D_SET | (slot->ignored ? KV_D_REFUSED : 0) |
			   (entry->record.flags & KV_F_PRIVATE ? KV_D_PRIVATE : 0);
	effective->rev = entry->record.rev;
	if (!slot->ignored) {
		effective->value = kv_entry_value(entry);
		effective->len = entry->record.value_len;
	}
}

static void fill(struct kv_description *description, const struct kv_slot *slot,
		 const struct effective *effective, struct parts *parts)
{
	const struct kv_param *param = slot->param;

	*description = (struct kv_description){
		.type = param->type,
		.flags = effective->flags,
		.rev = effective->rev,
		.min = slot->min,
		.max = slot->max,
	};
	description->key_len = add_part(parts, param->name, slot->name_len);
	description->value_len = add_part(parts, effective->value, effective->len);
	description->default_len = add_text(parts, param->def);
	description->unit_len = add_text(parts, param->unit);
	description->choices_len = add_choices(parts, param->choices);
	description->module_len = add_text(parts, slot->declared->declaration->module);
	description->text_len = add_text(parts, param->text);
	description->len = ALIGN(sizeof(*description) + parts->len, 8);
}

/* Append the parameter's description; false if it does not fit. */
static bool describe(const struct kv_store *store, const struct kv_slot *slot,
		     struct kv_page *page)
{
	struct kv_description head, *description;
	struct effective effective;
	struct parts parts = { 0 };
	const struct kv_entry *entry;

	rcu_read_lock();
	entry = kv_store_find(store, slot->param->name, slot->name_len);
	find_effective(store, slot, entry, &effective);
	rcu_read_unlock();
	if (effective.flags & KV_D_PRIVATE && !(effective.flags & KV_D_REFUSED)) {
		page->secret |= page->show_private;
		effective.len = page->show_private ? effective.len : 0;
	}
	/* The lengths first, and then, if there is room, the texts. */
	fill(&head, slot, &effective, &parts);
	if (head.len > kv_page_left(page))
		return false;
	description = kv_page_reserve(page, head.len);
	parts = (struct parts){ .data = description->data };
	fill(description, slot, &effective, &parts);
	memset(description->data + parts.len, 0, head.len - sizeof(head) - parts.len);
	return true;
}

/**
 * struct wanted - what a page is to have
 * @name: where to look from
 * @name_len: bytes of it
 * @prefix_len: the first bytes of it that the keys start with
 * @after: not from the name itself
 * @more: out: not all fitted
 */
struct wanted {
	const char *name;
	unsigned int name_len;
	unsigned int prefix_len;
	bool after;
	bool more;
};

static void describe_all(const struct kv_store *store, struct wanted *wanted, struct kv_page *page)
{
	const char *name = wanted->name;
	unsigned int len = wanted->name_len;
	bool after = wanted->after;
	const struct kv_slot *slot;

	while ((slot = kv_slot_next(store, name, len, after))) {
		name = slot->param->name;
		len = slot->name_len;
		after = true;
		if (len < wanted->prefix_len || memcmp(name, wanted->name, wanted->prefix_len))
			return;
		wanted->more = !describe(store, slot, page);
		if (wanted->more)
			return;
	}
}

/**
 * kv_call_describe() - handler of KV_SO_DESCRIBE
 * @call: with the request's head and name
 *
 * Context: may sleep.
 * Return: 0, -EINVAL, -ENOMEM, -EINTR or -ERANGE.
 */
int kv_call_describe(struct kv_call *call)
{
	const struct kv_describe *request = (const struct kv_describe *)call->buf;
	struct wanted wanted = {
		.name = (const char *)request->data,
		.name_len = request->name_len,
		.prefix_len = request->prefix_len,
		.after = request->flags & KV_DESCRIBE_AFTER,
	};
	struct kv_page page = {
		.size = call->room - sizeof(*request),
		.show_private = kv_sees_private(call->net),
	};
	struct kv_describe *reply;
	u64 rev;
	int err;

	BUILD_BUG_ON(sizeof(*request) + KV_KEY_MAX > sizeof(call->buf));
	if (request->prefix_len > request->name_len || request->flags & ~KV_DESCRIBE_AFTER ||
	    memchr_inv(request->reserved, 0, sizeof(request->reserved)))
		return -EINVAL;
	err = kv_call_alloc(call, call->room);
	if (err)
		return err;
	reply = call->reply;
	page.buf = reply->data;
	kv_page_begin(&page);
	if (mutex_lock_killable(&call->store->lock))
		return -EINTR;
	describe_all(call->store, &wanted, &page);
	rev = call->store->rev;
	mutex_unlock(&call->store->lock);
	call->secret = page.secret;
	if (wanted.more && !page.count)
		return -ERANGE;
	*reply = (struct kv_describe){
		.rev = rev,
		.count = page.count,
		.name_len = wanted.name_len,
		.prefix_len = wanted.prefix_len,
		.more = wanted.more,
	};
	call->len = sizeof(*reply) + kv_page_len(&page);
	return 0;
}
