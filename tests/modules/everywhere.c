// SPDX-License-Identifier: GPL-2.0-only
/* caller.ko: parameters in all existing namespaces; demo.ko tests future ones */
#include <linux/kernel.h>

#include "caller.h"

struct everywhere {
	u32 number;
	u32 own;	/* not a parameter */
};

static const struct kv_param params[] = {
	KV_PARAM_UINT("every.number", struct everywhere, number, .def = "5", .text = "a number"),
};

/* Counted in two namespaces only: others may still be there, or being destroyed. */
static unsigned int our_commits, their_commits;

static void count_commits(struct kv_update *update)
{
	our_commits += update->net == here;
	their_commits += update->net == &init_net;
}

static const struct kv_declaration declaration = {
	.module = KBUILD_MODNAME, .params = params, .count = ARRAY_SIZE(params),
	.size = sizeof(struct everywhere), .commit = count_commits,
};

static void a_struct_for_each(void)
{
	struct everywhere *ours, *theirs;
	unsigned int id;

	put("every.number", "7");
	EXPECT_IS(kv_declare_all(&declaration, &id), 0);
	EXPECT(our_commits == 1 && their_commits == 1);
	rcu_read_lock();
	ours = kv_settings(here, id);
	theirs = kv_settings(&init_net, id);
	rcu_read_unlock();
	if (EXPECT(ours && theirs && ours != theirs)) {
		EXPECT_IS(ours->number, 7);
		EXPECT_IS(theirs->number, 5);
		EXPECT_IS(ours->own, 0);
		EXPECT_IS(put("every.number", "8"), 0);
		EXPECT(ours->number == 8 && theirs->number == 5);
		EXPECT(our_commits == 2 && their_commits == 1);
		EXPECT_IS(kv_put(&init_net, "every.number", "none", 4, 0), -EDOM);
	}
	kv_undeclare_all(&declaration, id);
	rcu_read_lock();
	EXPECT(!kv_settings(here, id) && !kv_settings(&init_net, id));
	rcu_read_unlock();
	EXPECT(holds(here, "every.number", "8"));
	EXPECT_IS(put("every.number", "none"), 0);
}

static void everywhere_or_nowhere(void)
{
	struct everywhere mine = { .own = 1 };
	unsigned int id;

	kv_delete(here, "every.number");
	EXPECT_IS(kv_declare(here, &declaration, &mine), 0);
	EXPECT_IS(kv_declare_all(&declaration, &id), -EEXIST);
	EXPECT_IS(put("every.number", "6"), 0);
	EXPECT_IS(mine.number, 6);
	EXPECT_IS(kv_put(&init_net, "every.number", "free", 4, 0), 0);
	EXPECT_IS(kv_delete(&init_net, "every.number"), 0);
	kv_undeclare(here, &declaration);
	EXPECT_IS(kv_declare_all(&declaration, &id), 0);
	kv_undeclare_all(&declaration, id);
}

static const struct test everywhere[] = {
	{ "kv_declare_all allocates a struct with the values of each namespace",
	  a_struct_for_each },
	{ "if the declaration fails in one namespace, it is made in none", everywhere_or_nowhere },
};

const struct suite everywhere_suite = {
	.name = "everywhere",
	.tests = everywhere,
	.count = ARRAY_SIZE(everywhere),
};
