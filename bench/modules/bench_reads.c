// SPDX-License-Identifier: GPL-2.0-only
/*
 * Times reads by kernel code. A read of one of this module's parameters does `rounds`
 * reads, and returns the nanoseconds that they took, without those of the loop.
 */
#include <linux/bpf.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/string.h>
#include <net/net_namespace.h>

#include <kvstore.h>

#include "../../kernel/kvstore/compat.h"
#include "bench_reads.h"

struct settings {
	u32 count;
};

static const struct kv_param params[] = {
	KV_PARAM_UINT("bench.count", struct settings, count, .def = "7", .text = "a number"),
};

static const struct kv_declaration declaration = {
	.module = KBUILD_MODNAME, .params = params, .count = ARRAY_SIZE(params),
	.size = sizeof(struct settings),
};

static unsigned int rounds = BENCH_ROUNDS;
module_param(rounds, uint, 0400);
MODULE_PARM_DESC(rounds, "reads that one measurement times");

static struct settings settings;
static const char *key = BENCH_KEY;
static u8 value[BENCH_VALUE_LEN];
static struct bpf_map *map;

/* Nanoseconds of @rounds times @_read, or -EIO if it was false once. */
#define TIME(_read) ({							\
	bool fine = true;						\
	u64 start = ktime_get_ns(), middle;				\
	unsigned int i, count = rounds;					\
									\
	for (i = 0; i < count; i++)					\
		barrier();						\
	middle = ktime_get_ns();					\
	for (i = 0; i < count; i++) {					\
		barrier();						\
		fine &= (_read);					\
	}								\
	fine ? (s64)(ktime_get_ns() - middle - (middle - start)) : -EIO;\
})

/* The key is constant: the compiler computes its length. */
static s64 time_get(void)
{
	return TIME(kv_get(&init_net, BENCH_KEY, value, sizeof(value)) == sizeof(value));
}

static s64 time_get_computed(void)
{
	return TIME(kv_get(&init_net, READ_ONCE(key), value, sizeof(value)) == sizeof(value));
}

static s64 time_get_u64(void)
{
	return TIME(kv_get_u64(&init_net, "bench.number", 0) == 1500);
}

/* No condition: it would cost more than the read. */
static s64 time_declared(void)
{
	return TIME((READ_ONCE(settings.count), true));
}

static void *lookup(void)
{
	return map->ops->map_lookup_elem(map, BENCH_KEY);
}

static bool find(void)
{
	bool found;

	rcu_read_lock();
	found = lookup();
	rcu_read_unlock();
	return found;
}

static s64 time_bpf(void)
{
	return TIME(find());
}

/* Copies the value like kv_get(), since an element may change at any time. */
static bool find_and_copy(void)
{
	void *found;

	rcu_read_lock();
	found = lookup();
	if (found)
		memcpy(value, found, sizeof(value));
	rcu_read_unlock();
	return found;
}

static s64 time_bpf_copy(void)
{
	return TIME(find_and_copy());
}

static int timed_get(char *buf, const struct kernel_param *param)
{
	s64 (*time)(void) = param->arg;
	s64 ns = time();

	return ns < 0 ? ns : sysfs_emit(buf, "%lld\n", ns);
}

static const struct kernel_param_ops timed_ops = { .get = timed_get };

module_param_cb(get, &timed_ops, time_get, 0400);
MODULE_PARM_DESC(get, "kv_get() of a constant key");
module_param_cb(get_computed, &timed_ops, time_get_computed, 0400);
MODULE_PARM_DESC(get_computed, "kv_get() of a key whose length is not known");
module_param_cb(get_u64, &timed_ops, time_get_u64, 0400);
MODULE_PARM_DESC(get_u64, "kv_get_u64()");
module_param_cb(declared, &timed_ops, time_declared, 0400);
MODULE_PARM_DESC(declared, "Read of a declared parameter");

/* The map, which is set as a file descriptor of the writing process */

static int map_set(const char *text, const struct kernel_param *param)
{
	struct bpf_map *new;
	int fd, err;

	err = kstrtoint(text, 10, &fd);
	if (err)
		return err;
	new = kv_bpf_map_get(fd);
	if (IS_ERR(new))
		return PTR_ERR(new);
	if (map)
		bpf_map_put(map);
	map = new;
	return 0;
}

static int mapped_get(char *buf, const struct kernel_param *param)
{
	return map ? timed_get(buf, param) : -ENOENT;
}

static const struct kernel_param_ops map_ops = { .set = map_set };
static const struct kernel_param_ops mapped_ops = { .get = mapped_get };

module_param_cb(bpf_map, &map_ops, NULL, 0200);
MODULE_PARM_DESC(bpf_map, "Descriptor of a BPF hash map that has the key");
module_param_cb(bpf, &mapped_ops, time_bpf, 0400);
MODULE_PARM_DESC(bpf, "Lookup in that map");
module_param_cb(bpf_copy, &mapped_ops, time_bpf_copy, 0400);
MODULE_PARM_DESC(bpf_copy, "Lookup in that map, and a copy of the value");

static int __init reads_init(void)
{
	int err;

	memset(value, 'v', BENCH_VALUE_LEN);
	err = kv_put(&init_net, BENCH_KEY, value, sizeof(value), 0);
	if (!err)
		err = kv_put(&init_net, "bench.number", "1500", 4, 0);
	return err ?: kv_declare(&init_net, &declaration, &settings);
}

static void __exit reads_exit(void)
{
	kv_undeclare(&init_net, &declaration);
	if (map)
		bpf_map_put(map);
}

module_init(reads_init);
module_exit(reads_exit);

MODULE_DESCRIPTION("Times reads by kernel code");
MODULE_LICENSE("GPL");
/*
 * bpf_map_get() is in a symbol namespace on later kernels. MODULE_IMPORT_NS() takes an identifier
 * on older kernels and a string on newer ones: this is the result of both.
 */
MODULE_INFO(import_ns, "BPF_INTERNAL");
