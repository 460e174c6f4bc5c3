// SPDX-License-Identifier: GPL-2.0-only
/* A socket option that does nothing: the cost of calling a handler */
#include <linux/module.h>
#include <linux/netfilter.h>
#include <net/sock.h>

#include "bench_null.h"

static int null_get(struct sock *sk, int word, void __user *user, int *len)
{
	return 0;
}

static struct nf_sockopt_ops null_ops = {
	.pf = PF_INET,
	.get_optmin = BENCH_NULL_WORD,
	.get_optmax = BENCH_NULL_WORD + 1,
	.get = null_get,
	.owner = THIS_MODULE,
};

static int __init null_init(void)
{
	return nf_register_sockopt(&null_ops);
}

static void __exit null_exit(void)
{
	nf_unregister_sockopt(&null_ops);
}

module_init(null_init);
module_exit(null_exit);

MODULE_DESCRIPTION("A socket option that does nothing");
MODULE_LICENSE("GPL");
