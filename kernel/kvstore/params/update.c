// SPDX-License-Identifier: GPL-2.0-only
/* Declared parameters in a store: finding them, and staging and applying their changes */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "params/params.h"
#include "store/entry.h"

/* Finding */

static int compare_key(const struct kv_slot *slot, const u8 *key, unsigned int len)
{
	int order = memcmp(slot->param->name, key, min(slot->name_len, len));

	return order ? order : (int)slot->name_len - (int)len;
}

/* The first slot whose key is not less than @key or, with @after, greater than it; or NULL. */
static struct kv_slot *first_slot_from(struct kv_param_instance *instance, const u8 *key,
				       unsigned int len, bool after)
{
	struct kv_slot *low = instance->slots, *high = instance->end;

	while (low < high) {
		struct kv_slot *middle = low + (high - low) / 2;
		int order = compare_key(middle, key, len);

		if (!order && !after)
			return middle;
		if (order > 0)
			high = middle;
		else
			low = middle + 1;
	}
	return low < instance->end ? low : NULL;
}

/**
 * kv_slot_find() - find the parameter of a key
 * @params: parameters
 * @key: @len bytes
 * @len: bytes of @key, at least 1
 *
 * Context: any; under RCU or store->lock.
 * Return: the slot, or NULL if the key is not declared.
 */
struct kv_slot *kv_slot_find(const struct kv_params *params, const u8 *key, unsigned int len)
{
	struct kv_param_instance *instance;
	struct kv_slot *slot;

	list_for_each_entry_rcu(instance, &params->declared, link,
				lockdep_is_held(&params->store->lock)) {
		slot = first_slot_from(instance, key, len, false);
		if (slot && slot->name_len == len && kv_same_bytes(slot->param->name, key, len))
			return slot;
	}
	return NULL;
}

/**
 * kv_slot_next() - find the next parameter in the order of keys
 * @params: parameters
 * @key: @len bytes
 * @len: bytes of @key; may be 0
 * @after: find a key that is greater than @key, not @key itself
 *
 * Context: store->lock.
 * Return: the slot or NULL.
 */
struct kv_slot *kv_slot_next(const struct kv_params *params, const u8 *key, unsigned int len,
			     bool after)
{
	struct kv_slot *slot, *next = NULL;
	struct kv_param_instance *instance;

	lockdep_assert_held(&params->store->lock);
	list_for_each_entry(instance, &params->declared, link) {
		slot = first_slot_from(instance, key, len, after);
		if (slot && (!next || compare_key(slot, next->param->name, next->name_len) < 0))
			next = slot;
	}
	return next;
}

static_assert(KV_COMPUTED_MAX == KV_SHOW_MAX);

/* kv_hooks.compute */
static int compute_value(const struct kv_store *store, const u8 *key, unsigned int len, u8 *buf)
{
	const struct kv_params *params = store->params;
	const struct kv_slot *slot;
	int value_len = -ENOENT;

	rcu_read_lock();
	slot = kv_slot_find(params, key, len);
	if (slot && slot->param->show) {
		value_len = slot->param->show(slot->param, params->net, slot->instance->settings,
					      buf, KV_COMPUTED_MAX);
		value_len = clamp(value_len, 0, KV_COMPUTED_MAX);
	}
	rcu_read_unlock();
	return value_len;
}

/* Staging */

/**
 * kv_vrefuse() - set the reason why a value is refused
 * @reason: out
 * @param: the parameter whose value it is, or NULL
 * @format: as for kv_refuse()
 * @args: arguments of @format
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

/* Any error of a callback except -ENOMEM is a refusal. */
static int callback_error(int err)
{
	return !err || err == -ENOMEM ? err : -EDOM;
}

static struct kv_staged_update *alloc_update(struct kv_param_instance *instance)
{
	struct kv_params *params = instance->params;
	size_t size = instance->declaration->size;
	struct kv_staged_update *staged = kzalloc(struct_size(staged, next, size), KV_GFP);

