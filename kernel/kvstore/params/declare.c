// SPDX-License-Identifier: GPL-2.0-only
/* Declaring parameters in a namespace, and undeclaring them */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "params/params.h"
#include "store/entry.h"

/**
 * kv_params_init() - initialise the parameters of a namespace
 * @params: parameters
 * @store: store of the namespace, whose hooks are kv_param_hooks
 * @net: the namespace; NULL in a test
 *
 * Context: any.
 */
void kv_params_init(struct kv_params *params, struct kv_store *store, struct net *net)
{
	params->store = store;
	params->net = net;
	INIT_LIST_HEAD(&params->declared);
	INIT_LIST_HEAD(&params->ending);
	INIT_LIST_HEAD(&params->notifiers);
	INIT_LIST_HEAD(&params->updates);
}

/**
 * kv_params_are_empty() - whether there are neither declarations nor notifiers
 * @params: parameters of a namespace that is being destroyed
 *
 * Context: any.
 * Return: true if there are none.
 */
bool kv_params_are_empty(const struct kv_params *params)
{
	return list_empty(&params->declared) && list_empty(&params->notifiers);
}

/* Checking the table of a module */

static bool is_short(const char *text, unsigned int max)
{
	return !text || strlen(text) <= max;
}

static bool is_key(const char *name, unsigned int len)
{
	return len && len <= KV_KEY_MAX && kv_key_is_valid(name, len);
}

static bool are_choices_valid(const struct kv_slot *slot)
{
	const char *const *choice = slot->param->choices;
	size_t len = 0;

	if (!slot->type->has_choices)
		return !choice;
	if (!choice || !*choice)
		return false;
	for (; *choice; choice++) {
		if (!**choice || strchr(*choice, '|'))	/* '|' separates them in a description */
			return false;
		len += strlen(*choice) + 1;
	}
	return len - 1 <= KV_CHOICES_MAX;
}

static bool is_field_valid(const struct kv_slot *slot, size_t size)
{
	const struct kv_param *param = slot->param;

	return param->size <= sizeof(u64) && is_power_of_2(param->size) &&
	       !(param->offset % min_t(size_t, param->size, sizeof(long))) &&
	       param->offset + param->size <= size &&
	       (!slot->type->field_size || param->size == slot->type->field_size);
}

/* Fill a slot; return the reason why its row is invalid, or NULL. The default is parsed later. */
static const char *fill_slot(struct kv_slot *slot, size_t size)
{
	const struct kv_param *param = slot->param;

	slot->name_len = param->name ? strlen(param->name) : 0;
	if (!is_key(slot->param->name, slot->name_len))
		return "its name is not a valid key";
	slot->type = kv_type_find(param->type);
	if (!slot->type)
		return "its type is unknown";
	if (!param->text || !is_short(param->text, KV_TEXT_MAX) ||
	    !is_short(param->unit, KV_UNIT_MAX))
		return "its text or unit is missing or too long";
	if (!are_choices_valid(slot))
		return "its choices are missing, empty, too long or out of place, or hold a |";
	if (!param->show && !is_field_valid(slot, size))
		return "its field is not in the struct";
	slot->min = param->min;
	slot->max = param->max;
	if (slot->type->set_bounds ? !slot->type->set_bounds(slot) : slot->min || slot->max)
		return "its bounds are wrong";
	if (param->show)
		return param->def || param->check ? "it is read-only and has a default" : NULL;
	if (!param->def || !is_short(param->def, KV_VALUE_MAX))
		return "its default is missing or too long";
	return NULL;
}

static int compare_slots(const void *a, const void *b)
{
	const struct kv_slot *one = a, *other = b;

	return strcmp(one->param->name, other->param->name);
}

static struct kv_param_instance *alloc_instance(struct kv_params *params,
						const struct kv_declaration *declaration,
						void *settings)
{
	struct kv_param_instance *instance;
	struct kv_slot *slot;

	if (!declaration->count || declaration->count > KV_PARAMS_MAX ||
	    !declaration->module || !is_short(declaration->module, MODULE_NAME_LEN)) {
		pr_err("%s: its declaration has no module's name, or not 1 to %u parameters\n",
		       declaration->module ?: "(nobody)", KV_PARAMS_MAX);
		return ERR_PTR(-EINVAL);
	}
	instance = kvzalloc(struct_size(instance, slots, declaration->count), KV_GFP);
	if (!instance)
		return ERR_PTR(-ENOMEM);
	instance->params = params;
	instance->declaration = declaration;
	instance->settings = settings;
	instance->end = instance->slots + declaration->count;
	for (slot = instance->slots; slot < instance->end; slot++) {
		slot->param = &declaration->params[slot - instance->slots];
		slot->instance = instance;
	}
	return instance;
}

