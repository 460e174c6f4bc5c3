// SPDX-License-Identifier: GPL-2.0-only
/*
 * Gives each new store the same hash key. Otherwise the distribution of keys to
 * buckets is random, and the cost of a listing, or of a get in a store with as many
 * keys as buckets, varies by up to two percent between runs.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/prandom.h>

#include <store/hash.h>

static int seed_entry(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	*(void **)instance->data = (void *)regs_get_kernel_argument(regs, 0);
	/* Leave requests of other sizes alone: they get random bytes. */
	return regs_get_kernel_argument(regs, 1) != sizeof(struct kv_hash_key);
}

static int seed_return(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	struct rnd_state state;

	prandom_seed_state(&state, 1);
	prandom_bytes_state(&state, *(void **)instance->data, sizeof(struct kv_hash_key));
	return 0;
}

static struct kretprobe probe = {
	.kp.symbol_name = "get_random_bytes",
	.entry_handler = seed_entry,
	.handler = seed_return,
	.data_size = sizeof(void *),
};

static int __init seed_init(void)
{
	return register_kretprobe(&probe);
}

static void __exit seed_exit(void)
{
	unregister_kretprobe(&probe);
}

module_init(seed_init);
module_exit(seed_exit);

MODULE_DESCRIPTION("Gives each store the same hash key");
MODULE_LICENSE("GPL");
