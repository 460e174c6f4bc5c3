// SPDX-License-Identifier: GPL-2.0-only
/* Callbacks of other modules: which tasks are in one, and notifiers */
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/string.h>

#include "params/params.h"
#include "store/entry.h"

/*
 * Tasks that may be in a callback, under a writers' lock. A write or a
 * declaration there would deadlock (self or ABBA), and is refused.
 */
static DEFINE_SPINLOCK(callers_lock);
static LIST_HEAD(callers);

/**
 * kv_callback_begin() - note that the current task may be in a callback from now on
 * @caller: filled; lasts until kv_callback_end()
 *
 * Context: process.
 */
void kv_callback_begin(struct kv_caller *caller)
{
	caller->task = current;
	spin_lock(&callers_lock);
	list_add(&caller->link, &callers);
	spin_unlock(&callers_lock);
}

/**
 * kv_callback_end() - undo kv_callback_begin()
 * @caller: argument of kv_callback_begin()
 *
 * Context: process.
 */
void kv_callback_end(struct kv_caller *caller)
{
	spin_lock(&callers_lock);
	list_del(&caller->link);
	spin_unlock(&callers_lock);
}

/**
 * kv_in_callback() - whether the current task may be in a callback
 *
 * Context: process.
 * Return: true between its kv_callback_begin() and kv_callback_end().
 */
bool kv_in_callback(void)
{
	struct kv_caller *caller;
	bool found = false;

	spin_lock(&callers_lock);
	list_for_each_entry(caller, &callers, link)
		found |= caller->task == current;
	spin_unlock(&callers_lock);
	return found;
}

/* Notifiers of all namespaces: written under global_lock, read under SRCU. */
static DEFINE_MUTEX(global_lock);
DEFINE_STATIC_SRCU(global_srcu);
static LIST_HEAD(global_notifiers);
unsigned int kv_global_notifiers;

/**
 * kv_notify_begin() - begin to notify of a commit
 * @store: store, in which the commit is visible
 *
 * Context: store->lock.
 */
void kv_notify_begin(struct kv_store *store)
{
	lockdep_assert_held(&store->lock);
	kv_callback_begin(&store->params->notifying);
}

/**
 * kv_notify_end() - undo kv_notify_begin()
 * @store: store
 *
 * Context: store->lock.
 */
void kv_notify_end(struct kv_store *store)
{
	kv_callback_end(&store->params->notifying);
}

static void notify_if_prefix(struct kv_notifier *notifier, const struct kv_entry *entry,
			     const struct kv_notice *notice)
{
	size_t len = strlen(notifier->prefix);

	if (entry->record.key_len >= len && !memcmp(entry->record.data, notifier->prefix, len))
		notifier->changed(notifier, notice);
}

static void notify_all_namespaces(const struct kv_entry *entry, const struct kv_notice *notice)
{
	struct kv_notifier *notifier;
	int srcu = srcu_read_lock(&global_srcu);

	list_for_each_entry_srcu(notifier, &global_notifiers, link,
				 srcu_read_lock_held(&global_srcu))
		notify_if_prefix(notifier, entry, notice);
	srcu_read_unlock(&global_srcu, srcu);
}

/**
 * kv_notify() - call the notifiers of a changed key
 * @store: store, after kv_notify_begin()
 * @old: the previous entry, or NULL
 * @new: the new entry, or NULL
 *
 * Context: may sleep; store->lock.
 */
void kv_notify(struct kv_store *store, const struct kv_entry *old, const struct kv_entry *new)
{
	const struct kv_entry *entry = new ?: old;
	struct kv_notifier *notifier;
	char key[KV_KEY_MAX + 1];
	struct kv_notice notice;

	memcpy(key, entry->record.data, entry->record.key_len);
	key[entry->record.key_len] = '\0';
	notice = (struct kv_notice){
		.net = store->params->net,
		.key = key,
		.old = old ? kv_entry_value(old) : NULL,
		.old_len = old ? old->record.value_len : 0,
		.new = new ? kv_entry_value(new) : NULL,
		.new_len = new ? new->record.value_len : 0,
		.rev = store->rev,
	};
	list_for_each_entry(notifier, &store->params->notifiers, link)
		notify_if_prefix(notifier, entry, &notice);
	notify_all_namespaces(entry, &notice);
}

/**
 * kv_notifier_add() - add a notifier, which is called for all later commits
 * @params: parameters of the namespace; NULL: all namespaces
 * @notifier: notifier
 *
 * Context: may sleep; not in a callback.
 */
void kv_notifier_add(struct kv_params *params, struct kv_notifier *notifier)
{
	struct mutex *lock = params ? &params->store->lock : &global_lock;
	unsigned int *count = params ? &params->store->notifiers : &kv_global_notifiers;

	mutex_lock(lock);
	list_add_tail_rcu(&notifier->link, params ? &params->notifiers : &global_notifiers);
	WRITE_ONCE(*count, *count + 1);
	mutex_unlock(lock);
}

/**
 * kv_notifier_del() - remove a notifier, and wait until its callback is not running
 * @params: as for kv_notifier_add()
 * @notifier: notifier
 *
 * Context: may sleep; not in a callback.
 */
void kv_notifier_del(struct kv_params *params, struct kv_notifier *notifier)
{
	struct mutex *lock = params ? &params->store->lock : &global_lock;
	unsigned int *count = params ? &params->store->notifiers : &kv_global_notifiers;

	mutex_lock(lock);
	list_del_rcu(&notifier->link);
	WRITE_ONCE(*count, *count - 1);
	mutex_unlock(lock);
	if (!params)
		synchronize_srcu(&global_srcu);
}