/* Fill, check and sort the slots. */
static int fill_slots(struct kv_param_instance *instance)
{
	const struct kv_declaration *declaration = instance->declaration;
	const char *wrong = NULL;
	struct kv_slot *slot;

	for (slot = instance->slots; slot < instance->end; slot++) {
		wrong = fill_slot(slot, declaration->size);
		if (wrong)
			goto invalid;
	}
	sort(instance->slots, declaration->count, sizeof(*slot), compare_slots, NULL);
	wrong = "it is in the table twice";
	for (slot = instance->slots + 1; slot < instance->end; slot++)
		if (!compare_slots(slot - 1, slot))
			goto invalid;
	return 0;

invalid:
	pr_err("%s: parameter %s: %s\n", declaration->module, slot->param->name, wrong);
	return -EINVAL;
}

/* Initial values: the values in the store, or the defaults */

static struct kv_entry *find_entry(const struct kv_slot *slot)
{
	struct kv_entry *entry;

	rcu_read_lock();
	entry = kv_store_find(slot->instance->params->store, slot->param->name, slot->name_len);
	rcu_read_unlock();
	return entry;	/* store->lock keeps it in the store */
}

static bool has_private_value(const struct kv_param_instance *instance)
{
	const struct kv_entry *entry;
	const struct kv_slot *slot;

	for (slot = instance->slots; slot < instance->end; slot++) {
		entry = find_entry(slot);
		if (entry && kv_entry_is_private(entry))
			return true;
	}
	return false;
}

/* Stage the default of a parameter whose value in the store is refused. */
static int reset_to_default(struct kv_slot *slot)
{
	struct kv_store *store = slot->instance->params->store;

	/* The reason may quote any value of the declaration. */
	pr_warn_ratelimited("netns %u: the value that was set for %s before is refused: %s; the default is in effect\n",
			    store->netns, slot->param->name,
			    has_private_value(slot->instance) ? "the reason is private" :
								store->reason.text);
	slot->refused = true;
	return kv_update_stage(slot, NULL);
}

/*
 * After prepare() has refused: reset the parameter that it named or, if that
 * parameter is at its default already, all parameters. Returns 0 if a parameter was
 * reset, so that prepare() can be called again.
 */
static int reset_refused(struct kv_param_instance *instance, const struct kv_param *param)
{
	struct kv_slot *slot;
	int err = -EDOM;

	for (slot = instance->slots; slot < instance->end; slot++) {
		if (slot->param->show || slot->refused || !find_entry(slot) ||
		    (param && slot->param != param))
			continue;
		err = reset_to_default(slot);
		if (err)
			return err;
	}
	return err && param ? reset_refused(instance, NULL) : err;
}

static int stage_initial_values(struct kv_param_instance *instance)
{
	struct kv_slot *slot;
	int err = 0;

	for (slot = instance->slots; slot < instance->end && !err; slot++) {
		err = kv_update_stage(slot, slot->param->show ? NULL : find_entry(slot));
		if (err == -EDOM && find_entry(slot))
			err = reset_to_default(slot);
		if (err == -EDOM)
			pr_err("%s: parameter %s: its default is refused: %s\n",
			       instance->declaration->module, slot->param->name,
			       instance->params->store->reason.text);
	}
	return err;
}

static int apply_initial_values(struct kv_param_instance *instance)
{
	struct kv_params *params = instance->params;
	struct kv_store *store = params->store;
	int err;

	err = stage_initial_values(instance);
	if (!err && instance->update) {
		instance->update->initial = true;
		instance->update->update.rev = store->rev;
	}
	while (!err) {
		err = kv_updates_prepare(params);
		if (!err)
			break;
		if (err == -EDOM)
			err = reset_refused(instance, store->reason.param);
		if (err == -EDOM)
			pr_err("%s: its parameters are refused: %s\n",
			       instance->declaration->module, store->reason.text);
	}
	if (err)
		kv_updates_abort(store);
	else
		kv_updates_commit(store);
	return err == -EDOM ? -EINVAL : err;
}

/* Declaring */

