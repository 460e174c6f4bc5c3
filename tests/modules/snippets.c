// SPDX-License-Identifier: GPL-2.0-only
/* The code that docs/in-kernel.md shows, except for that of portguard and demo */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/module.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include <kvstore.h>

/* By key */

/* Any context. */
static u64 mtu_of(const struct net *net, const char *device)
{
	char key[KV_KEY_MAX + 1];

	snprintf(key, sizeof(key), "net.%s.mtu", device);
	return kv_get_u64(net, key, 1500);
}

/* Process context. Puts both keys, or neither if the device has an owner already. */
static int take_device(struct net *net, const char *owner)
{
	const struct kv_write writes[] = {
		{ .op = KV_OP_PUT, .key = "net.lo.owner", .flags = KV_F_CREATE,
		  .value = owner, .len = strlen(owner) },
		{ .op = KV_OP_PUT, .key = "net.lo.mtu", .value = "9000", .len = 4 },
	};
	unsigned int failed;
	int err = kv_commit(net, writes, ARRAY_SIZE(writes), &failed);

	if (err && failed < ARRAY_SIZE(writes))
		pr_warn("%s: %pe\n", writes[failed].key, ERR_PTR(err));
	return err;
}

/* Notification */

static atomic_t changes = ATOMIC_INIT(0);

static void put_changes(struct work_struct *work)
{
	char value[16];
	int len = scnprintf(value, sizeof(value), "%d", atomic_read(&changes));

	kv_put(&init_net, "snippets.changes", value, len, 0);
}

static DECLARE_WORK(changes_work, put_changes);

/* Under the writers' lock, where kv_put() is refused: queue it. */
static void device_changed(struct kv_notifier *notifier, const struct kv_notice *notice)
{
	atomic_inc(&changes);
	schedule_work(&changes_work);
}

static struct kv_notifier device_notifier = {
	.prefix = "net.lo.",
	.changed = device_changed,
};

/* Declaration, in all namespaces */

struct pace {
	u32 rate;
	struct kv_string __rcu *label;
};

static unsigned int pace_id;

/* Any context. */
static u32 rate_of(const struct net *net)
{
	const struct pace *pace;
	u32 rate = 0;

	rcu_read_lock();
	pace = kv_settings(net, pace_id);
	if (pace)
		rate = READ_ONCE(pace->rate);
	rcu_read_unlock();
	return rate;
}

/* Any context. A pointer that is read under RCU is valid only under RCU. */
static void copy_label(const struct net *net, char *buf, unsigned int size)
{
	const struct kv_string *label = NULL;
	const struct pace *pace;

	rcu_read_lock();
	pace = kv_settings(net, pace_id);
	if (pace)
		label = rcu_dereference(pace->label);
	strscpy(buf, label ? label->text : "", size);
	rcu_read_unlock();
}

static int show_pace(const struct kv_param *param, const struct net *net, const void *settings,
		     char *buf, unsigned int size)
{
	char label[16];

	copy_label(net, label, sizeof(label));
	return scnprintf(buf, size, "%s: %u packets/s of %llu bytes", label, rate_of(net),
			 mtu_of(net, "lo"));
}

static const struct kv_param params[] = {
	KV_PARAM_UINT("pace.rate", struct pace, rate, .min = 1, .max = 100000, .def = "10",
		      .unit = "packets/s", .text = "rate of packets"),
	KV_PARAM_STRING("pace.label", struct pace, label, .max = 15, .def = "all",
			.text = "name of the limit"),
	KV_PARAM_SHOW("pace.state", KV_TYPE_STRING, show_pace, .text = "the limit in effect"),
};

static const struct kv_declaration declaration = {
	.module = KBUILD_MODNAME,
	.params = params, .count = ARRAY_SIZE(params), .size = sizeof(struct pace),
};

static int __init snippets_init(void)
{
	int err = kv_declare_all(&declaration, &pace_id);

	if (err)
		return err;
	err = kv_notifier_register(&init_net, &device_notifier);
	if (err)
		goto undeclare;
	err = take_device(&init_net, "snippets");
	if (err)
		goto unregister;
	return 0;

unregister:
	kv_notifier_unregister(&device_notifier);
	cancel_work_sync(&changes_work);
undeclare:
	kv_undeclare_all(&declaration, pace_id);
	return err;
}

static void __exit snippets_exit(void)
{
	kv_notifier_unregister(&device_notifier);
	cancel_work_sync(&changes_work);	/* the notifier cannot queue it again */
	kv_undeclare_all(&declaration, pace_id);
}

module_init(snippets_init);
module_exit(snippets_exit);

MODULE_DESCRIPTION("The snippets of docs/in-kernel.md");
MODULE_LICENSE("GPL");
