// SPDX-License-Identifier: GPL-2.0-only
/* The stores of all network namespaces, and what is declared in all of them */
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include <kvstore.h>

#include "callback.h"
#include "net.h"
#include "store.h"

/**
 * struct kv_net - what a namespace has
 * @store: its store; the first member, for kv_net_store_rcu()
 * @link: in nets; nets_lock
 * @boxes: struct kv_box by the id of a declaration that is everywhere; written
 *         under nets_lock, read under RCU
 * @ending: boxes that are to be freed after a grace period; nets_lock
 */
struct kv_net {
	struct kv_store store;
	struct list_head link;
	struct xarray boxes;
	struct list_head ending;
};

/**
 * struct kv_box - a module's struct that is kept here for it
 * @link: in kv_net.ending
 * @declaration: what was declared with it
 * @settings: the struct
 */
struct kv_box {
	struct list_head link;
	const struct kv_declaration *declaration;
	u8 settings[] __aligned(8);
};

static const struct kv_limits *net_limits __ro_after_init;
unsigned int kv_net_id __read_mostly;

/* Which namespaces there are and what is declared in all; taken outside of store->lock. */
static DEFINE_MUTEX(nets_lock);
static LIST_HEAD(nets);
static LIST_HEAD(nets_going);
static DEFINE_XARRAY_ALLOC1(declarations);

struct kv_store *kv_net_store(const struct net *net)
{
	struct kv_net *kv_net = net_generic(net, kv_net_id);

	return &kv_net->store;
}

static int box_add(struct kv_net *kv_net, const struct kv_declaration *declaration,
		   unsigned long id)
{
	struct kv_box *box = kzalloc(struct_size(box, settings, declaration->size), KV_GFP);
	int err;

	if (!box)
		return -ENOMEM;
	box->declaration = declaration;
	err = kv_store_declare(&kv_net->store, declaration, box->settings);
	if (err)
		goto free;
	err = xa_err(xa_store(&kv_net->boxes, id, box, GFP_KERNEL_ACCOUNT));
	if (err)
		goto undeclare;
	return 0;

undeclare:
	kv_store_undeclare(&kv_net->store, declaration);
free:
	kfree(box);
	return err;
}

/* Nobody finds the box any more; it can be freed after a grace period. */
static void box_retire(struct kv_net *kv_net, unsigned long id)
{
	struct kv_box *box = xa_erase(&kv_net->boxes, id);

	if (!box)
		return;
	kv_store_undeclare_begin(&kv_net->store, box->declaration);
	list_add(&box->link, &kv_net->ending);
}

static void boxes_retire(struct kv_net *kv_net)
{
	struct kv_box *box;
	unsigned long id;

	xa_for_each(&kv_net->boxes, id, box)
		box_retire(kv_net, id);
}

/* Free the boxes of a declaration, or all. Their values may have been private. */
static void boxes_free(struct kv_net *kv_net, const struct kv_declaration *declaration)
{
	struct kv_box *box, *next;

	list_for_each_entry_safe(box, next, &kv_net->ending, link) {
		if (declaration && box->declaration != declaration)
			continue;
		list_del(&box->link);
		kv_store_undeclare(&kv_net->store, box->declaration);
		kfree_sensitive(box);
	}
}

static int __net_init kv_net_init(struct net *net)
{
	struct kv_net *kv_net = net_generic(net, kv_net_id);
	const struct kv_declaration *declaration;
	unsigned long id;
	int err = 0;

	BUILD_BUG_ON(offsetof(struct kv_net, store));
	kv_store_init(&kv_net->store, net_limits, net, net->ns.inum);
	xa_init(&kv_net->boxes);
	INIT_LIST_HEAD(&kv_net->ending);
	mutex_lock(&nets_lock);
	xa_for_each(&declarations, id, declaration) {
		err = box_add(kv_net, declaration, id);
		if (err)
			break;
	}
	if (err) {
		boxes_retire(kv_net);
		synchronize_rcu();
		boxes_free(kv_net, NULL);
	} else {
		list_add(&kv_net->link, &nets);
	}
	mutex_unlock(&nets_lock);
	return err;
}

/* Between this and kv_net_exit() there is a grace period for all namespaces that go together. */
static void __net_exit kv_net_pre_exit(struct net *net)
{
	struct kv_net *kv_net = net_generic(net, kv_net_id);

	mutex_lock(&nets_lock);
	list_del(&kv_net->link);
	boxes_retire(kv_net);
	list_add(&kv_net->link, &nets_going);
	mutex_unlock(&nets_lock);
}

