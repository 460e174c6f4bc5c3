// SPDX-License-Identifier: GPL-2.0-only
/* How long the first processor has been idle: what a benchmark takes off its time */
#include <linux/kernel_stat.h>
#include <linux/module.h>
#include <linux/tick.h>

static int idle_get(char *buf, const struct kernel_param *param)
{
	return sysfs_emit(buf, "%llu\n", get_cpu_idle_time_us(0, NULL));
}

static const struct kernel_param_ops idle_ops = { .get = idle_get };

module_param_cb(idle_us, &idle_ops, NULL, 0444);
MODULE_PARM_DESC(idle_us, "Microseconds");

MODULE_DESCRIPTION("Tells how long the first processor has been idle");
MODULE_LICENSE("GPL");
