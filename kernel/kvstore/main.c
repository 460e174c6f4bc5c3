// SPDX-License-Identifier: GPL-2.0-only
/* kvstore, a key/value configuration store inside the kernel: the module and its parameters */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "net.h"
#include "sockopt/call.h"
#include "store/store.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

#define KV_MAX_BUCKETS 16777216U
#define KV_MAX_LOG 65536U
#define KV_MIN_BASE 0x10000U	/* the kernel and old modules use lower words */

static struct kv_limits limits __ro_after_init = {
	.buckets = 4096,
	.max_entries = 65536,
	.max_bytes = 16 << 20,
	.log_entries = 1024,
	.max_watches = 1024,
};

static unsigned int opt_base __ro_after_init = KV_SO_BASE;

module_param_named(buckets, limits.buckets, uint, 0444);
MODULE_PARM_DESC(buckets, "Buckets of each namespace's hash table, a power of two (default 4096)");
module_param_named(max_entries, limits.max_entries, uint, 0444);
MODULE_PARM_DESC(max_entries, "Most keys in each namespace (default 65536)");
module_param_named(max_bytes, limits.max_bytes, ullong, 0444);
MODULE_PARM_DESC(max_bytes, "Most bytes of keys and values in each namespace (default 16777216)");
module_param_named(log_entries, limits.log_entries, uint, 0444);
MODULE_PARM_DESC(log_entries, "Changes kept for watchers of each namespace, with their values, a power of two (default 1024)");
module_param_named(max_watches, limits.max_watches, uint, 0444);
MODULE_PARM_DESC(max_watches, "Most watches of each namespace (default 1024)");
module_param(opt_base, uint, 0444);
MODULE_PARM_DESC(opt_base, "First of 256 socket option words, a multiple of 256 (default 0x4B560000)");

static int __init check_parameters(void)
{
	if (!is_power_of_2(limits.buckets) || limits.buckets > KV_MAX_BUCKETS) {
		pr_err("buckets must be a power of two, at most %u; it is %u\n",
		       KV_MAX_BUCKETS, limits.buckets);
		return -EINVAL;
	}
	if (!is_power_of_2(limits.log_entries) || limits.log_entries > KV_MAX_LOG) {
		pr_err("log_entries must be a power of two, at most %u; it is %u\n",
		       KV_MAX_LOG, limits.log_entries);
		return -EINVAL;
	}
	if (!limits.max_entries || !limits.max_bytes) {
		pr_err("max_entries and max_bytes must be at least 1; they are %u and %llu\n",
		       limits.max_entries, limits.max_bytes);
		return -EINVAL;
	}
	if (opt_base % KV_SO_WORDS || opt_base < KV_MIN_BASE || opt_base > INT_MAX - KV_SO_WORDS) {
		pr_err("opt_base must be a multiple of %u, from 0x%x to 0x%x; it is 0x%x\n",
		       KV_SO_WORDS, KV_MIN_BASE,
		       round_down(INT_MAX - KV_SO_WORDS, KV_SO_WORDS), opt_base);
		return -EINVAL;
	}
	return 0;
}

static int __init kv_init(void)
{
	int err;

	err = check_parameters();
	if (err)
		return err;
	err = kv_net_register(&limits);
	if (err)
		return err;
	err = kv_sockopt_register(opt_base);
	if (err == -EBUSY)
		pr_err("socket option words 0x%x to 0x%x are taken by another module; choose others with opt_base=, a multiple of %u\n",
		       opt_base, opt_base + KV_SO_WORDS - 1, KV_SO_WORDS);
	if (err)
		goto unregister_net;
	return 0;

unregister_net:
	kv_net_unregister();
	return err;
}

static void __exit kv_exit(void)
{
	kv_sockopt_unregister();
	kv_net_unregister();
	rcu_barrier();	/* for entries, strings and addresses that are being freed */
}

module_init(kv_init);
module_exit(kv_exit);

MODULE_DESCRIPTION("Key/value configuration store");
#ifdef KV_VERSION
MODULE_VERSION(KV_VERSION);
#endif
MODULE_LICENSE("GPL");
