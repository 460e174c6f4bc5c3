// SPDX-License-Identifier: GPL-2.0-only
/* Declared parameters: finding them, and the updates that commits make of them */
#include <linux/kernel.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "entry.h"
#include "param.h"
#include "store.h"
#include "value.h"

/* Finding */

static int compare(const struct kv_slot *slot, const char *key, unsigned int len)
{
	int order = memcmp(slot->param->name, key, min(slot->name_len, len));

	return order ? order : (int)slot->name_len - (int)len;
}

/* The first slot whose key is not before @key or, with @after, is behind it. */
static struct kv_slot *slot_from(struct kv_declared *declared, const char *key, unsigned int len,
				 bool after)
{
	unsigned int low = 0, high = declared->declaration->count;

	while (low < high) {
		unsigned int middle = low + (high - low) / 2;

		if (compare(&declared->slots[middle], key, len) < (int)after)
			low = middle + 1;
		else
			high = middle;
	}
	return low < declared->declaration->count ? &declared->slots[low] : NULL;
}

/**
 * kv_slot_find() - the parameter of a key
 * @store: store
 * @key: its bytes
 * @len: number of them
 *
 * Context: under RCU or store->lock; any.
 * Return: the slot, or NULL if the key is not declared.
 */
struct kv_slot *kv_slot_find(const struct kv_store *store, const char *key, unsigned int len)
{
	struct kv_declared *declared;
	struct kv_slot *slot;

	list_for_each_entry_rcu(declared, &store->declared, link, lockdep_is_held(&store->lock)) {
		slot = slot_from(declared, key, len, false);
		if (slot && !compare(slot, key, len))
			return slot;
	}
	return NULL;
}

/**
 * kv_slot_next() - the parameter that comes next in the order of keys
 * @store: store
 * @key: where to look from
 * @len: bytes of it
 * @after: not at the key itself
 *
 * Context: under store->lock.
 * Return: the slot or NULL.
 */
struct kv_slot *kv_slot_next(const struct kv_store *store, const char *key, unsigned int len,
			     bool after)
{
	struct kv_slot *slot, *next = NULL;
	struct kv_declared *declared;

	lockdep_assert_held(&store->lock);
	list_for_each_entry(declared, &store->declared, link) {
		slot = slot_from(declared, key, len, after);
		if (slot && (!next || compare(slot, next->param->name, next->name_len) < 0))
			next = slot;
	}
	return next;
}

/**
 * kv_slot_show() - the value of a key that a module makes when it is read
 * @store: store
 * @key: its bytes
 * @len: number of them
 * @value: where it goes
 *
 * Context: any.
 * Return: 0; -ERANGE if it does not fit; -ENOENT if it is not such a key.
 */
noinline int kv_slot_show(const struct kv_store *store, const char *key, unsigned int len,
			  struct kv_value *value)
{
	const struct kv_slot *slot;
	char text[KV_SHOW_MAX];
	int shown = -1;

	rcu_read_lock();
	slot = kv_slot_find(store, key, len);
	if (slot && slot->param->show)
		shown = max(0, slot->param->show(slot->param, store->net,
						 slot->declared->settings, text, sizeof(text)));
	rcu_read_unlock();
	if (shown < 0)
		return -ENOENT;
	value->len = min_t(unsigned int, shown, sizeof(text));
	value->flags = KV_F_DECLARED;
	value->rev = 0;
	if (value->len > value->size)
		return -ERANGE;
	memcpy(value->buf, text, value->len);
	return 0;
}

/* Refusals */

/**
 * kv_vrefuse() - say why a value is refused
 * @reason: filled
 * @param: the parameter whose value it is, or NULL
 * @format: as kv_refuse()
 * @args: its arguments
 *
 * Context: any.
 * Return: -EDOM.
 */
int kv_vrefuse(struct kv_reason *reason, const struct kv_param *param, const char *format,
	       va_list args)
{
	reason->param = param;
	vscnprintf(reason->text, sizeof(reason->text), format, args);
	return -EDOM;
}

