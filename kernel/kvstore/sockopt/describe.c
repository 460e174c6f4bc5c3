// SPDX-License-Identifier: GPL-2.0-only
/* KV_SO_DESCRIBE: declared keys, and the values in effect */
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "net.h"
#include "params/params.h"
#include "record.h"
#include "sockopt/call.h"
#include "store/store.h"

/**
 * struct parts - the texts of a description, one after another
 * @data: memory for them; NULL to only measure them
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
 * struct effective - the value of a parameter that is in effect
 * @value: @len bytes
 * @len: bytes of the value
 * @flags: enum kv_description_flag
 * @rev: revision of the entry; 0 if there is none
 * @computed: memory for a computed value
 */
struct effective {
	const void *value;
	unsigned int len;
	u8 flags;
	u64 rev;
	u8 computed[KV_COMPUTED_MAX];
};

static void find_effective(const struct kv_store *store, const struct kv_slot *slot,
			   const struct kv_entry *entry, struct effective *effective)
{
	const struct kv_param *param = slot->param;

	*effective = (struct effective){ .value = param->def };
	if (param->show) {
		effective->flags = KV_D_READONLY;
		effective->value = effective->computed;
		effective->len = max(0, store->hooks->compute(store, param->name, slot->name_len,
							      effective->computed));
		return;
	}
	effective->len = strlen(param->def);
	if (!entry)
		return;
	effective->flags = KV_D_SET | (slot->refused ? KV_D_REFUSED : 0) |
			   (kv_entry_is_private(entry) ? KV_D_PRIVATE : 0);
	effective->rev = entry->record.rev;
	if (!slot->refused) {
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
	description->module_len = add_text(parts, slot->instance->declaration->module);
	description->text_len = add_text(parts, param->text);
	description->len = ALIGN(sizeof(*description) + parts->len, 8);
}

/* Append the description of a parameter; false if it does not fit. */
static bool append_description(const struct kv_store *store, const struct kv_slot *slot,
			       struct kv_records *page)
{
	struct kv_description head, *description;
	const struct kv_entry *entry;
	struct effective effective;
	struct parts parts = { 0 };

	rcu_read_lock();
	entry = kv_store_find(store, slot->param->name, slot->name_len);
	find_effective(store, slot, entry, &effective);
	rcu_read_unlock();	/* store->lock keeps the entry in the store */
	if (effective.flags & KV_D_PRIVATE && !(effective.flags & KV_D_REFUSED)) {
		page->secret |= page->show_private;
		if (!page->show_private) {
			effective.flags |= KV_D_WITHHELD;
			effective.len = 0;
		}
	}
	/* Measure the texts, and then, if they fit, copy them. */
	fill(&head, slot, &effective, &parts);
	if (head.len > kv_records_left(page))
		return false;
	description = kv_records_reserve(page, head.len);
	parts = (struct parts){ .data = description->data };
	fill(description, slot, &effective, &parts);
	memset(description->data + parts.len, 0, head.len - sizeof(head) - parts.len);
	return true;
}

/* Append as many of the requested descriptions as fit; true if there are more. */
static bool fill_page(const struct kv_store *store, const struct kv_describe *request,
		      struct kv_records *page)
{
	bool after = request->flags & KV_DESCRIBE_AFTER;
	unsigned int len = request->name_len;
	const u8 *name = request->data;
	const struct kv_slot *slot;

	while ((slot = kv_slot_next(store->params, name, len, after))) {
		name = slot->param->name;
		len = slot->name_len;
		after = true;
		if (len < request->prefix_len || memcmp(name, request->data, request->prefix_len))
			return false;
		if (!append_description(store, slot, page))
			return true;
	}
	return false;
}

/**
 * kv_call_describe() - handler of KV_SO_DESCRIBE
 * @call: the call, with the request's head and name in call->buf
 *
 * Context: may sleep.
 * Return: 0, -EINVAL, -ENOMEM, -EINTR or -ERANGE.
 */
int kv_call_describe(struct kv_call *call)
{
	const struct kv_describe *request = (const struct kv_describe *)call->buf;
	struct kv_records page = {
		.size = call->room - sizeof(*request),
		.show_private = kv_sees_private(call->net),
	};
	struct kv_describe *reply;
	bool more;
	u64 rev;
	int err;

	BUILD_BUG_ON(sizeof(*request) > KV_HEAD_MAX);
	if (request->prefix_len > request->name_len || request->flags & ~KV_DESCRIBE_AFTER ||
	    memchr_inv(request->reserved, 0, sizeof(request->reserved)))
		return -EINVAL;
	err = kv_call_alloc_reply(call, call->room);
	if (err)
		return err;
	reply = call->reply;
	page.buf = reply->data;
	kv_records_begin(&page);
	if (mutex_lock_killable(&call->store->lock))
		return -EINTR;
	more = fill_page(call->store, request, &page);
	rev = call->store->rev;
	mutex_unlock(&call->store->lock);
	call->secret = page.secret;
	if (more && !page.count)
		return -ERANGE;
	*reply = (struct kv_describe){
		.rev = rev,
		.count = page.count,
		.name_len = request->name_len,
		.prefix_len = request->prefix_len,
		.more = more,
	};
	call->len = sizeof(*reply) + kv_records_len(&page);
	return 0;
}
