// SPDX-License-Identifier: GPL-2.0-only
/*
 * The range of command words, and who may use them. sockset.c has the words that
 * write, sockget.c those that answer: permission, length, copy, validate, act.
 */
#include <linux/capability.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <net/net_namespace.h>

#include "call.h"
#include "sockopt.h"

/* Whether the caller may write to the namespace's store and read private values. May sleep. */
bool kv_may_admin(const struct net *net)
{
	return ns_capable(net->user_ns, CAP_NET_ADMIN);
}

/* The same where the answer refuses nothing, and so is no matter for the audit log. */
bool kv_sees_private(const struct net *net)
{
	return ns_capable_noaudit(net->user_ns, CAP_NET_ADMIN);
}

/**
 * kv_check_flags() - whether flags that give conditions agree
 * @flags: KV_F_*, not 0
 * @rev: what comes with them
 *
 * Return: 0 or -EINVAL.
 */
int kv_check_flags(u8 flags, u64 rev)
{
	if (rev && !(flags & KV_F_IF_REV))
		return -EINVAL;
	if (flags & KV_F_CREATE && flags & (KV_F_REPLACE | KV_F_IF_REV))
		return -EINVAL;
	if (flags & KV_F_PREFIX && flags & KV_F_IF_REV)
		return -EINVAL;
	return 0;
}

static struct nf_sockopt_ops kv_sockopt_ops = {
	.pf = PF_INET,
	.set = kv_sockset,
	.get = kv_sockget,
	.owner = THIS_MODULE,
};

int kv_sockopt_base __ro_after_init;

/**
 * kv_sockopt_register() - take the command words; from now on calls come in
 * @base: first of KV_SO_WORDS words
 *
 * Return: 0 or -EBUSY if some of them are taken.
 */
int kv_sockopt_register(unsigned int base)
{
	kv_sockopt_base = base;
	kv_sockopt_ops.set_optmin = base;
	kv_sockopt_ops.set_optmax = base + KV_SO_WORDS;
	kv_sockopt_ops.get_optmin = base;
	kv_sockopt_ops.get_optmax = base + KV_SO_WORDS;
	return nf_register_sockopt(&kv_sockopt_ops);
}

/**
 * kv_sockopt_unregister() - give the words back; no call is under way afterwards
 */
void kv_sockopt_unregister(void)
{
	nf_unregister_sockopt(&kv_sockopt_ops);
}
