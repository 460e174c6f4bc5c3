// SPDX-License-Identifier: GPL-2.0-only
/* Telling other modules of changes */
#include <linux/list.h>
#include <linux/rwsem.h>
#include <linux/string.h>

#include <kvstore.h>

#include "entry.h"
#include "notify.h"
#include "store.h"

/* Those who want to hear of every namespace. Taken inside store->lock. */
static DECLARE_RWSEM(everywhere_lock);
static LIST_HEAD(everywhere);

/**
 * kv_notify_begin() - a commit is about to be told
 * @store: store
 *
 * Context: may sleep; store->lock.
 * Return: whether there is anybody to tell; if so, kv_notify_end() follows.
 */
bool kv_notify_begin(const struct kv_store *store)
{
	lockdep_assert_held(&store->lock);
	if (list_empty(&store->notifiers) && list_empty(&everywhere))
		return false;
	down_read(&everywhere_lock);
	return true;
}

void kv_notify_end(void)
{
	up_read(&everywhere_lock);
}

static void tell(const struct list_head *notifiers, const struct kv_entry *entry,
		 const struct kv_notice *notice)
{
	struct kv_notifier *notifier;

	list_for_each_entry(notifier, notifiers, link)
		if (kv_entry_starts_with(entry, notifier->prefix, strlen(notifier->prefix)))
			notifier->changed(notifier, notice);
}

/**
 * kv_notify() - tell of one change, which can be read already
 * @store: store
 * @old: the entry before, or NULL
 * @new: the entry now, or NULL
 *
 * Context: may sleep; store->lock.
 */
void kv_notify(const struct kv_store *store, const struct kv_entry *old,
	       const struct kv_entry *new)
{
	const struct kv_entry *entry = new ?: old;
	char key[KV_KEY_MAX + 1];
	struct kv_notice notice = {
		.net = store->net,
		.key = key,
		.old = old ? old->data + old->key_len : NULL,
		.old_len = old ? old->value_len : 0,
		.new = new ? new->data + new->key_len : NULL,
		.new_len = new ? new->value_len : 0,
		.rev = store->rev,
	};

	memcpy(key, entry->data, entry->key_len);
	key[entry->key_len] = '\0';
	tell(&store->notifiers, entry, &notice);
	tell(&everywhere, entry, &notice);
}

/**
 * kv_notifier_add() - tell somebody of changes from now on
 * @store: of which namespace; NULL: of all
 * @notifier: somebody
 *
 * Context: may sleep.
 * Return: 0, or -EDEADLK in a callback.
 */
int kv_notifier_add(struct kv_store *store, struct kv_notifier *notifier)
{
	int err;

	if (!store) {
		down_write(&everywhere_lock);
		list_add_tail(&notifier->link, &everywhere);
		up_write(&everywhere_lock);
		return 0;
	}
	err = kv_store_lock(store);
	if (err)
		return err;
	list_add_tail(&notifier->link, &store->notifiers);
	kv_store_unlock(store);
	return 0;
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
	if (!store) {
		down_write(&everywhere_lock);
		list_del(&notifier->link);
		up_write(&everywhere_lock);
		return;
	}
	if (WARN_ON_ONCE(kv_store_lock(store)))
		return;
	list_del(&notifier->link);
	kv_store_unlock(store);
}