	if (!staged)
		return NULL;
	memcpy(staged->next, instance->settings, size);
	staged->instance = instance;
	staged->update = (struct kv_update){
		.net = params->net,
		.settings = instance->settings,
		.next = staged->next,
		.rev = params->store->rev + 1,
		.reason = &params->store->reason,
	};
	instance->update = staged;
	kv_callback_begin(&staged->caller);
	list_add_tail(&staged->link, &params->updates);
	return staged;
}

/* Free an update, and the objects of its fields unless they were published. */
static void free_update(struct kv_staged_update *staged)
{
	struct kv_param_instance *instance = staged->instance;
	struct kv_slot *slot;

	for (slot = instance->slots; slot < instance->end; slot++) {
		if (slot->staged && slot->type->free)
			slot->type->free(staged->next + slot->param->offset);
		slot->staged = false;
	}
	instance->update = NULL;
	kv_callback_end(&staged->caller);
	list_del(&staged->link);
	kfree_sensitive(staged);
}

/* Call the parameter's own check. @field holds the parsed value; @text has no NUL byte. */
static int check_value(const struct kv_slot *slot, const void *field, const char *text,
		       unsigned int len, struct kv_reason *reason)
{
	const struct kv_param *param = slot->param;
	char plain[KV_PLAIN_MAX];

	if (!param->check)
		return 0;
	if (slot->type->text) {
		text = slot->type->text(param, field);
	} else {
		memcpy(plain, text, len);	/* a parsed value fits */
		plain[len] = '\0';
		text = plain;
	}
	reason->param = param;
	reason->text[0] = '\0';
	return callback_error(param->check(param, text, len, reason));
}

static int stage_value(struct kv_staged_update *staged, struct kv_slot *slot, const char *text,
		       unsigned int len)
{
	void *field = staged->next + slot->param->offset;
	struct kv_reason *reason = staged->update.reason;
	const struct kv_param *param = slot->param;
	union kv_parsed parsed;
	u64 value;	/* as large as the largest field */
	int err;

	if (!kv_value_parse(param->type, param->choices, text, len, &parsed) ||
	    (slot->type->in_bounds && !slot->type->in_bounds(slot, &parsed))) {
		reason->param = param;
		kv_slot_describe(slot, reason->text, sizeof(reason->text));
		return -EDOM;
	}
	err = slot->type->store(&value, param, &parsed, text);
	if (err)
		return err;
	err = check_value(slot, &value, text, len, reason);
	if (err) {
		if (slot->type->free)
			slot->type->free(&value);
		return err;
	}
	/* An earlier record of the transaction may have staged an object. */
	if (slot->staged && slot->type->free)
		slot->type->free(field);
	memcpy(field, &value, param->size);
	slot->staged = true;
	return 0;
}

/**
 * kv_update_stage() - stage a change of a parameter, in params->updates
 * @slot: parameter
 * @entry: the new entry of the key; NULL: the parameter gets its default
 *
 * Context: may sleep; store->lock.
 * Return: 0; -EDOM with store->reason; -ENOMEM.
 */
int kv_update_stage(struct kv_slot *slot, const struct kv_entry *entry)
{
	struct kv_store *store = slot->instance->params->store;
	struct kv_staged_update *staged = slot->instance->update;
	const struct kv_param *param = slot->param;

	lockdep_assert_held(&store->lock);
	if (param->show) {
		if (!entry)
			return 0;
		store->reason = (struct kv_reason){ .param = param, .text = "is read-only" };
		return -EDOM;
	}
	if (!staged)
		staged = alloc_update(slot->instance);
	if (!staged)
		return -ENOMEM;
	return entry ? stage_value(staged, slot, kv_entry_value(entry), entry->record.value_len) :
		       stage_value(staged, slot, param->def, strlen(param->def));
}

/* kv_hooks.stage */
static int stage_entry(struct kv_store *store, const struct kv_operation *operation,
		       struct kv_entry *entry)
{
	struct kv_slot *slot = kv_slot_find(store->params, operation->key, operation->key_len);

