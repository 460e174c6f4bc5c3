// SPDX-License-Identifier: GPL-2.0-only
/*
 * portguard: drops or rejects incoming packets to some UDP and TCP ports. kvstore
 * holds the settings of each network namespace. docs/in-kernel.md explains this
 * module, which is an example to copy.
 */
#include <linux/bitmap.h>
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/ratelimit.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>
#include <net/netfilter/ipv4/nf_reject.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>
#include <net/netfilter/ipv6/nf_reject.h>
#include <net/netns/generic.h>

#include <kvstore.h>

#include "../kvstore/compat.h"

#define PORTS 65536
enum { MODE_DROP, MODE_REJECT };
static const char *const modes[] = { "drop", "reject", NULL };

struct settings {	/* kvstore keeps the fields up to date */
	bool enabled;
	unsigned int mode;
	struct kv_string __rcu *ports;
	unsigned int log_ratelimit;
};

/* Made of settings that must change together, and replaced as a whole under RCU. */
struct rules {
	struct rcu_head rcu;
	unsigned int mode;
	DECLARE_BITMAP(ports, PORTS);
};

struct guard {	/* one for each network namespace */
	struct settings settings;
	struct rules __rcu *rules;	/* NULL: accept all packets */
	atomic_long_t stopped[2];	/* packets, by mode */
	struct ratelimit_state log_limit;
};

static unsigned int guard_id __read_mostly;

/* Parameters */

enum { PARAM_ENABLED, PARAM_MODE, PARAM_PORTS, PARAM_LOG, PARAM_STOPPED };
static const struct kv_param params[];

static int show_stopped(const struct kv_param *param, const struct net *net, const void *settings,
			char *buf, unsigned int size)
{
	const struct guard *guard = container_of(settings, struct guard, settings);
	unsigned int mode = param - &params[PARAM_STOPPED];

	return scnprintf(buf, size, "%lu", atomic_long_read(&guard->stopped[mode]));
}

static const struct kv_param params[] = {
	KV_PARAM_BOOL("portguard.enabled", struct settings, enabled, .def = "on",
		      .text = "whether anything is stopped at all"),
	KV_PARAM_ENUM("portguard.mode", struct settings, mode, modes, .def = "drop",
		      .text = "drop in silence, or reject with a TCP reset or an ICMP error"),
	[PARAM_PORTS] =
	KV_PARAM_STRING("portguard.ports", struct settings, ports, .def = "",
			.text = "UDP and TCP ports and ranges of them, such as 7,9,6000-6063"),
	KV_PARAM_UINT("portguard.log_ratelimit", struct settings, log_ratelimit, .max = 1000,
		      .def = "0", .unit = "messages/s",
		      .text = "limit of log messages about stopped packets; 0: none"),
	[PARAM_STOPPED + MODE_DROP] =
	KV_PARAM_SHOW("portguard.dropped", KV_TYPE_U64, show_stopped, .unit = "packets",
		      .text = "packets dropped so far"),
	[PARAM_STOPPED + MODE_REJECT] =
	KV_PARAM_SHOW("portguard.rejected", KV_TYPE_U64, show_stopped, .unit = "packets",
		      .text = "packets rejected so far"),
};

/* Make rules of the new settings, or refuse these with a reason. */
static int guard_prepare(struct kv_update *update)
{
	const struct settings *next = update->next;
	const char *ports = rcu_dereference_protected(next->ports, kv_is_locked(update->net))->text;
	struct rules *rules;

	rules = kvzalloc(sizeof(*rules), GFP_KERNEL_ACCOUNT);
	if (!rules)
		return -ENOMEM;
	/* bitmap_parselist() would also accept words and patterns. */
	if (ports[strspn(ports, "0123456789-,")] || bitmap_parselist(ports, rules->ports, PORTS)) {
		kvfree(rules);
		return kv_refuse(update->reason, &params[PARAM_PORTS],
				 "must be ports and ranges of ports, such as 7,9,6000-6063");
	}
	rules->mode = next->mode;
	if (next->enabled && !bitmap_empty(rules->ports, PORTS))
		update->prepared = rules;
	else
		kvfree(rules);
	return 0;
}

static void guard_commit(struct kv_update *update)
{
	struct guard *guard = container_of(update->settings, struct guard, settings);
	struct rules *old = rcu_replace_pointer(guard->rules, update->prepared,
						kv_is_locked(update->net));

	if (old)
		kvfree_rcu(old, rcu);
	WRITE_ONCE(guard->log_limit.burst, guard->settings.log_ratelimit);
}

static void guard_abort(struct kv_update *update)
{
	kvfree(update->prepared);
}

