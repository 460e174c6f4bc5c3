// SPDX-License-Identifier: GPL-2.0-only
/* A module that takes a range of socket option words, which kvstore then cannot have */
#include <linux/module.h>
#include <linux/netfilter.h>

static int base;
module_param(base, int, 0444);
MODULE_PARM_DESC(base, "First of 256 words");

static struct nf_sockopt_ops squatter_ops = {
	.pf = PF_INET,
	.owner = THIS_MODULE,
};

static int __init squatter_init(void)
{
	squatter_ops.set_optmin = base;
	squatter_ops.set_optmax = base + 256;
	squatter_ops.get_optmin = base;
	squatter_ops.get_optmax = base + 256;
	return nf_register_sockopt(&squatter_ops);
}

static void __exit squatter_exit(void)
{
	nf_unregister_sockopt(&squatter_ops);
}

module_init(squatter_init);
module_exit(squatter_exit);

MODULE_DESCRIPTION("Takes socket option words");
MODULE_LICENSE("GPL");