static __printf(3, 4)
int refuse(struct kv_reason *reason, const struct kv_param *param, const char *format, ...)
{
	va_list args;
	int err;

	va_start(args, format);
	err = kv_vrefuse(reason, param, format, args);
	va_end(args);
	return err;
}

/* Callbacks answer with -EDOM or -ENOMEM; whatever else they return is a refusal. */
static int answer(int err)
{
	return !err || err == -ENOMEM ? err : -EDOM;
}

static int refuse_choice(const struct kv_slot *slot, struct kv_reason *reason)
{
	const char *const *choice = slot->param->choices;
	char all[KV_REASON_MAX] = "";
	unsigned int len = 0;

	for (; *choice; choice++)
		len += scnprintf(all + len, sizeof(all) - len, "%s%s", len ? "|" : "", *choice);
	return refuse(reason, slot->param, "must be one of %s", all);
}

/* Say what the parameter's type and bounds ask for. */
static int refuse_value(const struct kv_slot *slot, struct kv_reason *reason)
{
	const struct kv_param *param = slot->param;
	const char *blank = param->unit ? " " : "", *unit = param->unit ?: "";

	switch (param->type) {
	case KV_TYPE_U64:
		return refuse(reason, param, "must be a whole number from %llu to %llu%s%s",
			      slot->min, slot->max, blank, unit);
	case KV_TYPE_S64:
		return refuse(reason, param, "must be a whole number from %lld to %lld%s%s",
			      slot->min, slot->max, blank, unit);
	case KV_TYPE_BOOL:
		return refuse(reason, param,
			      "must be on or off, 1 or 0, true or false, yes or no");
	case KV_TYPE_ENUM:
		return refuse_choice(slot, reason);
	case KV_TYPE_STRING:
		return refuse(reason, param, "must be %llu to %llu bytes without NUL",
			      slot->min, slot->max);
	case KV_TYPE_IPV4:
		return refuse(reason, param, "must be an IPv4 address, such as 192.0.2.1");
	default:
		return refuse(reason, param, "must be an IPv6 address, such as 2001:db8::1");
	}
}

static bool in_bounds(const struct kv_slot *slot, const union kv_parsed *parsed, unsigned int len)
{
	switch (slot->param->type) {
	case KV_TYPE_U64:
		return parsed->u64 >= slot->min && parsed->u64 <= slot->max;
	case KV_TYPE_S64:
		return parsed->s64 >= (s64)slot->min && parsed->s64 <= (s64)slot->max;
	case KV_TYPE_STRING:
		return len >= slot->min && len <= slot->max;
	default:
		return true;
	}
}

/* Updates */

static bool is_object(const struct kv_param *param)
{
	return param->type == KV_TYPE_STRING || param->type == KV_TYPE_IPV6;
}

/* A string may be a copy of a private value: all are wiped. */
static void object_free(struct rcu_head *rcu)
{
	kfree_sensitive(rcu);
}

/**
 * kv_object_free() - free a string or an address when no reader is at it
 * @object: struct kv_string, struct kv_ipv6 or NULL
 *
 * Context: any.
 */
void kv_object_free(void *object)
{
	BUILD_BUG_ON(offsetof(struct kv_string, rcu) || offsetof(struct kv_ipv6, rcu));
	if (object)
		call_rcu(object, object_free);
}

/* The object of a parsed value, or NULL without memory. */
static void *object_alloc(const struct kv_param *param, const char *text, unsigned int len,
			  const union kv_parsed *parsed)
{
	struct kv_string *string;
	struct kv_ipv6 *ipv6;

	if (param->type == KV_TYPE_IPV6) {
		ipv6 = kmalloc(sizeof(*ipv6), KV_GFP);
		if (ipv6)
			ipv6->addr = parsed->ipv6;
		return ipv6;
	}
	string = kmalloc(struct_size(string, text, len + 1), KV_GFP);
	if (!string)
		return NULL;
	string->len = len;
	memcpy(string->text, text, len);
	string->text[len] = '\0';
	return string;
}

