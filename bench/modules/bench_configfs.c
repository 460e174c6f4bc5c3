// SPDX-License-Identifier: GPL-2.0-only
/* A configfs attribute: /sys/kernel/config/bench/value */
#include <linux/configfs.h>
#include <linux/module.h>
#include <linux/mutex.h>

static ssize_t bench_value_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%u\n", 1500);
}

CONFIGFS_ATTR_RO(bench_, value);

static struct configfs_attribute *attrs[] = { &bench_attr_value, NULL };

static const struct config_item_type type = {
	.ct_owner = THIS_MODULE,
	.ct_attrs = attrs,
};

static struct configfs_subsystem subsystem = {
	.su_group.cg_item = { .ci_namebuf = "bench", .ci_type = &type },
};

static int __init bench_configfs_init(void)
{
	config_group_init(&subsystem.su_group);
	mutex_init(&subsystem.su_mutex);
	return configfs_register_subsystem(&subsystem);
}

static void __exit bench_configfs_exit(void)
{
	configfs_unregister_subsystem(&subsystem);
}

module_init(bench_configfs_init);
module_exit(bench_configfs_exit);

MODULE_DESCRIPTION("A configfs attribute");
MODULE_LICENSE("GPL");
