// SPDX-License-Identifier: GPL-2.0-only
/*
 * Network namespaces: their stores and parameters, the permission to use them,
 * and declarations in all namespaces
 */
#include <linux/capability.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include <kvstore.h>

#include "net.h"
#include "params/params.h"
#include "store/store.h"

/**
 * struct kv_net - what kvstore keeps for a namespace
 * @store: its store; the first member, for the fast path
 * @params: declared parameters and notifiers of the store
 * @link: in nets or nets_going; nets_lock
 * @settings: struct kv_net_settings by the id of their declaration; written under
 *            nets_lock, read under RCU
 * @ending: struct kv_net_settings that wait for a grace period; nets_lock
 */
struct kv_net {
	struct kv_store store;
	struct kv_params params;
	struct list_head link;
	struct xarray settings;
	struct list_head ending;
};

/**
 * struct kv_net_settings - a module's struct that kvstore allocates for a namespace
 * @link: in kv_net.ending
 * @declaration: the declaration of its fields
 * @data: the struct
 */
struct kv_net_settings {
	struct list_head link;
	const struct kv_declaration *declaration;
	u8 data[] __aligned(8);
};

static const struct kv_limits *net_limits __ro_after_init;
unsigned int kv_net_id __read_mostly;

/* Protects the two lists and the declarations; taken before store->lock. */
static DEFINE_MUTEX(nets_lock);
static LIST_HEAD(nets);
static LIST_HEAD(nets_going);
static DEFINE_XARRAY_ALLOC1(declarations);

/**
 * kv_net_store() - the store of a network namespace
 * @net: namespace
 *
 * Context: any.
 * Return: the store, which lasts as long as @net.
 */
struct kv_store *kv_net_store(const struct net *net)
{
	struct kv_net *kv_net = net_generic(net, kv_net_id);

	return &kv_net->store;
}

/**
 * kv_may_admin() - whether the caller may write to a store and read private values
 * @net: namespace of the store
 *
 * The check may leave an audit record.
 *
 * Context: may sleep.
 * Return: true if it has CAP_NET_ADMIN in the user namespace that owns @net.
 */
bool kv_may_admin(const struct net *net)
{
	return ns_capable(net->user_ns, CAP_NET_ADMIN);
}

/**
 * kv_sees_private() - same check as kv_may_admin(), without an audit record
 * @net: namespace of the store
 *
 * For commands that leave out private values instead of failing.
 *
 * Context: may sleep.
 * Return: as kv_may_admin().
 */
bool kv_sees_private(const struct net *net)
{
	return ns_capable_noaudit(net->user_ns, CAP_NET_ADMIN);
}

static int settings_add(struct kv_net *kv_net, const struct kv_declaration *declaration,
			unsigned long id)
{
	struct kv_net_settings *settings;
	int err;

	settings = kzalloc(struct_size(settings, data, declaration->size), KV_GFP);
	if (!settings)
		return -ENOMEM;
	settings->declaration = declaration;
	err = kv_params_declare(&kv_net->params, declaration, settings->data);
	if (err)
		goto free;
	err = xa_err(xa_store(&kv_net->settings, id, settings, GFP_KERNEL_ACCOUNT));
	if (err)
		goto undeclare;
	return 0;

undeclare:
	kv_params_undeclare(&kv_net->params, declaration);
free:
	kfree(settings);
	return err;
}

/* Hide the settings of a declaration from readers; they can be freed after a grace period. */
static void settings_retire(struct kv_net *kv_net, unsigned long id)
{
	struct kv_net_settings *settings = xa_erase(&kv_net->settings, id);

	if (!settings)
		return;
	kv_params_undeclare_begin(&kv_net->params, settings->declaration);
	list_add(&settings->link, &kv_net->ending);
}

static void settings_retire_all(struct kv_net *kv_net)
{
	struct kv_net_settings *settings;
	unsigned long id;

	xa_for_each(&kv_net->settings, id, settings)
		settings_retire(kv_net, id);
}

