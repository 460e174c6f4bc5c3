// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the Nth allocation fail, like /proc/PID/fail-nth, but only in kvstore's module init, or in
 * kvstore's part of creating a network namespace. (The kernel's own part of both has many
 * allocations, and warns of some failures with a stack trace.)
 */
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/sched.h>
#include <net/net_namespace.h>

static unsigned int init_nth, netns_nth, left;

module_param(init_nth, uint, 0644);
MODULE_PARM_DESC(init_nth, "Which allocation of the module's init fails (default 0: none)");
module_param(netns_nth, uint, 0644);
MODULE_PARM_DESC(netns_nth, "Which allocation of a namespace fails (default 0: none)");
module_param(left, uint, 0444);
MODULE_PARM_DESC(left, "What was left of the number at the end; 0: the allocation failed");

static void arm(unsigned int nth)
{
	left = 0;
	WRITE_ONCE(current->fail_nth, nth);
}

static void disarm(void)
{
	left = current->fail_nth;
	WRITE_ONCE(current->fail_nth, 0);
}

static int __net_init arm_netns(struct net *net)
{
	if (netns_nth)
		arm(netns_nth);
	return 0;
}

static int __net_init disarm_netns(struct net *net)
{
	if (netns_nth)
		disarm();
	return 0;
}

/* Registered before and after the pernet_operations of kvstore. */
static struct pernet_operations first = { .init = arm_netns }, last = { .init = disarm_netns };
static bool has_first, has_last;

static int (*kvstore_init)(void);

static int init_armed(void)
{
	int err;

	arm(init_nth);
	err = kvstore_init();
	disarm();
	return err;
}

static int notify(struct notifier_block *self, unsigned long state, void *data)
{
	struct module *module = data;

	if (strcmp(module->name, "kvstore"))
		return NOTIFY_DONE;
	switch (state) {
	case MODULE_STATE_COMING:
		has_first = !register_pernet_subsys(&first);
		kvstore_init = module->init;
		module->init = init_armed;
		break;
	case MODULE_STATE_LIVE:
		has_last = !register_pernet_subsys(&last);
		break;
	case MODULE_STATE_GOING:
		if (has_last)
			unregister_pernet_subsys(&last);
		if (has_first)
			unregister_pernet_subsys(&first);
		has_first = false;
		has_last = false;
	}
	return NOTIFY_DONE;
}

static struct notifier_block block = { .notifier_call = notify };

static int __init faulter_init(void)
{
	return register_module_notifier(&block);
}

static void __exit faulter_exit(void)
{
	unregister_module_notifier(&block);
}

module_init(faulter_init);
module_exit(faulter_exit);

MODULE_DESCRIPTION("Failures of kvstore's init and namespaces");
MODULE_LICENSE("GPL");
