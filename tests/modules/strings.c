// SPDX-License-Identifier: GPL-2.0-only
/* caller.ko: strings and addresses that are replaced while they are read */
#include <linux/kernel.h>
#include <linux/string.h>

#include "caller.h"

struct objects {
	struct kv_string __rcu *name;
	struct kv_ipv6 __rcu *addr;
};

static const struct kv_param params[] = {
	KV_PARAM_STRING("object.name", struct objects, name, .def = "default", .text = "a string"),
	KV_PARAM_IPV6("object.addr", struct objects, addr, .def = "::", .text = "an address"),
};

static const struct kv_declaration declaration = {
	.module = KBUILD_MODNAME, .params = params, .count = ARRAY_SIZE(params),
	.size = sizeof(struct objects),
};

static struct objects objects;
static bool enough;
static char last;
static unsigned int changes, torn;

/* The string is 1 x, 900 y or the default; the address is independent of it. */
static void replace(struct work_struct *work)
{
	static char longer[900];
	struct kv_write writes[] = {
		{ .op = KV_OP_PUT, .key = "object.name", .value = longer, .len = sizeof(longer) },
		{ .op = KV_OP_PUT, .key = "object.addr", .value = "a::a", .len = 4 },
	};

	memset(longer, 'y', sizeof(longer));
	while (!READ_ONCE(enough)) {
		EXPECT_IS(put("object.name", "x"), 0);
		EXPECT_IS(kv_commit(here, writes, ARRAY_SIZE(writes), NULL), 0);
		EXPECT_IS(kv_delete(here, "object.name"), 0);
		EXPECT_IS(kv_delete(here, "object.addr"), 0);
	}
}

static void read_objects(void)
{
	const struct kv_string *name;
	const struct kv_ipv6 *addr;
	unsigned int len;

	rcu_read_lock();
	name = rcu_dereference(objects.name);
	addr = rcu_dereference(objects.addr);
	if (!name || !addr) {
		torn++;
		goto unlock;
	}
	len = name->text[0] == 'x' ? 1 : name->text[0] == 'y' ? 900 : 7;
	torn += name->len != len || strlen(name->text) != len ||
		(len == 900 && memchr_inv(name->text, 'y', len)) ||
		addr->addr.s6_addr[1] != addr->addr.s6_addr[15];
	changes += name->text[0] != last;
	last = name->text[0];
unlock:
	rcu_read_unlock();
}

static void read_while_replaced(void)
{
	struct work_struct replacing;
	unsigned int i;

	EXPECT_IS(kv_declare(here, &declaration, &objects), 0);
	INIT_WORK_ONSTACK(&replacing, replace);
	queue_work(background, &replacing);
	while (changes < 500)
		for (i = 0; i < contexts_count; i++)
			contexts[i].run(read_objects);
	WRITE_ONCE(enough, true);
	flush_work(&replacing);
	destroy_work_on_stack(&replacing);
	kv_undeclare(here, &declaration);
	EXPECT_IS(torn, 0);
}

static const struct test strings[] = {
	{ "readers under RCU see each string and address whole while they are replaced",
	  read_while_replaced },
};

const struct suite strings_suite = {
	.name = "strings",
	.tests = strings,
	.count = ARRAY_SIZE(strings),
};
