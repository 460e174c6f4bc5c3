// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netfilter hooks that accept all packets. While one of them is registered, the kernel
 * does not patch its code when another hook is registered or unregistered. After such
 * a patch, under a flood of packets, QEMU's TCG may execute the old code forever.
 */
#include <linux/module.h>
#include <linux/netfilter.h>
#include <net/net_namespace.h>

static unsigned int pass(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return NF_ACCEPT;
}

static const struct nf_hook_ops hooks[] = {
	{ .hook = pass, .pf = NFPROTO_INET, .hooknum = NF_INET_PRE_ROUTING },
	{ .hook = pass, .pf = NFPROTO_INET, .hooknum = NF_INET_LOCAL_IN },
	{ .hook = pass, .pf = NFPROTO_INET, .hooknum = NF_INET_LOCAL_OUT },
};

static int __init hooked_init(void)
{
	return nf_register_net_hooks(&init_net, hooks, ARRAY_SIZE(hooks));
}

static void __exit hooked_exit(void)
{
	nf_unregister_net_hooks(&init_net, hooks, ARRAY_SIZE(hooks));
}

module_init(hooked_init);
module_exit(hooked_exit);

MODULE_DESCRIPTION("Hooks that accept all packets");
MODULE_LICENSE("GPL");