static void guard_release(struct net *net, void *settings)
{
	kvfree(rcu_dereference_raw(container_of(settings, struct guard, settings)->rules));
}

static const struct kv_declaration declaration = {
	.module = KBUILD_MODNAME,
	.params = params, .count = ARRAY_SIZE(params), .size = sizeof(struct settings),
	.prepare = guard_prepare, .commit = guard_commit, .abort = guard_abort,
	.release = guard_release,
};

/* Packets */

/* Get protocol and destination port. Returns 0 if neither UDP nor TCP, -EBADMSG if malformed. */
static int find_port(const struct sk_buff *skb, u8 pf, u16 *port)
{
	unsigned int offset = 0;
	int protocol;
	__be16 *ports, buf[2];

	if (pf == NFPROTO_IPV4) {
		protocol = ip_hdr(skb)->protocol;
		offset = skb_network_offset(skb) + ip_hdrlen(skb);
	} else {
		protocol = ipv6_find_hdr(skb, &offset, -1, NULL, NULL);
	}
	if (protocol != IPPROTO_UDP && protocol != IPPROTO_TCP)
		return protocol == -EBADMSG ? protocol : 0;
	ports = skb_header_pointer(skb, offset, sizeof(buf), buf);
	if (!ports)
		return -EBADMSG;
	*port = ntohs(ports[1]);
	return protocol;
}

static void reject(struct sk_buff *skb, const struct nf_hook_state *state, int protocol)
{
	if (state->pf == NFPROTO_IPV4 && protocol == IPPROTO_TCP)
		nf_send_reset(state->net, state->sk, skb, state->hook);
	else if (state->pf == NFPROTO_IPV4)
		nf_send_unreach(skb, ICMP_PORT_UNREACH, state->hook);
	else if (protocol == IPPROTO_TCP)
		nf_send_reset6(state->net, state->sk, skb, state->hook);
	else
		nf_send_unreach6(state->net, skb, ICMPV6_PORT_UNREACH, state->hook);
}

/* In softirq, under RCU. While no port is guarded, a packet costs one load. */
static unsigned int filter(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct guard *guard = net_generic(state->net, guard_id);
	const struct rules *rules = rcu_dereference(guard->rules);
	u16 port;
	int protocol = rules ? find_port(skb, state->pf, &port) : 0;

	if (protocol < 0)
		return NF_DROP;	/* malformed: its port is unknown */
	if (!protocol || !test_bit(port, rules->ports))
		return NF_ACCEPT;
	/* Containers must not fill the host's log. */
	if (READ_ONCE(guard->settings.log_ratelimit) && net_eq(state->net, &init_net) &&
	    __ratelimit(&guard->log_limit))
		pr_info("portguard: %s port %u stopped\n",
			protocol == IPPROTO_TCP ? "TCP" : "UDP", port);
	if (rules->mode == MODE_REJECT)
		reject(skb, state, protocol);
	atomic_long_inc(&guard->stopped[rules->mode]);
	return NF_DROP;
}

static const struct nf_hook_ops hook = {
	.hook = filter, .pf = NFPROTO_INET, .hooknum = NF_INET_LOCAL_IN,
};

/* Namespaces */

static int __net_init guard_init(struct net *net)
{
	struct guard *guard = net_generic(net, guard_id);
	int err;

	ratelimit_state_init(&guard->log_limit, HZ, 0);
	err = kv_declare(net, &declaration, &guard->settings);
	if (err)
		return err;
	err = nf_defrag_ipv6_enable(net);	/* LOCAL_IN sees IPv6 fragments otherwise */
	if (err)
		goto undeclare;
	err = nf_register_net_hook(net, &hook);
	if (!err)
		return 0;
	nf_defrag_ipv6_disable(net);
undeclare:
	kv_undeclare(net, &declaration);
	return err;
}

static void __net_exit guard_pre_exit(struct net *net)
{
	nf_unregister_net_hook(net, &hook);
	nf_defrag_ipv6_disable(net);
	kv_undeclare_begin(net, &declaration);
}

static void __net_exit guard_exit(struct net *net)
{
	kv_undeclare(net, &declaration);
}

static struct pernet_operations guard_ops = {
	.init = guard_init, .pre_exit = guard_pre_exit, .exit = guard_exit,
	.id = &guard_id, .size = sizeof(struct guard),
};

static int __init portguard_init(void)
{
	return register_pernet_subsys(&guard_ops);
}

static void __exit portguard_exit(void)
{
	unregister_pernet_subsys(&guard_ops);
}

module_init(portguard_init);
module_exit(portguard_exit);

MODULE_DESCRIPTION("Drops or rejects packets to ports that are set in kvstore");
MODULE_LICENSE("GPL");