/* The number of a parsed value, as the field holds it. */
static void put_number(void *field, const struct kv_param *param, const union kv_parsed *parsed)
{
	switch (param->size) {
	case 1:
		*(u8 *)field = parsed->u64;
		break;
	case 2:
		*(u16 *)field = parsed->u64;
		break;
	case 4:
		*(u32 *)field = param->type == KV_TYPE_IPV4 ? (__force u32)parsed->ipv4 :
							      parsed->u64;
		break;
	case 8:
		*(u64 *)field = parsed->u64;
		break;
	}
}

/* The field of the module's struct becomes what it is in the copy. */
static void write_field(void *field, const void *next, unsigned int size)
{
	switch (size) {
	case 1:
		WRITE_ONCE(*(u8 *)field, *(u8 *)next);
		break;
	case 2:
		WRITE_ONCE(*(u16 *)field, *(u16 *)next);
		break;
	case 4:
		WRITE_ONCE(*(u32 *)field, *(u32 *)next);
		break;
	case 8:
		WRITE_ONCE(*(u64 *)field, *(u64 *)next);
		break;
	}
}

static struct kv_pending *pending_alloc(struct list_head *updates, struct kv_declared *declared)
{
	struct kv_store *store = declared->store;
	size_t size = declared->declaration->size;
	struct kv_pending *pending = kzalloc(struct_size(pending, next, size), KV_GFP);

	if (!pending)
		return NULL;
	memcpy(pending->next, declared->settings, size);
	pending->declared = declared;
	pending->update = (struct kv_update){
		.net = store->net,
		.settings = declared->settings,
		.next = pending->next,
		.rev = store->rev + 1,
		.reason = &store->reason,
	};
	declared->update = pending;
	kv_callback_begin(&pending->caller);
	list_add_tail(&pending->link, updates);
	return pending;
}

/* Ask the parameter's own check; @text is not terminated. */
static int check_value(const struct kv_slot *slot, const char *text, unsigned int len,
		       const void *object, const union kv_parsed *parsed, struct kv_reason *reason)
{
	const struct kv_param *param = slot->param;
	char plain[KV_PLAIN_MAX];

	if (!param->check)
		return 0;
	if (param->type == KV_TYPE_STRING) {
		text = ((const struct kv_string *)object)->text;
	} else if (param->type == KV_TYPE_ENUM) {
		text = param->choices[parsed->u64];
	} else {
		memcpy(plain, text, len);	/* it was parsed, so it is short */
		plain[len] = '\0';
		text = plain;
	}
	reason->param = param;
	reason->text[0] = '\0';
	return answer(param->check(param, text, len, reason));
}

static int pending_put(struct kv_pending *pending, struct kv_slot *slot, const char *text,
		       unsigned int len)
{
	const struct kv_param *param = slot->param;
	struct kv_reason *reason = pending->update.reason;
	void *field = pending->next + param->offset, *object = NULL;
	union kv_parsed parsed;
	int err;

	if (!kv_value_parse(param->type, param->choices, text, len, &parsed) ||
	    !in_bounds(slot, &parsed, len))
		return refuse_value(slot, reason);
	if (is_object(param)) {
		object = object_alloc(param, text, len, &parsed);
		if (!object)
			return -ENOMEM;
	}
	err = check_value(slot, text, len, object, &parsed, reason);
	if (err) {
		kfree_sensitive(object);
		return err;
	}
	if (!is_object(param)) {
		put_number(field, param, &parsed);
	} else {
		if (slot->staged)	/* by a record before this one */
			kfree_sensitive(*(void **)field);
		*(void **)field = object;
	}
	slot->staged = true;
	return 0;
}

