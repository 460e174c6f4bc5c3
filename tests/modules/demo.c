// SPDX-License-Identifier: GPL-2.0-only
/* A module for tests, which declares a parameter of each type in all namespaces */
#include <linux/ctype.h>
#include <linux/module.h>
#include <net/net_namespace.h>

#include <kvstore.h>

struct demo {
	u32 count;
	s32 offset;
	bool enabled;
	unsigned int mode;
	struct kv_string __rcu *name;
	__be32 peer;
	struct kv_ipv6 __rcu *peer6;
	u16 low;
	u16 high;
	u64 commits;	/* not a parameter */
};

static const char *const modes[] = { "drop", "reject", "log", NULL };

static int check_name(const struct kv_param *param, const char *value, unsigned int len,
		      struct kv_reason *reason)
{
	return isdigit(*value) ? kv_refuse(reason, param, "a name cannot start with a digit") : 0;
}

static int show_commits(const struct kv_param *param, const struct net *net, const void *settings,
			char *buf, unsigned int size)
{
	const struct demo *demo = settings;

	return scnprintf(buf, size, "%llu", READ_ONCE(demo->commits));
}

/* Show all fields. */
static int show_state(const struct kv_param *param, const struct net *net, const void *settings,
		      char *buf, unsigned int size)
{
	const struct demo *demo = settings;
	const struct kv_string *name = rcu_dereference(demo->name);
	const struct kv_ipv6 *peer6 = rcu_dereference(demo->peer6);
	__be32 peer = READ_ONCE(demo->peer);

	return scnprintf(buf, size, "%u %d %d %s %s %pI4 %pI6c %u-%u", READ_ONCE(demo->count),
			 READ_ONCE(demo->offset), READ_ONCE(demo->enabled),
			 modes[READ_ONCE(demo->mode)], name ? name->text : "(none)", &peer,
			 peer6 ? &peer6->addr : &in6addr_any, READ_ONCE(demo->low),
			 READ_ONCE(demo->high));
}

enum { LOW = 7 };

static const struct kv_param params[] = {
	KV_PARAM_UINT("demo.count", struct demo, count, .min = 1, .max = 100, .def = "10",
		      .unit = "packets", .text = "a number"),
	KV_PARAM_INT("demo.offset", struct demo, offset, .smin = -50, .smax = 50, .def = "0",
		     .unit = "ms", .text = "a number that may be negative"),
	KV_PARAM_BOOL("demo.enabled", struct demo, enabled, .def = "off", .text = "a switch"),
	KV_PARAM_ENUM("demo.mode", struct demo, mode, modes, .def = "drop", .text = "a choice"),
	KV_PARAM_STRING("demo.name", struct demo, name, .max = 15, .def = "none",
			.text = "a name that starts with no digit", .check = check_name),
	KV_PARAM_IPV4("demo.peer", struct demo, peer, .def = "0.0.0.0", .text = "an IPv4 address"),
	KV_PARAM_IPV6("demo.peer6", struct demo, peer6, .def = "::", .text = "an IPv6 address"),
	[LOW] = KV_PARAM_UINT("demo.low", struct demo, low, .def = "1",
			      .text = "the low end of a range"),
	KV_PARAM_UINT("demo.high", struct demo, high, .def = "9",
		      .text = "the high end of a range"),
	KV_PARAM_SHOW("demo.commits", KV_TYPE_U64, show_commits,
		      .text = "how often the module was told of changes"),
	KV_PARAM_SHOW("demo.state", KV_TYPE_STRING, show_state,
		      .text = "all parameters as the module sees them"),
};

static int prepare(struct kv_update *update)
{
	const struct demo *next = update->next;

	if (next->low > next->high)
		return kv_refuse(update->reason, &params[LOW],
				 "demo.low is greater than demo.high");
	return 0;
}

static void commit(struct kv_update *update)
{
	struct demo *demo = update->settings;

	WRITE_ONCE(demo->commits, demo->commits + 1);
}

static const struct kv_declaration declaration = {
	.module = KBUILD_MODNAME,
	.params = params,
	.count = ARRAY_SIZE(params),
	.size = sizeof(struct demo),
	.prepare = prepare,
	.commit = commit,
};

static unsigned int id;

static int __init demo_init(void)
{
	return kv_declare_all(&declaration, &id);
}

static void __exit demo_exit(void)
{
	kv_undeclare_all(&declaration, id);
}

module_init(demo_init);
module_exit(demo_exit);

MODULE_DESCRIPTION("Declares parameters");
MODULE_LICENSE("GPL");
