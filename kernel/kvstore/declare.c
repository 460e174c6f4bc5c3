// SPDX-License-Identifier: GPL-2.0-only
/* Declaring parameters in a namespace, and taking that back */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "entry.h"
#include "param.h"
#include "store.h"

/* The table */

static unsigned int choices_len(const char *const *choices)
{
	unsigned int len = 0;

	for (; *choices; choices++)
		len += strlen(*choices) + 1;
	return len - 1;
}

static bool are_choices_valid(const struct kv_param *param)
{
	const char *const *choice = param->choices;

	if (param->type != KV_TYPE_ENUM)
		return !choice;
	if (!choice || !*choice || choices_len(choice) > KV_CHOICES_MAX)
		return false;
	for (; *choice; choice++)	/* what they are shown with */
		if (!**choice || strchr(*choice, '|'))
			return false;
	return true;
}

static bool is_short(const char *text, unsigned int max)
{
	return !text || strlen(text) <= max;
}

/* The bounds of an integer of that many bytes, as far as they are not given. */
static void set_bounds(struct kv_slot *slot)
{
	const struct kv_param *param = slot->param;
	unsigned int bits = 8 * (param->show ? sizeof(u64) : param->size);

	slot->min = param->min;
	slot->max = param->max;
	if (param->min || param->max)
		return;
	if (param->type == KV_TYPE_U64) {
		slot->max = GENMASK_ULL(bits - 1, 0);
	} else if (param->type == KV_TYPE_S64) {
		slot->max = GENMASK_ULL(bits - 2, 0);
		slot->min = ~slot->max;
	} else if (param->type == KV_TYPE_STRING) {
		slot->max = param->show ? KV_SHOW_MAX : KV_VALUE_MAX;
	}
}

static bool are_bounds_valid(const struct kv_slot *slot)
{
	const struct kv_param *param = slot->param;
	unsigned int bits = 8 * (param->show ? sizeof(u64) : param->size);

	if (param->type == KV_TYPE_S64)
		return (s64)slot->min <= (s64)slot->max &&
		       (s64)slot->max <= (s64)GENMASK_ULL(bits - 2, 0) &&
		       (s64)slot->min >= (s64)~GENMASK_ULL(bits - 2, 0);
	if (slot->min > slot->max)
		return false;
	if (param->type == KV_TYPE_U64)
		return slot->max <= GENMASK_ULL(bits - 1, 0);
	return param->type == KV_TYPE_STRING ? slot->max <= KV_VALUE_MAX : !slot->max;
}

static const u16 field_sizes[] = {
	[KV_TYPE_BOOL] = sizeof(bool),
	[KV_TYPE_ENUM] = sizeof(unsigned int),
	[KV_TYPE_STRING] = sizeof(struct kv_string *),
	[KV_TYPE_IPV4] = sizeof(__be32),
	[KV_TYPE_IPV6] = sizeof(struct kv_ipv6 *),
};

static bool is_field_valid(const struct kv_param *param, size_t size)
{
	if (param->size > sizeof(u64) || !is_power_of_2(param->size) ||
	    param->offset % min_t(size_t, param->size, sizeof(long)) ||
	    param->offset + param->size > size)
		return false;
	return param->type == KV_TYPE_U64 || param->type == KV_TYPE_S64 ||
	       param->size == field_sizes[param->type];
}

