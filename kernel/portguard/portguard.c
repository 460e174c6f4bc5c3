// SPDX-License-Identifier: GPL-2.0-only
/*
 * portguard: drops or rejects what comes in for some UDP and TCP ports, in each
 * network namespace as its own settings in kvstore say. A small module to copy
 * from; docs/in-kernel.md walks through it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitmap.h>
#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/ratelimit.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>
#include <net/netfilter/ipv4/nf_reject.h>
#include <net/netfilter/ipv6/nf_reject.h>
#include <net/netns/generic.h>

#include <kvstore.h>

#define PORTS 65536
enum { MODE_DROP, MODE_REJECT };
static const char *const modes[] = { "drop", "reject", NULL };

/* What kvstore keeps up to date. */
struct settings {
	bool enabled;
	unsigned int mode;
	struct kv_string __rcu *ports;
	unsigned int log_ratelimit;
};

/* What a packet is judged by: settings that have to change together, made ready. */
struct rules {
	struct rcu_head rcu;
	unsigned int mode;
	DECLARE_BITMAP(ports, PORTS);
};

/* A network namespace. */
struct guard {
	struct settings settings;
	struct rules __rcu *rules;		/* NULL: nothing is stopped */
	unsigned long __percpu *stopped;	/* packets, by mode */
	struct ratelimit_state log_limit;
};

static unsigned int guard_id __read_mostly;

/* Parameters */

enum { PARAM_PORTS = 2, PARAM_STOPPED = 4 };	/* rows of this table */
static const struct kv_param params[];

static int show_stopped(const struct kv_param *param, const struct net *net, const void *settings,
			char *buf, unsigned int size)
{
	const struct guard *guard = container_of(settings, struct guard, settings);
	unsigned int mode = param - &params[PARAM_STOPPED];
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(guard->stopped, cpu)[mode]);
	return scnprintf(buf, size, "%lu", sum);
}

static const struct kv_param params[] = {
	KV_PARAM_BOOL("portguard.enabled", struct settings, enabled, .def = "on",
		      .text = "whether anything is stopped at all"),
	KV_PARAM_ENUM("portguard.mode", struct settings, mode, modes, .def = "drop",
		      .text = "drop in silence, or reject with a TCP reset or an ICMP error"),
	KV_PARAM_STRING("portguard.ports", struct settings, ports, .def = "",
			.text = "UDP and TCP ports and ranges of them, such as 7,9,6000-6063"),
	KV_PARAM_UINT("portguard.log_ratelimit", struct settings, log_ratelimit, .max = 1000,
		      .def = "0", .unit = "messages/s",
		      .text = "most packets that the kernel's log tells of"),
	KV_PARAM_SHOW("portguard.dropped", KV_TYPE_U64, show_stopped, .unit = "packets",
		      .text = "packets dropped so far"),
	KV_PARAM_SHOW("portguard.rejected", KV_TYPE_U64, show_stopped, .unit = "packets",
		      .text = "packets rejected so far"),
};

/* Make the rules that the settings ask for, or say what is wrong with them. */
static int guard_prepare(struct kv_update *update)
{
	const struct settings *next = update->next;
	const struct kv_string *ports = rcu_dereference_protected(next->ports, true);
	struct rules *rules;

	rules = kvzalloc(sizeof(*rules), GFP_KERNEL_ACCOUNT);
	if (!rules)
		return -ENOMEM;
	if (bitmap_parselist(ports->text, rules->ports, PORTS)) {
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
	struct rules *old;

	old = rcu_replace_pointer(guard->rules, update->prepared, true);
	if (old)
		kvfree_rcu(old, rcu);
}

static void guard_abort(struct kv_update *update)
{
	kvfree(update->prepared);
}

static const struct kv_declaration declaration = {
	.module = KBUILD_MODNAME,
	.params = params, .count = ARRAY_SIZE(params), .size = sizeof(struct settings),
	.prepare = guard_prepare, .commit = guard_commit, .abort = guard_abort,
};

/* Packets */

/* The packet's protocol and destination port; false if it is neither UDP nor TCP. */
static bool find_port(const struct sk_buff *skb, u8 pf, int *protocol, u16 *port)
{
	unsigned int offset = 0;
	unsigned short fragment = 0;
	const __be16 *ports;
	__be16 buf[2];

	if (pf == NFPROTO_IPV4) {
		*protocol = ip_hdr(skb)->protocol;
		offset = skb_network_offset(skb) + ip_hdrlen(skb);
		fragment = ntohs(ip_hdr(skb)->frag_off) & IP_OFFSET;
	} else {
		*protocol = ipv6_find_hdr(skb, &offset, -1, &fragment, NULL);
	}
	if (fragment || (*protocol != IPPROTO_UDP && *protocol != IPPROTO_TCP))
		return false;
	ports = skb_header_pointer(skb, offset, sizeof(buf), buf);
	if (!ports)
		return false;
	*port = ntohs(ports[1]);
	return true;
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

/* Softirq, under RCU. A port that is not guarded costs one load and the search for the port. */
static unsigned int judge(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct guard *guard = net_generic(state->net, guard_id);
	const struct rules *rules = rcu_dereference(guard->rules);
	int protocol;
	u16 port;

	if (!rules || !find_port(skb, state->pf, &protocol, &port) ||
	    !test_bit(port, rules->ports))
		return NF_ACCEPT;
	WRITE_ONCE(guard->log_limit.burst, READ_ONCE(guard->settings.log_ratelimit));
	if (__ratelimit(&guard->log_limit))
		pr_info("netns %u: %s port %u stopped\n", state->net->ns.inum,
			protocol == IPPROTO_TCP ? "TCP" : "UDP", port);
	if (rules->mode == MODE_REJECT)
		reject(skb, state, protocol);
	this_cpu_inc(guard->stopped[rules->mode]);
	return NF_DROP;
}

static const struct nf_hook_ops hooks[] = {
	{ .hook = judge, .pf = NFPROTO_IPV4, .hooknum = NF_INET_LOCAL_IN },
	{ .hook = judge, .pf = NFPROTO_IPV6, .hooknum = NF_INET_LOCAL_IN },
};

/* Namespaces */

static void guard_free(struct guard *guard)
{
	kvfree(rcu_dereference_protected(guard->rules, true));
	free_percpu(guard->stopped);
}

static int __net_init guard_init(struct net *net)
{
	struct guard *guard = net_generic(net, guard_id);
	int err = -ENOMEM;

	ratelimit_state_init(&guard->log_limit, HZ, 0);
	ratelimit_set_flags(&guard->log_limit, RATELIMIT_MSG_ON_RELEASE);
	guard->stopped = __alloc_percpu(2 * sizeof(long), sizeof(long));
	if (guard->stopped)
		err = kv_declare(net, &declaration, &guard->settings);
	if (err)
		goto free;
	err = nf_register_net_hooks(net, hooks, ARRAY_SIZE(hooks));
	if (!err)
		return 0;
	kv_undeclare(net, &declaration);
free:
	guard_free(guard);
	return err;
}

static void __net_exit guard_exit(struct net *net)
{
	nf_unregister_net_hooks(net, hooks, ARRAY_SIZE(hooks));
	kv_undeclare(net, &declaration);	/* waits until no packet is judged any more */
	guard_free(net_generic(net, guard_id));
}

static struct pernet_operations guard_ops = {
	.init = guard_init, .exit = guard_exit, .id = &guard_id, .size = sizeof(struct guard),
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

MODULE_DESCRIPTION("Stops packets to the ports that kvstore holds");
MODULE_LICENSE("GPL");
