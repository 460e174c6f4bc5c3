// SPDX-License-Identifier: GPL-2.0-only
/* The idle time of the first processor, which kvbench subtracts */
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

MODULE_DESCRIPTION("Reports the idle time of the first processor");
MODULE_LICENSE("GPL");
