// SPDX-License-Identifier: GPL-2.0-only
/*
 * caller.ko: each allocation fails in turn, on a kernel with fault injection.
 * tests/kernel/interface.sh configures which allocations can fail.
 */
#include <linux/kernel.h>
#include <linux/sched.h>

#include "caller.h"

#ifdef CONFIG_FAULT_INJECTION

struct settings {
	u32 count;
	struct kv_string __rcu *name;
	struct kv_ipv6 __rcu *addr;
};

static const struct kv_param params[] = {
	KV_PARAM_UINT("memory.count", struct settings, count, .def = "1", .text = "a number"),
	KV_PARAM_STRING("memory.name", struct settings, name, .def = "me", .text = "a name"),
	KV_PARAM_IPV6("memory.addr", struct settings, addr, .def = "::", .text = "an address"),
};

static const struct kv_declaration declaration = {
	.module = KBUILD_MODNAME, .params = params, .count = ARRAY_SIZE(params),
	.size = sizeof(struct settings),
};

static struct settings settings;
static unsigned int id;

/**
 * struct attempt - an operation that allocates memory
 * @run: does the operation
 * @undo: undoes it
 * @is_undone: true if nothing of it is left
 */
struct attempt {
	int (*run)(void);
	void (*undo)(void);
	bool (*is_undone)(void);
};

/* Let each of its allocations fail in turn, and then none. */
static void fail_each(const struct attempt *attempt)
{
	unsigned int nth, failures = 0;
	bool injected;
	int err;

	for (nth = 1; nth < 100; nth++) {
		current->fail_nth = nth;
		err = attempt->run();
		injected = !current->fail_nth;
		current->fail_nth = 0;
		if (!err) {	/* at the end, or if the allocation was tried again */
			EXPECT(!attempt->is_undone());
			attempt->undo();
		}
		if (!EXPECT(attempt->is_undone()))
			report("# allocation %u\n", nth);
		if (!injected)
			break;
		failures += err == -ENOMEM;
		EXPECT(!err || err == -ENOMEM);
	}
	EXPECT_IS(err, 0);
	EXPECT(failures > 1);
}

static bool has_defaults(void)
{
	return settings.count == 1 && rcu_access_pointer(settings.name)->len == 2;
}

static int commit_all(void)
{
	struct kv_write writes[] = {
		{ .op = KV_OP_PUT, .key = "memory.other", .value = "1", .len = 1 },
		{ .op = KV_OP_PUT, .key = "memory.name", .value = "somebody", .len = 8 },
		{ .op = KV_OP_PUT, .key = "memory.name", .value = "nobody", .len = 6 },
		{ .op = KV_OP_PUT, .key = "memory.addr", .value = "::1", .len = 3 },
		{ .op = KV_OP_PUT, .key = "memory.count", .value = "2", .len = 1 },
	};
	unsigned int failed;
	int err = kv_commit(here, writes, ARRAY_SIZE(writes), &failed);

	EXPECT_IS(failed, ARRAY_SIZE(writes));
	return err;
}

static void delete_all(void)
{
	kv_delete(here, "memory.other");
	kv_delete(here, "memory.name");
	kv_delete(here, "memory.addr");
	kv_delete(here, "memory.count");
}

static bool is_deleted(void)
{
	return is_absent(here, "memory.other") && is_absent(here, "memory.name") &&
	       is_absent(here, "memory.addr") && is_absent(here, "memory.count") &&
	       has_defaults();
}

static void commit_without_memory(void)
{
	static const struct attempt attempt = { commit_all, delete_all, is_deleted };

	EXPECT_IS(kv_declare(here, &declaration, &settings), 0);
	fail_each(&attempt);
	kv_undeclare(here, &declaration);
}

static int declare(void)
{
	return kv_declare(here, &declaration, &settings);
}

static void undeclare(void)
{
	kv_undeclare(here, &declaration);
}

static bool is_free(void)
{
	bool free = !put("memory.count", "free");

	if (free)
		kv_delete(here, "memory.count");
	return free;
}

static void declare_without_memory(void)
{
	static const struct attempt attempt = { declare, undeclare, is_free };

	fail_each(&attempt);
}

static int declare_all(void)
{
	return kv_declare_all(&declaration, &id);
}

static void undeclare_all(void)
{
	kv_undeclare_all(&declaration, id);
}

static bool is_free_everywhere(void)
{
	bool free = !kv_put(&init_net, "memory.count", "free", 4, 0);

	if (free)
		kv_delete(&init_net, "memory.count");
	return free && is_free();
}

static void declare_all_without_memory(void)
{
	static const struct attempt attempt = { declare_all, undeclare_all, is_free_everywhere };

	fail_each(&attempt);
}

static const struct test memory[] = {
	{ "a transaction of which any allocation fails is ENOMEM, and changes nothing",
	  commit_without_memory },
	{ "so is kv_declare, and nothing is declared", declare_without_memory },
	{ "so is kv_declare_all, and nothing is declared anywhere",
	  declare_all_without_memory },
};

const struct suite memory_suite = {
	.name = "memory",
	.tests = memory,
	.count = ARRAY_SIZE(memory),
};

#else

const struct suite memory_suite = { .name = "memory" };

#endif