static void __net_exit kv_net_exit(struct net *net)
{
	struct kv_net *kv_net = net_generic(net, kv_net_id);

	mutex_lock(&nets_lock);
	list_del(&kv_net->link);
	boxes_free(kv_net, NULL);
	mutex_unlock(&nets_lock);
	kv_store_destroy(&kv_net->store);
}

static struct pernet_operations kv_net_ops = {
	.init = kv_net_init,
	.pre_exit = kv_net_pre_exit,
	.exit = kv_net_exit,
	.id = &kv_net_id,
	.size = sizeof(struct kv_net),
};

/**
 * kv_net_register() - give each namespace a store
 * @limits: of all stores
 *
 * Return: 0 or a negative errno.
 */
int __init kv_net_register(const struct kv_limits *limits)
{
	net_limits = limits;
	return register_pernet_subsys(&kv_net_ops);
}

void kv_net_unregister(void)
{
	unregister_pernet_subsys(&kv_net_ops);
}

/* With nets_lock. */
static void undeclare_all(const struct kv_declaration *declaration, unsigned int id)
{
	struct kv_net *kv_net;

	xa_erase(&declarations, id);
	list_for_each_entry(kv_net, &nets, link)
		box_retire(kv_net, id);
	synchronize_rcu();
	list_for_each_entry(kv_net, &nets, link)
		boxes_free(kv_net, declaration);
	list_for_each_entry(kv_net, &nets_going, link)
		boxes_free(kv_net, declaration);
}

/**
 * kv_declare_all() - declare parameters in all network namespaces, those to come included
 * @declaration: table and callbacks; lasts until kv_undeclare_all()
 * @id: where a number goes, for kv_settings()
 *
 * kvstore allocates a struct of declaration->size bytes, zeroed, for each
 * namespace. A namespace in which declaring fails is not made; see kv_declare().
 *
 * The callbacks of a namespace that is being made are called before other
 * modules have made their part of it: a module that has pernet_operations of
 * its own calls kv_declare() in its init instead.
 *
 * Context: may sleep; not in a callback.
 * Return: 0, or as kv_declare(), and it is declared nowhere.
 */
int kv_declare_all(const struct kv_declaration *declaration, unsigned int *id)
{
	struct kv_net *kv_net;
	int err;

	if (kv_in_callback())
		return -EDEADLK;
	mutex_lock(&nets_lock);
	err = xa_alloc(&declarations, id, (void *)declaration, xa_limit_31b, GFP_KERNEL);
	if (err)
		goto unlock;
	list_for_each_entry(kv_net, &nets, link) {
		err = box_add(kv_net, declaration, *id);
		if (err) {
			undeclare_all(declaration, *id);
			break;
		}
	}
unlock:
	mutex_unlock(&nets_lock);
	return err;
}
EXPORT_SYMBOL_GPL(kv_declare_all);

/**
 * kv_undeclare_all() - take kv_declare_all() back; the values stay
 * @declaration: as declared
 * @id: as given then
 *
 * Waits for one grace period; see kv_undeclare().
 *
 * Context: may sleep; not in a callback.
 */
void kv_undeclare_all(const struct kv_declaration *declaration, unsigned int id)
{
	if (WARN_ON_ONCE(kv_in_callback()))
		return;
	mutex_lock(&nets_lock);
	undeclare_all(declaration, id);
	mutex_unlock(&nets_lock);
}
EXPORT_SYMBOL_GPL(kv_undeclare_all);

/**
 * kv_settings() - the struct of a namespace, whose fields the parameters are
 * @net: network namespace
 * @id: of kv_declare_all()
 *
 * Context: any, under RCU, as long as which the struct lasts.
 * Return: the struct; NULL where the namespace is just being made or going.
 */
void *kv_settings(const struct net *net, unsigned int id)
{
	struct kv_net *kv_net = net_generic(net, kv_net_id);
	struct kv_box *box = xa_load(&kv_net->boxes, id);

	RCU_LOCKDEP_WARN(!rcu_read_lock_any_held(), "settings last under RCU only");
	return box ? box->settings : NULL;
}
EXPORT_SYMBOL_GPL(kv_settings);
