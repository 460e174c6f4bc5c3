// SPDX-License-Identifier: GPL-2.0-only
/*
 * The settings of portguard as a generic netlink family. Makes the same rules, but
 * filters no packets. docs/in-kernel.md compares it with kernel/portguard.
 */
#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "compare_genetlink.h"

#define PORTS 65536

struct settings {
	bool enabled;
	unsigned int mode;
	char *ports;		/* NULL: none */
	unsigned int log_ratelimit;
};

/* Made of settings that must change together, and replaced as a whole under RCU. */
struct rules {
	struct rcu_head rcu;
	unsigned int mode;
	DECLARE_BITMAP(ports, PORTS);
};

/* One for each network namespace. */
struct guard {
	struct settings settings;	/* genl_lock(), which all commands hold */
	struct rules __rcu *rules;	/* NULL: accept all packets */
	atomic_long_t stopped[2];	/* packets, by mode */
};

static unsigned int guard_id __read_mostly;
static struct genl_family family;

static bool put_all(struct sk_buff *msg, const struct guard *guard)
{
	const struct settings *settings = &guard->settings;
	const atomic_long_t *stopped = guard->stopped;

	return !nla_put_u8(msg, PORTGUARD_A_ENABLED, settings->enabled) &&
	       !nla_put_u32(msg, PORTGUARD_A_MODE, settings->mode) &&
	       !nla_put_string(msg, PORTGUARD_A_PORTS, settings->ports ?: "") &&
	       !nla_put_u32(msg, PORTGUARD_A_LOG_RATELIMIT, settings->log_ratelimit) &&
	       !nla_put_u64_64bit(msg, PORTGUARD_A_DROPPED,
				  atomic_long_read(&stopped[PORTGUARD_MODE_DROP]),
				  PORTGUARD_A_PAD) &&
	       !nla_put_u64_64bit(msg, PORTGUARD_A_REJECTED,
				  atomic_long_read(&stopped[PORTGUARD_MODE_REJECT]),
				  PORTGUARD_A_PAD);
}

static int guard_get(struct sk_buff *skb, struct genl_info *info)
{
	const struct guard *guard = net_generic(genl_info_net(info), guard_id);
	struct sk_buff *msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *head;

	if (!msg)
		return -ENOMEM;
	head = genlmsg_put_reply(msg, info, &family, 0, PORTGUARD_CMD_GET);
	if (!head || !put_all(msg, guard)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, head);
	return genlmsg_reply(msg, info);
}

/* Make rules of the new settings, or refuse these with a reason. */
static int prepare(const struct settings *next, struct rules **prepared, struct genl_info *info)
{
	struct rules *rules = kvzalloc(sizeof(*rules), GFP_KERNEL_ACCOUNT);
	const char *ports = next->ports ?: "";

	if (!rules)
		return -ENOMEM;
	/* bitmap_parselist() would also accept words and patterns. */
	if (ports[strspn(ports, "0123456789-,")] || bitmap_parselist(ports, rules->ports, PORTS)) {
		kvfree(rules);
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[PORTGUARD_A_PORTS],
				    "must be ports and ranges of ports, such as 7,9,6000-6063");
		return -EINVAL;
	}
	rules->mode = next->mode;
	if (next->enabled && !bitmap_empty(rules->ports, PORTS))
		*prepared = rules;
	else
		kvfree(rules);
	return 0;
}

static void commit(struct guard *guard, const struct settings *next, struct rules *rules)
{
	struct rules *old;

	if (next->ports != guard->settings.ports)
		kfree(guard->settings.ports);
	guard->settings.enabled = next->enabled;
	guard->settings.mode = next->mode;
	guard->settings.ports = next->ports;
	WRITE_ONCE(guard->settings.log_ratelimit, next->log_ratelimit);
	old = rcu_replace_pointer(guard->rules, rules, true);
	if (old)
		kvfree_rcu(old, rcu);
}

static int guard_set(struct sk_buff *skb, struct genl_info *info)
{
	struct guard *guard = net_generic(genl_info_net(info), guard_id);
	struct settings next = guard->settings;
	struct nlattr **attrs = info->attrs;
	struct rules *rules = NULL;
	int err;

	if (attrs[PORTGUARD_A_ENABLED])
		next.enabled = nla_get_u8(attrs[PORTGUARD_A_ENABLED]);
	if (attrs[PORTGUARD_A_MODE])
		next.mode = nla_get_u32(attrs[PORTGUARD_A_MODE]);
	if (attrs[PORTGUARD_A_LOG_RATELIMIT])
		next.log_ratelimit = nla_get_u32(attrs[PORTGUARD_A_LOG_RATELIMIT]);
	if (attrs[PORTGUARD_A_PORTS]) {
		next.ports = nla_strdup(attrs[PORTGUARD_A_PORTS], GFP_KERNEL_ACCOUNT);
		if (!next.ports)
			return -ENOMEM;
	}
	err = prepare(&next, &rules, info);
	if (!err)
		commit(guard, &next, rules);
	else if (attrs[PORTGUARD_A_PORTS])
		kfree(next.ports);
	return err;
}

static const struct nla_policy policy[] = {
	[PORTGUARD_A_ENABLED] = NLA_POLICY_MAX(NLA_U8, 1),
	[PORTGUARD_A_MODE] = NLA_POLICY_MAX(NLA_U32, PORTGUARD_MODE_REJECT),
	[PORTGUARD_A_PORTS] = { .type = NLA_NUL_STRING, .len = PORTGUARD_PORTS_MAX },
	[PORTGUARD_A_LOG_RATELIMIT] = NLA_POLICY_MAX(NLA_U32, 1000),
};

static const struct genl_small_ops commands[] = {
	{ .cmd = PORTGUARD_CMD_GET, .doit = guard_get },
	{ .cmd = PORTGUARD_CMD_SET, .doit = guard_set, .flags = GENL_UNS_ADMIN_PERM },
};

static struct genl_family family __ro_after_init = {
	.name = PORTGUARD_FAMILY, .version = PORTGUARD_VERSION,
	.module = THIS_MODULE, .netnsok = true,
	.policy = policy, .maxattr = ARRAY_SIZE(policy) - 1,
	.small_ops = commands, .n_small_ops = ARRAY_SIZE(commands),
};

static int __net_init guard_init(struct net *net)
{
	struct guard *guard = net_generic(net, guard_id);

	guard->settings.enabled = true;
	return 0;
}

/* A grace period has passed since the last packet. */
static void __net_exit guard_exit(struct net *net)
{
	struct guard *guard = net_generic(net, guard_id);

	kvfree(rcu_dereference_protected(guard->rules, true));
	kfree(guard->settings.ports);
}

static struct pernet_operations guard_ops = {
	.init = guard_init, .exit = guard_exit, .id = &guard_id, .size = sizeof(struct guard),
};

static int __init compare_genetlink_init(void)
{
	int err = register_pernet_subsys(&guard_ops);

	if (err)
		return err;
	err = genl_register_family(&family);
	if (err)
		unregister_pernet_subsys(&guard_ops);
	return err;
}

static void __exit compare_genetlink_exit(void)
{
	genl_unregister_family(&family);
	unregister_pernet_subsys(&guard_ops);
}

module_init(compare_genetlink_init);
module_exit(compare_genetlink_exit);

MODULE_DESCRIPTION("The settings of portguard as a generic netlink family");
MODULE_LICENSE("GPL");