/* Fill the slot in: what is wrong with its row, or NULL. kv_value_parse() judges the default. */
static const char *slot_fill(struct kv_slot *slot, size_t size)
{
	const struct kv_param *param = slot->param;

	slot->name_len = param->name ? strlen(param->name) : 0;
	if (!slot->name_len || slot->name_len > KV_KEY_MAX ||
	    !kv_key_valid(param->name, slot->name_len))
		return "its name is no key";
	if (param->type <= KV_TYPE_NONE || param->type > KV_TYPE_IPV6)
		return "it has no type";
	if (!param->text || !is_short(param->text, KV_TEXT_MAX) ||
	    !is_short(param->unit, KV_UNIT_MAX))
		return "its text or unit is missing or too long";
	if (!are_choices_valid(param))
		return "its choices are missing, empty, too long or out of place, or hold a |";
	if (!param->show && !is_field_valid(param, size))
		return "its field is not in the struct";
	set_bounds(slot);	/* from the size of its field */
	if (!are_bounds_valid(slot))
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

static struct kv_declared *declared_alloc(struct kv_store *store,
					  const struct kv_declaration *declaration, void *settings)
{
	struct kv_declared *declared;
	unsigned int i;

	if (!declaration->count || declaration->count > KV_PARAMS_MAX ||
	    !declaration->module || !is_short(declaration->module, MODULE_NAME_LEN)) {
		pr_err("%s: its declaration has no module's name, or not 1 to %u parameters\n",
		       declaration->module ?: "(nobody)", KV_PARAMS_MAX);
		return ERR_PTR(-EINVAL);
	}
	declared = kvzalloc(struct_size(declared, slots, declaration->count), KV_GFP);
	if (!declared)
		return ERR_PTR(-ENOMEM);
	declared->store = store;
	declared->declaration = declaration;
	declared->settings = settings;
	for (i = 0; i < declaration->count; i++) {
		declared->slots[i].param = &declaration->params[i];
		declared->slots[i].declared = declared;
	}
	return declared;
}

/* Fill the slots in, look at each and sort them: 0 or -EINVAL. */
static int check_table(struct kv_declared *declared)
{
	const struct kv_declaration *declaration = declared->declaration;
	const char *wrong = NULL;
	struct kv_slot *slot;
	unsigned int i;

	for (i = 0; i < declaration->count && !wrong; i++) {
		slot = &declared->slots[i];
		wrong = slot_fill(slot, declaration->size);
	}
	if (!wrong)
		sort(declared->slots, declaration->count, sizeof(*slot), compare_slots, NULL);
	for (i = 1; i < declaration->count && !wrong; i++) {
		slot = &declared->slots[i];
		if (!compare_slots(slot - 1, slot))
			wrong = "it is there twice";
	}
	if (!wrong)
		return 0;
	pr_err("%s: parameter %s: %s\n", declaration->module, slot->param->name, wrong);
	return -EINVAL;
}

/* What was set before */

static struct kv_entry *entry_of(const struct kv_slot *slot)
{
	struct kv_entry *entry;

	rcu_read_lock();
	entry = kv_store_find(slot->declared->store, slot->param->name, slot->name_len);
	rcu_read_unlock();
	return entry;	/* which store->lock keeps */
}

/* Whether any of the values that are set is private. */
static bool has_private(const struct kv_declared *declared)
{
	const struct kv_entry *entry;
	unsigned int i;

	for (i = 0; i < declared->declaration->count; i++) {
		entry = entry_of(&declared->slots[i]);
		if (entry && entry->record.flags & KV_F_PRIVATE)
			return true;
	}
	return false;
}

/* Back to the default, since what is set cannot be. */
static int ignore(struct list_head *updates, struct kv_slot *slot)
{
	struct kv_store *store = slot->declared->store;

	/* The reason may tell what the value is, or another that it does not go with. */
	pr_warn_ratelimited("netns %u: the value that was set for %s before is refused: %s; the default is in effect\n",
			    store->netns, slot->param->name,
			    has_private(slot->declared) ? "the reason is private" :
							  store->reason.text);
	slot->ignored = true;
	return kv_update_put(updates, slot, NULL);
}

/*
 * What prepare() refuses goes back to its default: the parameter that it named
 * or, where that is no help, all. Returns 0 if that is worth another try.
 */
static int fall_back(struct kv_declared *declared, struct list_head *updates,
		     const struct kv_param *param)
{
	unsigned int i;
	int err = -EDOM;

	for (i = 0; i < declared->declaration->count; i++) {
		struct kv_slot *slot = &declared->slots[i];

		if (slot->param->show || slot->ignored || !entry_of(slot) ||
		    (param && slot->param != param))
			continue;
		err = ignore(updates, slot);
		if (err)
			return err;
	}
	return err && param ? fall_back(declared, updates, NULL) : err;
}

static int stage_all(struct kv_declared *declared, struct list_head *updates)
{
	const struct kv_declaration *declaration = declared->declaration;
	struct kv_slot *slot;
	unsigned int i;
	int err = 0;

	for (i = 0; i < declaration->count && !err; i++) {
		slot = &declared->slots[i];
		err = kv_update_put(updates, slot, slot->param->show ? NULL : entry_of(slot));
		if (err == -EDOM && entry_of(slot))
			err = ignore(updates, slot);
	}
	if (err == -EDOM)
		pr_err("%s: parameter %s: its default is refused: %s\n", declaration->module,
		       slot->param->name, declared->store->reason.text);
	return err;
}

/* The first update: what is set and otherwise the defaults, as far as the module takes it. */
static int settle(struct kv_declared *declared)
{
	const struct kv_declaration *declaration = declared->declaration;
	struct kv_store *store = declared->store;
	LIST_HEAD(updates);
	int err;

	err = stage_all(declared, &updates);
	if (!err && declared->update) {
		declared->update->first = true;
		declared->update->update.rev = store->rev;
	}
	while (!err) {
		err = kv_updates_prepare(&updates);
		if (!err)
			break;
		if (err == -EDOM)
			err = fall_back(declared, &updates, store->reason.param);
		if (err == -EDOM)
			pr_err("%s: its parameters are refused: %s\n", declaration->module,
			       store->reason.text);
	}
	if (err)
		kv_updates_abort(&updates);
	else
		kv_updates_commit(&updates);
	return err == -EDOM ? -EINVAL : err;
}

/* Tell the entries of its keys whether they are declared. */
static void mark_entries(struct kv_declared *declared, bool is_declared)
{
	struct kv_entry *entry;
	struct kv_slot *slot;
	unsigned int i;
	u32 size;
	u8 flags;

	for (i = 0; i < declared->declaration->count; i++) {
		slot = &declared->slots[i];
		entry = entry_of(slot);
		if (!entry)
			continue;
		size = entry->size & ~KV_SIZE_SHOWN;
		flags = entry->record.flags & ~KV_F_DECLARED;
		WRITE_ONCE(entry->record.flags, flags | (is_declared ? KV_F_DECLARED : 0));
		WRITE_ONCE(entry->size,
			   size | (is_declared && slot->param->show ? KV_SIZE_SHOWN : 0));
	}
}

static unsigned int count_shown(const struct kv_declaration *declaration)
{
	unsigned int i, shown = 0;

	for (i = 0; i < declaration->count; i++)
		shown += !!declaration->params[i].show;
	return shown;
}

static int declare_locked(struct kv_declared *declared)
{
	struct kv_store *store = declared->store;
	unsigned int i;
	int err;

	for (i = 0; i < declared->declaration->count; i++) {
		const struct kv_slot *slot = &declared->slots[i];
		const struct kv_slot *other = kv_slot_find(store, slot->param->name,
							   slot->name_len);

		if (!other)
			continue;
		pr_err("%s: parameter %s: %s has declared it already\n",
		       declared->declaration->module, slot->param->name,
		       other->declared->declaration->module);
		return -EEXIST;
	}
	err = settle(declared);
	if (err)
		return err;
	mark_entries(declared, true);
	list_add_rcu(&declared->link, &store->declared);
	WRITE_ONCE(store->shown, store->shown + count_shown(declared->declaration));
	return 0;
}

/**
 * kv_store_declare() - have the values of keys follow a table
 * @store: store
 * @declaration: table and callbacks; lasts until kv_store_undeclare()
 * @settings: the module's struct; the same
 *
 * Context: may sleep; not in a callback.
 * Return: as kv_declare().
 */
int kv_store_declare(struct kv_store *store, const struct kv_declaration *declaration,
		     void *settings)
{
	struct kv_declared *declared = declared_alloc(store, declaration, settings);
	int err;

	if (IS_ERR(declared))
		return PTR_ERR(declared);
	err = check_table(declared);
	if (!err) {
		mutex_lock(&store->lock);
		err = declare_locked(declared);
		mutex_unlock(&store->lock);
	}
	if (err)
		kvfree(declared);
	return err;
}

static struct kv_declared *find_declared(struct list_head *list,
					 const struct kv_declaration *declaration)
{
	struct kv_declared *declared;

	list_for_each_entry(declared, list, link)
		if (declared->declaration == declaration)
			return declared;
	return NULL;
}

/**
 * kv_store_undeclare_begin() - leave the keys to themselves again
 * @store: store
 * @declaration: as declared there
 *
 * No callback is called any more, and no reader finds the module's struct.
 * Those who found it before are done with it after a grace period; then comes
 * kv_store_undeclare().
 *
 * Context: may sleep; not in a callback.
 */
void kv_store_undeclare_begin(struct kv_store *store, const struct kv_declaration *declaration)
{
	struct kv_declared *declared;

	mutex_lock(&store->lock);
	declared = find_declared(&store->declared, declaration);
	if (declared) {
		list_del_rcu(&declared->link);
		list_add(&declared->ending, &store->ending);
		mark_entries(declared, false);
		WRITE_ONCE(store->shown, store->shown - count_shown(declaration));
	}
	mutex_unlock(&store->lock);
}

/* Take what kv_store_undeclare_begin() has left, or NULL if that has not been called. */
static struct kv_declared *take_ending(struct kv_store *store,
				       const struct kv_declaration *declaration)
{
	struct kv_declared *declared, *found = NULL;

	mutex_lock(&store->lock);
	list_for_each_entry(declared, &store->ending, ending)
		if (declared->declaration == declaration)
			found = declared;
	if (found)
		list_del(&found->ending);
	mutex_unlock(&store->lock);
	return found;
}

/* Free the strings and addresses. */
static void free_objects(struct kv_declared *declared)
{
	const struct kv_param *param;
	unsigned int i;
	void **field;

	for (i = 0; i < declared->declaration->count; i++) {
		param = declared->slots[i].param;
		if (param->show || (param->type != KV_TYPE_STRING && param->type != KV_TYPE_IPV6))
			continue;
		field = declared->settings + param->offset;
		kfree_sensitive(*field);
		*field = NULL;
	}
}

/**
 * kv_store_undeclare() - and free what belongs to the declaration
 * @store: store
 * @declaration: as declared there
 *
 * Waits for a grace period, unless kv_store_undeclare_begin() was called and
 * the caller has waited for one since.
 *
 * Context: may sleep; not in a callback.
 */
void kv_store_undeclare(struct kv_store *store, const struct kv_declaration *declaration)
{
	struct kv_declared *declared = take_ending(store, declaration);

	if (!declared) {
		kv_store_undeclare_begin(store, declaration);
		synchronize_rcu();
		declared = take_ending(store, declaration);
	}
	if (WARN_ON_ONCE(!declared))
		return;
	free_objects(declared);
	if (declaration->release)
		declaration->release(store->net, declared->settings);
	kvfree(declared);
}
