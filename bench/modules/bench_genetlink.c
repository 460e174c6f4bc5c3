// SPDX-License-Identifier: GPL-2.0-only
/* A generic netlink family that replies to any key with the same value: a round trip, no lookup */
#include <linux/module.h>
#include <net/genetlink.h>

#include "bench_genetlink.h"

static struct genl_family family;

static int bench_get(struct sk_buff *skb, struct genl_info *info)
{
	static const u8 value[BENCH_GENETLINK_VALUE_LEN] = { 'v' };
	struct nlattr *key = info->attrs[BENCH_A_KEY];
	struct sk_buff *msg;
	void *head;

	if (!key)
		return -EINVAL;
	msg = genlmsg_new(nla_total_size(nla_len(key)) + nla_total_size(sizeof(value)),
			  GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	head = genlmsg_put_reply(msg, info, &family, 0, BENCH_CMD_GET);
	if (!head || nla_put(msg, BENCH_A_KEY, nla_len(key), nla_data(key)) ||
	    nla_put(msg, BENCH_A_VALUE, sizeof(value), value)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, head);
	return genlmsg_reply(msg, info);
}

static const struct nla_policy policy[] = {
	[BENCH_A_KEY] = NLA_POLICY_MIN_LEN(1),
	[BENCH_A_VALUE] = { .type = NLA_REJECT },
};

static const struct genl_small_ops commands[] = {
	{ .cmd = BENCH_CMD_GET, .doit = bench_get },
};

static struct genl_family family __ro_after_init = {
	.name = "bench", .version = 1,
	.module = THIS_MODULE, .netnsok = true, .parallel_ops = true,
	.policy = policy, .maxattr = ARRAY_SIZE(policy) - 1,
	.small_ops = commands, .n_small_ops = ARRAY_SIZE(commands),
};

module_param_named(family, family.id, int, 0444);
MODULE_PARM_DESC(family, "Number of the family");

static int __init bench_genetlink_init(void)
{
	return genl_register_family(&family);
}

static void __exit bench_genetlink_exit(void)
{
	genl_unregister_family(&family);
}

module_init(bench_genetlink_init);
module_exit(bench_genetlink_exit);

MODULE_DESCRIPTION("A generic netlink family");
MODULE_LICENSE("GPL");