/* Add or remove the keys of a declaration in the counts of the store, and mark their entries. */
static void mark_keys(struct kv_param_instance *instance, bool declared)
{
	unsigned int count = instance->declaration->count, computed = 0;
	struct kv_store *store = instance->params->store;
	const struct kv_slot *slot;

	for (slot = instance->slots; slot < instance->end; slot++) {
		struct kv_entry *entry = find_entry(slot);
		u32 size;
		u8 flags;

		computed += !!slot->param->show;
		if (!entry)
			continue;
		size = entry->size & ~KV_SIZE_COMPUTED;
		flags = entry->record.flags & ~KV_F_DECLARED;
		WRITE_ONCE(entry->record.flags, flags | (declared ? KV_F_DECLARED : 0));
		WRITE_ONCE(entry->size,
			   size | (declared && slot->param->show ? KV_SIZE_COMPUTED : 0));
	}
	store->declared += declared ? count : -count;
	WRITE_ONCE(store->computed, store->computed + (declared ? computed : -computed));
}

static int declare_locked(struct kv_param_instance *instance)
{
	struct kv_params *params = instance->params;
	const struct kv_slot *slot, *other;
	int err;

	for (slot = instance->slots; slot < instance->end; slot++) {
		other = kv_slot_find(params, slot->param->name, slot->name_len);
		if (!other)
			continue;
		pr_err("%s: parameter %s: %s has declared it already\n",
		       instance->declaration->module, slot->param->name,
		       other->instance->declaration->module);
		return -EEXIST;
	}
	err = apply_initial_values(instance);
	if (err)
		return err;
	mark_keys(instance, true);
	list_add_rcu(&instance->link, &params->declared);
	return 0;
}

/**
 * kv_params_declare() - declare parameters, and apply their initial values
 * @params: parameters of the namespace
 * @declaration: table and callbacks; lasts until kv_params_undeclare()
 * @settings: the module's struct; lasts until kv_params_undeclare()
 *
 * Context: may sleep; not in a callback.
 * Return: as kv_declare().
 */
int kv_params_declare(struct kv_params *params, const struct kv_declaration *declaration,
		      void *settings)
{
	struct kv_param_instance *instance = alloc_instance(params, declaration, settings);
	int err;

	if (IS_ERR(instance))
		return PTR_ERR(instance);
	err = fill_slots(instance);
	if (!err) {
		mutex_lock(&params->store->lock);
		err = declare_locked(instance);
		mutex_unlock(&params->store->lock);
	}
	if (err)
		kvfree(instance);
	return err;
}

/* Undeclaring */

/**
 * kv_params_undeclare_begin() - undeclare parameters, without freeing anything yet
 * @params: parameters of the namespace
 * @declaration: nothing happens if it is not declared in the namespace
 *
 * Callbacks are not called any more, but show() may still be running. After a grace
 * period, call kv_params_undeclare().
 *
 * Context: may sleep; not in a callback.
 */
void kv_params_undeclare_begin(struct kv_params *params, const struct kv_declaration *declaration)
{
	struct kv_param_instance *instance;

	mutex_lock(&params->store->lock);
	list_for_each_entry(instance, &params->declared, link) {
		if (instance->declaration != declaration)
			continue;
		list_del_rcu(&instance->link);
		list_add(&instance->ending, &params->ending);
		mark_keys(instance, false);
		break;
	}
	mutex_unlock(&params->store->lock);
}

/* Remove and return the instance that kv_params_undeclare_begin() has left, if any. */
static struct kv_param_instance *take_ending(struct kv_params *params,
					     const struct kv_declaration *declaration)
{
	struct kv_param_instance *instance, *found = NULL;

	mutex_lock(&params->store->lock);
	list_for_each_entry(instance, &params->ending, ending)
		if (instance->declaration == declaration)
			found = instance;
	if (found)
		list_del(&found->ending);
	mutex_unlock(&params->store->lock);
	return found;
}

/**
 * kv_params_undeclare() - undeclare parameters, and free their memory
 * @params: parameters of the namespace
 * @declaration: declared in the namespace
 *
 * Waits for a grace period, unless kv_params_undeclare_begin() was called and
 * the caller has waited for one since.
 *
 * Context: may sleep; not in a callback.
 */
void kv_params_undeclare(struct kv_params *params, const struct kv_declaration *declaration)
{
	struct kv_param_instance *instance = take_ending(params, declaration);
	const struct kv_slot *slot;

	if (!instance) {
		kv_params_undeclare_begin(params, declaration);
		synchronize_rcu();
		instance = take_ending(params, declaration);
	}
	if (WARN_ON_ONCE(!instance))
		return;
	for (slot = instance->slots; slot < instance->end; slot++)
		if (!slot->param->show && slot->type->free)
			slot->type->free(instance->settings + slot->param->offset);
	if (declaration->release)
		declaration->release(params->net, instance->settings);
	kvfree(instance);
}