	if (!slot)
		return 0;
	if (entry)	/* not linked yet */
		entry->record.flags |= KV_F_DECLARED;
	return kv_update_stage(slot, entry);
}

/* Preparing */

/**
 * kv_updates_prepare() - call prepare() of each module whose parameters change
 * @params: parameters, with all changes staged
 *
 * Context: may sleep; store->lock.
 * Return: 0; -EDOM with store->reason; -ENOMEM.
 */
int kv_updates_prepare(struct kv_params *params)
{
	struct kv_staged_update *staged;
	int err = 0;

	list_for_each_entry(staged, &params->updates, link) {
		const struct kv_declaration *declaration = staged->instance->declaration;

		staged->update.reason->param = NULL;
		staged->update.reason->text[0] = '\0';
		staged->update.prepared = NULL;
		if (declaration->prepare)
			err = callback_error(declaration->prepare(&staged->update));
		if (err)
			return err;
		staged->prepared = true;
	}
	return 0;
}

/*
 * The record whose value prepare() refused: the last record of the parameter that
 * it named or, if there is none, the last record of any declared key.
 */
static u32 refused_record(const struct kv_store *store, const struct kv_transaction *txn)
{
	const struct kv_operation *operation;
	const struct kv_slot *slot;
	u32 any = KV_NO_RECORD, i;

	if (txn->operations->flags & KV_F_PREFIX)
		return 0;
	for (i = txn->count; i-- > 0;) {
		operation = &txn->operations[i];
		if (!kv_operations_write(BIT(operation->op)))
			continue;
		slot = kv_slot_find(store->params, operation->key, operation->key_len);
		if (slot && slot->param == store->reason.param)
			return i;
		if (slot && any == KV_NO_RECORD)
			any = i;
	}
	return any;
}

/* kv_hooks.prepare */
static int prepare_transaction(struct kv_store *store, struct kv_transaction *txn)
{
	int err = kv_updates_prepare(store->params);

	if (err == -EDOM)
		txn->failed = refused_record(store, txn);
	return err;
}

/* Ending */

static void publish_fields(struct kv_staged_update *staged)
{
	struct kv_param_instance *instance = staged->instance;
	struct kv_slot *slot;

	for (slot = instance->slots; slot < instance->end; slot++) {
		u16 offset = slot->param->offset;

		if (!slot->staged)
			continue;
		slot->type->publish(instance->settings + offset, staged->next + offset,
				    slot->param->size);
		slot->staged = false;
		if (!staged->initial)
			slot->refused = false;
	}
}

/**
 * kv_updates_commit() - write the fields of all staged updates, and call commit()
 * @store: store whose params->updates are prepared; empty afterwards
 *
 * Context: may sleep; store->lock.
 */
void kv_updates_commit(struct kv_store *store)
{
	struct kv_staged_update *staged, *next;

	list_for_each_entry_safe(staged, next, &store->params->updates, link) {
		const struct kv_declaration *declaration = staged->instance->declaration;

		publish_fields(staged);
		if (declaration->commit)
			declaration->commit(&staged->update);
		free_update(staged);
	}
}

/**
 * kv_updates_abort() - free all staged updates, and call abort() for the prepared ones
 * @store: store; its params->updates are empty afterwards
 *
 * Context: may sleep; store->lock.
 */
void kv_updates_abort(struct kv_store *store)
{
	struct kv_staged_update *staged, *next;

	list_for_each_entry_safe(staged, next, &store->params->updates, link) {
		const struct kv_declaration *declaration = staged->instance->declaration;

		if (staged->prepared && declaration->abort)
			declaration->abort(&staged->update);
		free_update(staged);
	}
}

const struct kv_hooks kv_param_hooks = {
	.stage = stage_entry,
	.prepare = prepare_transaction,
	.commit = kv_updates_commit,
	.abort = kv_updates_abort,
	.global_notifiers = &kv_global_notifiers,
	.notify_begin = kv_notify_begin,
	.notify = kv_notify,
	.notify_end = kv_notify_end,
	.compute = compute_value,
};
