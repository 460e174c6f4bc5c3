// SPDX-License-Identifier: GPL-2.0-only
/* Telling other modules of changes */
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/srcu.h>
#include <linux/string.h>

#include <kvstore.h>

#include "entry.h"
#include "notify.h"
#include "store.h"

/* Those who want to hear of every namespace: written under the lock, read under SRCU. */
static DEFINE_MUTEX(everywhere_lock);
DEFINE_STATIC_SRCU(everywhere_srcu);
static LIST_HEAD(everywhere);

/**
 * kv_notify_anybody() - whether somebody wants to hear of a store's commits
 * @store: store
 *
 * Context: store->lock.
 */
bool kv_notify_anybody(const struct kv_store *store)
{
	lockdep_assert_held(&store->lock);
	return !list_empty(&store->notifiers) || !list_empty(&everywhere);
}

static void tell(struct kv_notifier *notifier, const struct kv_entry *entry,
		 const struct kv_notice *notice)
{
	if (kv_entry_starts_with(entry, notifier->prefix, strlen(notifier->prefix)))
		notifier->changed(notifier, notice);
}

static void tell_everywhere(const struct kv_entry *entry, const struct kv_notice *notice)
{
	struct kv_notifier *notifier;
	int srcu = srcu_read_lock(&everywhere_srcu);

	list_for_each_entry_srcu(notifier, &everywhere, link,
				 srcu_read_lock_held(&everywhere_srcu))
		tell(notifier, entry, notice);
	srcu_read_unlock(&everywhere_srcu, srcu);
}

/**
 * kv_notify() - tell of one change, which can be read already
 * @store: store
 * @old: the entry before, or NULL
 * @new: the entry now, or NULL
 *
 * Context: may sleep; store->lock; between kv_callback_begin() and _end().
 */
void kv_notify(const struct kv_store *store, const struct kv_entry *old,
	       const struct kv_entry *new)
{
	const struct kv_entry *entry = new ?: old;
	struct kv_notifier *notifier;
	char key[KV_KEY_MAX + 1];
	struct kv_notice notice;

	memcpy(key, entry->record.data, entry->record.key_len);
	key[entry->record.key_len] = '\0';
	notice = (struct kv_notice){
		.net = store->net,
		.key = key,
		.old = old ? kv_entry_value(old) : NULL,
		.old_len = old ? old->record.value_len : 0,
		.new = new ? kv_entry_value(new) : NULL,
		.new_len = new ? new->record.value_len : 0,
		.rev = store->rev,
	};
	list_for_each_entry(notifier, &store->notifiers, link)
		tell(notifier, entry, &notice);
	tell_everywhere(entry, &notice);
}

/**
 * kv_notifier_add() - tell somebody of changes from now on
 * @store: of which namespace; NULL: of all
 * @notifier: somebody
 *
 * Context: may sleep; not in a callback.
 */
void kv_notifier_add(struct kv_store *store, struct kv_notifier *notifier)
{
	struct mutex *lock = store ? &store->lock : &everywhere_lock;

	mutex_lock(lock);
	list_add_tail_rcu(&notifier->link, store ? &store->notifiers : &everywhere);
	mutex_unlock(lock);
}

/**
 * kv_notifier_del() - and no more: no callback is under way afterwards
 * @store: as it was added
 * @notifier: somebody
 *
 * Context: may sleep; not in a callback.
 */
void kv_notifier_del(struct kv_store *store, struct kv_notifier *notifier)
{
	struct mutex *lock = store ? &store->lock : &everywhere_lock;

	mutex_lock(lock);
	list_del_rcu(&notifier->link);
	mutex_unlock(lock);
	if (!store)
		synchronize_srcu(&everywhere_srcu);
}