/**
 * kv_update_put() - have the parameters of a commit follow one of its changes
 * @updates: the commit's; empty at first
 * @slot: parameter
 * @entry: what it is set to; NULL: it goes back to its default
 *
 * Context: may sleep; store->lock.
 * Return: 0; -EDOM, with the reason in store->reason; -ENOMEM.
 */
int kv_update_put(struct list_head *updates, struct kv_slot *slot, const struct kv_entry *entry)
{
	struct kv_declared *declared = slot->declared;
	const struct kv_param *param = slot->param;
	struct kv_pending *pending = declared->update;

	lockdep_assert_held(&declared->store->lock);
	if (param->show)
		return entry ? refuse(&declared->store->reason, param, "is read-only") : 0;
	if (!pending)
		pending = pending_alloc(updates, declared);
	if (!pending)
		return -ENOMEM;
	return entry ? pending_put(pending, slot, kv_entry_value(entry),
				   entry->record.value_len) :
		       pending_put(pending, slot, param->def, strlen(param->def));
}

/**
 * kv_updates_prepare() - ask those whose parameters change
 * @updates: from kv_update_put()
 *
 * Context: may sleep; store->lock.
 * Return: 0; -EDOM, with the reason in store->reason; -ENOMEM.
 */
int kv_updates_prepare(struct list_head *updates)
{
	struct kv_pending *pending;
	int err = 0;

	list_for_each_entry(pending, updates, link) {
		const struct kv_declaration *declaration = pending->declared->declaration;

		pending->update.reason->param = NULL;
		pending->update.reason->text[0] = '\0';
		pending->update.prepared = NULL;
		if (declaration->prepare)
			err = answer(declaration->prepare(&pending->update));
		if (err)
			return err;
		pending->prepared = true;
	}
	return 0;
}

static void pending_free(struct kv_pending *pending)
{
	struct kv_declared *declared = pending->declared;
	unsigned int i;

	for (i = 0; i < declared->declaration->count; i++)
		declared->slots[i].staged = false;
	declared->update = NULL;
	kv_callback_end(&pending->caller);
	list_del(&pending->link);
	kfree_sensitive(pending);
}

static void slot_write(struct kv_slot *slot, const struct kv_pending *pending)
{
	const struct kv_param *param = slot->param;
	void *field = slot->declared->settings + param->offset;
	const void *next = pending->next + param->offset;
	void *old;

	if (!pending->first)
		slot->ignored = false;
	if (!is_object(param)) {
		write_field(field, next, param->size);
		return;
	}
	old = *(void **)field;
	/* Pairs with the rcu_dereference() of the module's readers. */
	smp_store_release((void **)field, *(void *const *)next);
	kv_object_free(old);
}

/**
 * kv_updates_commit() - the parameters become what was prepared
 * @updates: empty afterwards
 *
 * Context: may sleep; store->lock.
 */
void kv_updates_commit(struct list_head *updates)
{
	struct kv_pending *pending, *next;
	unsigned int i;

	list_for_each_entry_safe(pending, next, updates, link) {
		struct kv_declared *declared = pending->declared;

		for (i = 0; i < declared->declaration->count; i++)
			if (declared->slots[i].staged)
				slot_write(&declared->slots[i], pending);
		if (declared->declaration->commit)
			declared->declaration->commit(&pending->update);
		pending_free(pending);
	}
}

/**
 * kv_updates_abort() - forget them
 * @updates: empty afterwards
 *
 * Context: may sleep; store->lock.
 */
void kv_updates_abort(struct list_head *updates)
{
	struct kv_pending *pending, *next;
	unsigned int i;

	list_for_each_entry_safe(pending, next, updates, link) {
		struct kv_declared *declared = pending->declared;

		if (pending->prepared && declared->declaration->abort)
			declared->declaration->abort(&pending->update);
		for (i = 0; i < declared->declaration->count; i++) {
			struct kv_slot *slot = &declared->slots[i];

			if (slot->staged && is_object(slot->param))
				kfree_sensitive(*(void **)(pending->next + slot->param->offset));
		}
		pending_free(pending);
	}
}
