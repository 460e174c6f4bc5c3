// SPDX-License-Identifier: GPL-2.0-only
/*
 * The settings of portguard as sysctls, net.portguard.*. Makes the same rules, but
 * filters no packets. docs/in-kernel.md compares it with kernel/portguard.
 */
#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "../../kernel/kvstore/compat.h"

#define PORTS 65536
enum { MODE_DROP, MODE_REJECT };
static const char *const modes[] = { "drop", "reject", NULL };

/* Made of settings that must change together, and replaced as a whole under RCU. */
struct rules {
	struct rcu_head rcu;
	unsigned int mode;
	DECLARE_BITMAP(ports, PORTS);
};

/* One for each network namespace. */
struct guard {
	struct mutex lock;		/* protects writes of the next four */
	u8 enabled;
	unsigned int mode;
	unsigned long *ports;		/* bitmap */
	struct rules __rcu *rules;	/* NULL: accept all packets */
	unsigned int log_ratelimit;
	atomic_long_t stopped[2];	/* packets, by mode */
	struct ctl_table_header *header;
};

static unsigned int guard_id __read_mostly;

static void publish(struct guard *guard, struct rules *rules)
{
	struct rules *old;

	rules->mode = guard->mode;
	bitmap_copy(rules->ports, guard->ports, PORTS);
	if (!guard->enabled || bitmap_empty(rules->ports, PORTS)) {
		kvfree(rules);
		rules = NULL;
	}
	old = rcu_replace_pointer(guard->rules, rules, lockdep_is_held(&guard->lock));
	if (old)
		kvfree_rcu(old, rcu);
}

/* Let @handler read or write a setting. After a write, publish new rules. */
static int handle(struct guard *guard, proc_handler *handler, kv_ctl_table *table, int write,
		  void *buffer, size_t *lenp, loff_t *ppos)
{
	struct rules *rules = NULL;
	int err;

	if (write) {
		rules = kvzalloc(sizeof(*rules), GFP_KERNEL_ACCOUNT);
		if (!rules)
			return -ENOMEM;
	}
	mutex_lock(&guard->lock);
	err = handler(table, write, buffer, lenp, ppos);
	if (!err && write)
		publish(guard, rules);
	else
		kvfree(rules);
	mutex_unlock(&guard->lock);
	return err;
}

static int do_enabled(kv_ctl_table *table, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	return handle(container_of(table->data, struct guard, enabled), proc_dou8vec_minmax,
		      table, write, buffer, lenp, ppos);
}

static int do_ports(kv_ctl_table *table, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	return handle(container_of(table->data, struct guard, ports), proc_do_large_bitmap,
		      table, write, buffer, lenp, ppos);
}

/* Read or write a mode by its name. */
static int proc_mode(kv_ctl_table *table, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	unsigned int *mode = table->data;
	char name[16];
	struct ctl_table text = { .data = name, .maxlen = sizeof(name) };
	int err, found;

	strscpy(name, modes[*mode], sizeof(name));
	err = proc_dostring(&text, write, buffer, lenp, ppos);
	if (err || !write)
		return err;
	found = match_string(modes, -1, name);
	if (found < 0)
		return -EINVAL;
	*mode = found;
	return 0;
}

static int do_mode(kv_ctl_table *table, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	return handle(container_of(table->data, struct guard, mode), proc_mode,
		      table, write, buffer, lenp, ppos);
}

static int show_stopped(kv_ctl_table *table, int write, void *buffer, size_t *lenp,
			loff_t *ppos)
{
	unsigned long stopped = atomic_long_read(table->data);
	struct ctl_table number = { .data = &stopped, .maxlen = sizeof(stopped) };

	return proc_doulongvec_minmax(&number, write, buffer, lenp, ppos);
}

/* @data is an offset in struct guard; in the copy of a namespace it is an address. */
static const struct ctl_table template[] = {
	{ .procname = "enabled", .data = (void *)offsetof(struct guard, enabled),
	  .maxlen = sizeof(u8), .mode = 0644, .proc_handler = do_enabled,
	  .extra1 = SYSCTL_ZERO, .extra2 = SYSCTL_ONE },
	{ .procname = "mode", .data = (void *)offsetof(struct guard, mode),
	  .mode = 0644, .proc_handler = do_mode },
	{ .procname = "ports", .data = (void *)offsetof(struct guard, ports),
	  .maxlen = PORTS, .mode = 0644, .proc_handler = do_ports },
	{ .procname = "log_ratelimit", .data = (void *)offsetof(struct guard, log_ratelimit),
	  .maxlen = sizeof(unsigned int), .mode = 0644, .proc_handler = proc_douintvec_minmax,
	  .extra1 = SYSCTL_ZERO, .extra2 = SYSCTL_ONE_THOUSAND },
	{ .procname = "dropped", .data = (void *)offsetof(struct guard, stopped[MODE_DROP]),
	  .mode = 0444, .proc_handler = show_stopped },
	{ .procname = "rejected", .data = (void *)offsetof(struct guard, stopped[MODE_REJECT]),
	  .mode = 0444, .proc_handler = show_stopped },
	{ }
};

static int register_table(struct net *net, struct guard *guard)
{
	struct ctl_table *table = kmemdup(template, sizeof(template), GFP_KERNEL_ACCOUNT);
	unsigned int i;

	if (!table)
		return -ENOMEM;
	for (i = 0; table[i].procname; i++)
		table[i].data += (unsigned long)guard;
	guard->header = register_net_sysctl_sz(net, "net/portguard", table, i);
	if (guard->header)
		return 0;
	kfree(table);
	return -ENOMEM;
}

static void unregister_table(struct guard *guard)
{
	kv_ctl_table *table = guard->header->ctl_table_arg;

	unregister_net_sysctl_table(guard->header);
	kfree(table);
}

static int __net_init guard_init(struct net *net)
{
	struct guard *guard = net_generic(net, guard_id);
	int err;

	mutex_init(&guard->lock);
	guard->enabled = true;
	guard->ports = bitmap_zalloc(PORTS, GFP_KERNEL_ACCOUNT);
	if (!guard->ports)
		return -ENOMEM;
	err = register_table(net, guard);
	if (err)
		bitmap_free(guard->ports);
	return err;
}

/* The kernel waits for a grace period between this and guard_exit(). */
static void __net_exit guard_pre_exit(struct net *net)
{
	unregister_table(net_generic(net, guard_id));
}

static void __net_exit guard_exit(struct net *net)
{
	struct guard *guard = net_generic(net, guard_id);

	kvfree(rcu_dereference_protected(guard->rules, true));
	bitmap_free(guard->ports);
}

static struct pernet_operations guard_ops = {
	.init = guard_init, .pre_exit = guard_pre_exit, .exit = guard_exit,
	.id = &guard_id, .size = sizeof(struct guard),
};

static int __init compare_sysctl_init(void)
{
	return register_pernet_subsys(&guard_ops);
}

static void __exit compare_sysctl_exit(void)
{
	unregister_pernet_subsys(&guard_ops);
}

module_init(compare_sysctl_init);
module_exit(compare_sysctl_exit);

MODULE_DESCRIPTION("The settings of portguard as sysctls");
MODULE_LICENSE("GPL");