/* Free the retired settings of a declaration, or all. Their values may be private. */
static void settings_free(struct kv_net *kv_net, const struct kv_declaration *declaration)
{
	struct kv_net_settings *settings, *next;

	list_for_each_entry_safe(settings, next, &kv_net->ending, link) {
		if (declaration && settings->declaration != declaration)
			continue;
		list_del(&settings->link);
		kv_params_undeclare(&kv_net->params, settings->declaration);
		kfree_sensitive(settings);
	}
}

static int __net_init kv_net_init(struct net *net)
{
	struct kv_net *kv_net = net_generic(net, kv_net_id);
	const struct kv_declaration *declaration;
	unsigned long id;
	int err = 0;

	BUILD_BUG_ON(offsetof(struct kv_net, store));
	kv_store_init(&kv_net->store, net_limits, net->ns.inum, &kv_param_hooks, &kv_net->params);
	kv_params_init(&kv_net->params, &kv_net->store, net);
	xa_init(&kv_net->settings);
	INIT_LIST_HEAD(&kv_net->ending);
	mutex_lock(&nets_lock);
	xa_for_each(&declarations, id, declaration) {
		err = settings_add(kv_net, declaration, id);
		if (err)
			break;
	}
	if (err) {
		settings_retire_all(kv_net);
		synchronize_rcu();
		settings_free(kv_net, NULL);
	} else {
		list_add(&kv_net->link, &nets);
	}
	mutex_unlock(&nets_lock);
	return err;
}

/* The kernel waits for a grace period between this and kv_net_exit(). */
static void __net_exit kv_net_pre_exit(struct net *net)
{
	struct kv_net *kv_net = net_generic(net, kv_net_id);

	mutex_lock(&nets_lock);
	list_del(&kv_net->link);
	settings_retire_all(kv_net);
	list_add(&kv_net->link, &nets_going);
	mutex_unlock(&nets_lock);
}

static void __net_exit kv_net_exit(struct net *net)
{
	struct kv_net *kv_net = net_generic(net, kv_net_id);

	mutex_lock(&nets_lock);
	list_del(&kv_net->link);
	settings_free(kv_net, NULL);
	mutex_unlock(&nets_lock);
	WARN_ON(!kv_params_are_empty(&kv_net->params));
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
 * @limits: limits of all stores
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int __init kv_net_register(const struct kv_limits *limits)
{
	net_limits = limits;
	return register_pernet_subsys(&kv_net_ops);
}

/**
 * kv_net_unregister() - free the stores of all namespaces
 *
 * Context: may sleep.
 */
void kv_net_unregister(void)
{
	unregister_pernet_subsys(&kv_net_ops);
}

/* Under nets_lock. */
static void undeclare_all(const struct kv_declaration *declaration, unsigned int id)
{
	struct kv_net *kv_net;

	xa_erase(&declarations, id);
	list_for_each_entry(kv_net, &nets, link)
		settings_retire(kv_net, id);
	synchronize_rcu();
	list_for_each_entry(kv_net, &nets, link)
		settings_free(kv_net, declaration);
	list_for_each_entry(kv_net, &nets_going, link)
		settings_free(kv_net, declaration);
}

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
		err = settings_add(kv_net, declaration, *id);
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

void kv_undeclare_all(const struct kv_declaration *declaration, unsigned int id)
{
	if (WARN_ON_ONCE(kv_in_callback()))
		return;
	mutex_lock(&nets_lock);
	undeclare_all(declaration, id);
	mutex_unlock(&nets_lock);
}
EXPORT_SYMBOL_GPL(kv_undeclare_all);

void *kv_settings(const struct net *net, unsigned int id)
{
	struct kv_net *kv_net = net_generic(net, kv_net_id);
	struct kv_net_settings *settings = xa_load(&kv_net->settings, id);

	RCU_LOCKDEP_WARN(!rcu_read_lock_any_held(), "settings last under RCU only");
	return settings ? settings->data : NULL;
}
EXPORT_SYMBOL_GPL(kv_settings);
