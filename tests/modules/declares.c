// SPDX-License-Identifier: GPL-2.0-only
/* caller.ko: declared parameters of one namespace, and the module's callbacks */
#include <linux/inet.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/string.h>

#include "caller.h"

struct settings {
	u32 count;
	s16 offset;
	bool on;
	unsigned int mode;
	struct kv_string __rcu *name;
	__be32 peer;
	struct kv_ipv6 __rcu *peer6;
	u8 low;
	u8 high;
	u32 untouched;
};

static const char *const modes[] = { "slow", "fast", NULL };

static int is_even(const struct kv_param *param, const char *value, unsigned int len,
		   struct kv_reason *reason)
{
	EXPECT(value[len] == '\0');
	EXPECT(all_refuse_to_nest(here));
	return value[len - 1] & 1 ? kv_refuse(reason, param, "%s is not even", value) : 0;
}

static const struct kv_param one_params[] = {
	KV_PARAM_UINT("one.count", struct settings, count, .min = 1, .max = 9, .def = "5",
		      .text = "a number"),
	KV_PARAM_INT("one.offset", struct settings, offset, .def = "-1", .text = "a number"),
	KV_PARAM_BOOL("one.on", struct settings, on, .def = "on", .text = "a switch"),
	KV_PARAM_ENUM("one.mode", struct settings, mode, modes, .def = "fast", .text = "a choice"),
	KV_PARAM_STRING("one.name", struct settings, name, .max = 9, .def = "me",
			.text = "a name"),
	KV_PARAM_IPV4("one.peer", struct settings, peer, .def = "192.0.2.1", .text = "a host"),
	KV_PARAM_IPV6("one.peer6", struct settings, peer6, .def = "::1", .text = "a host"),
};

static const struct kv_param two_params[] = {
	KV_PARAM_UINT("two.low", struct settings, low, .def = "1", .text = "an end"),
	KV_PARAM_UINT("two.high", struct settings, high, .def = "9", .text = "an end"),
	KV_PARAM_UINT("two.even", struct settings, count, .def = "2", .text = "a number",
		      .check = is_even),
};

/**
 * struct party - a declaration and the calls of its callbacks
 * @settings: its fields
 * @declaration: the declaration
 * @prepared: calls of prepare()
 * @committed: calls of commit()
 * @aborted: calls of abort()
 * @misled: a callback got a wrong argument
 * @answer: return value of prepare()
 * @rev: revision of the last update
 */
struct party {
	struct settings settings;
	struct kv_declaration declaration;
	unsigned int prepared;
	unsigned int committed;
	unsigned int aborted;
	bool misled;
	int answer;
	u64 rev;
};

static struct party *party_of(const struct kv_update *update)
{
	return container_of((struct settings *)update->settings, struct party, settings);
}

static int prepare(struct kv_update *update)
{
	struct party *party = party_of(update);
	const struct settings *next = update->next;

	party->prepared++;
	party->rev = update->rev;
	party->misled |= update->net != here || update->prepared || next == &party->settings ||
			 !all_refuse_to_nest(here);
	if (party->answer == -EDOM)
		return kv_refuse(update->reason, NULL, "not now");
	if (party->answer)
		return party->answer;
	if (next->low > next->high)
		return kv_refuse(update->reason, &two_params[0], "%u is above %u", next->low,
				 next->high);
	update->prepared = party;
	return 0;
}

static void commit(struct kv_update *update)
{
	struct party *party = party_of(update);
	const struct settings *next = update->next;

	party->committed++;
	party->misled |= update->prepared != party || update->rev != party->rev ||
			 next->count != party->settings.count ||
			 next->low != party->settings.low || next->high != party->settings.high ||
			 !all_refuse_to_nest(here);
}

static void give_up(struct kv_update *update)
{
	struct party *party = party_of(update);

	party->aborted++;
	party->misled |= update->prepared != party || !all_refuse_to_nest(here);
}

#define PARTY(_params, _count) {						\
	.declaration = {							\
		.module = KBUILD_MODNAME, .params = (_params), .count = (_count), \
		.size = sizeof(struct settings),				\
		.prepare = prepare, .commit = commit, .abort = give_up,		\
	},									\
}

static struct party one = PARTY(one_params, ARRAY_SIZE(one_params));
static struct party two = PARTY(two_params, ARRAY_SIZE(two_params));

static void forget_calls(void)
{
	one.prepared = 0;
	one.committed = 0;
	one.aborted = 0;
	two.prepared = 0;
	two.committed = 0;
	two.aborted = 0;
}

static void join(struct party *party)
{
	forget_calls();
	party->answer = 0;
	party->misled = false;
	EXPECT_IS(kv_declare(here, &party->declaration, &party->settings), 0);
}

static void part(struct party *party)
{
	kv_undeclare(here, &party->declaration);
	EXPECT(!party->misled);
}

static void put_all(const char *const (*pairs)[2], unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		EXPECT_IS(put(pairs[i][0], pairs[i][1]), 0);
}

static void delete_all(const char *const (*pairs)[2], unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		EXPECT_IS(kv_delete(here, pairs[i][0]), 0);
}

static bool name_is(const char *name)
{
	const struct kv_string *string;
	bool is;

	rcu_read_lock();
	string = rcu_dereference(one.settings.name);
	is = string && string->len == strlen(name) && !strcmp(string->text, name);
	rcu_read_unlock();
	return is;
}

static bool peer6_ends_with(u8 byte)
{
	const struct kv_ipv6 *ipv6;
	bool does;

	rcu_read_lock();
	ipv6 = rcu_dereference(one.settings.peer6);
	does = ipv6 && ipv6->addr.s6_addr[15] == byte;
	rcu_read_unlock();
	return does;
}

static bool one_has_defaults(void)
{
	const struct settings *settings = &one.settings;

	return settings->count == 5 && settings->offset == -1 && settings->on &&
	       settings->mode == 1 && settings->peer == in_aton("192.0.2.1") && name_is("me") &&
	       peer6_ends_with(1);
}

/* A valid and an invalid value for each parameter of one */

static const char *const good[][2] = {
	{ "one.count", "0x7" }, { "one.offset", "-32768" }, { "one.on", "no" },
	{ "one.mode", "slow" }, { "one.name", "somebody" }, { "one.peer", "192.0.2.7" },
	{ "one.peer6", "2001:db8::7" },
};

static const char *const bad[][2] = {
	{ "one.count", "10" }, { "one.offset", "32768" }, { "one.on", "2" },
	{ "one.mode", "FAST" }, { "one.name", "0123456789" }, { "one.peer", "192.0.2" },
	{ "one.peer6", "192.0.2.1" },
};

static bool one_has_good_values(void)
{
	const struct settings *settings = &one.settings;

	return settings->count == 7 && settings->offset == -32768 && !settings->on &&
	       settings->mode == 0 && settings->peer == in_aton("192.0.2.7") &&
	       name_is("somebody") && peer6_ends_with(7);
}

static void declare_defaults(void)
{
	one.settings.untouched = 77;
	join(&one);
	EXPECT(one_has_defaults());
	EXPECT_IS(one.settings.untouched, 77);
	EXPECT_IS(one.prepared, 1);
	EXPECT_IS(one.committed, 1);
	EXPECT_IS(one.aborted, 0);
	EXPECT(is_absent(here, "one.count"));
	EXPECT_IS(kv_get_u64(here, "one.count", 4), 4);
	part(&one);
}

static void declare_over_values(void)
{
	put_all(good, ARRAY_SIZE(good));
	join(&one);
	EXPECT(one_has_good_values());
	EXPECT_IS(one.committed, 1);
	part(&one);
	EXPECT(holds(here, "one.name", "somebody") && holds(here, "one.count", "0x7"));
	delete_all(good, ARRAY_SIZE(good));
}

static void declare_over_bad_values(void)
{
	put_all(bad, ARRAY_SIZE(bad));
	join(&one);
	EXPECT(one_has_defaults());
	EXPECT_IS(one.committed, 1);
	EXPECT(holds(here, "one.count", "10"));
	put_all(good, ARRAY_SIZE(good));
	EXPECT(one_has_good_values());
	delete_all(good, ARRAY_SIZE(good));
	part(&one);
}

static void declare_over_bad_pair(void)
{
	put("two.low", "8");
	put("two.high", "7");
	join(&two);
	/* prepare() has named low: high keeps its value. */
	EXPECT_IS(two.settings.low, 1);
	EXPECT_IS(two.settings.high, 7);
	EXPECT_IS(two.committed, 1);
	EXPECT(holds(here, "two.low", "8"));
	EXPECT_IS(put("two.high", "6"), 0);
	EXPECT_IS(put("two.low", "8"), -EDOM);
	EXPECT_IS(put("two.low", "5"), 0);
	EXPECT_IS(two.settings.low, 5);
	part(&two);
	kv_delete(here, "two.low");
	kv_delete(here, "two.high");
}

static void undeclare(void)
{
	join(&one);
	put_all(good, ARRAY_SIZE(good));
	part(&one);
	EXPECT_IS(one.settings.count, 7);
	EXPECT(!rcu_access_pointer(one.settings.name) && !rcu_access_pointer(one.settings.peer6));
	EXPECT(holds(here, "one.peer", "192.0.2.7"));
	forget_calls();
	EXPECT_IS(put("one.count", "anything"), 0);
	EXPECT_IS(one.settings.count, 7);
	EXPECT_IS(one.prepared, 0);
	delete_all(good, ARRAY_SIZE(good));
}

static void follow_puts(void)
{
	unsigned int i;

	join(&one);
	put_all(good, ARRAY_SIZE(good));
	EXPECT(one_has_good_values());
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_IS(put(bad[i][0], bad[i][1]), -EDOM);
	EXPECT_IS(kv_put(here, "one.name", "a\0b", 3, 0), -EDOM);
	EXPECT(one_has_good_values());
	EXPECT(holds(here, "one.count", "0x7"));
	delete_all(good, ARRAY_SIZE(good));
	EXPECT(one_has_defaults());
	part(&one);
}

static void ask_check(void)
{
	join(&two);
	EXPECT_IS(put("two.even", "3"), -EDOM);
	EXPECT(is_absent(here, "two.even"));
	EXPECT_IS(put("two.even", "4"), 0);
	EXPECT_IS(two.settings.count, 4);
	kv_delete(here, "two.even");
	part(&two);
}

/* Transactions */

#define PUT(_key, _value)							\
	{ .op = KV_OP_PUT, .key = (_key), .value = (_value), .len = sizeof(_value) - 1 }
#define DELETE(_key) { .op = KV_OP_DELETE, .key = (_key) }

static void call_once(void)
{
	struct kv_write writes[] = {
		PUT("one.count", "1"), PUT("other", "1"), PUT("one.name", "x"),
		PUT("one.count", "2"), PUT("one.name", "y"), PUT("one.on", "off"),
	};
	u64 rev = tick();

	join(&one);
	EXPECT(one.rev == rev);
	forget_calls();
	EXPECT_IS(kv_commit(here, writes, ARRAY_SIZE(writes), NULL), 0);
	EXPECT_IS(one.prepared, 1);
	EXPECT_IS(one.committed, 1);
	EXPECT_IS(one.aborted, 0);
	EXPECT(one.rev == rev + 1);
	EXPECT(one.settings.count == 2 && !one.settings.on && name_is("y"));
	forget_calls();
	EXPECT_IS(put("other", "2"), 0);
	EXPECT_IS(kv_delete(here, "other"), 0);
	EXPECT_IS(one.prepared, 0);
	part(&one);
	kv_delete(here, "one.count");
	kv_delete(here, "one.name");
	kv_delete(here, "one.on");
}

static void all_or_nothing(void)
{
	struct kv_write writes[] = {
		PUT("one.count", "1"), PUT("one.name", "x"), PUT("one.peer6", "::2"),
		PUT("two.even", "4"), PUT("two.low", "10"), PUT("other", "1"),
	};
	unsigned int failed = 99;
	u64 rev;

	join(&one);
	join(&two);
	rev = tick();
	forget_calls();
	EXPECT_IS(kv_commit(here, writes, ARRAY_SIZE(writes), &failed), -EDOM);
	EXPECT_IS(failed, 4);	/* the parameter that prepare() has named */
	EXPECT(one.prepared == 1 && one.aborted == 1 && !one.committed);
	EXPECT(two.prepared == 1 && !two.aborted && !two.committed);
	EXPECT(one_has_defaults());
	EXPECT(two.settings.low == 1 && two.settings.count == 2);
	EXPECT(is_absent(here, "one.count") && is_absent(here, "two.even") &&
	       is_absent(here, "other"));
	EXPECT_IS(tick(), rev + 1);

	/* A record that is refused before prepare() is called */
	forget_calls();
	writes[4] = (struct kv_write)PUT("two.low", "256");
	EXPECT_IS(kv_commit(here, writes, ARRAY_SIZE(writes), &failed), -EDOM);
	EXPECT_IS(failed, 4);
	EXPECT(!one.prepared && !one.aborted && !two.prepared && !two.aborted);

	writes[4] = (struct kv_write)PUT("two.low", "9");
	EXPECT_IS(kv_commit(here, writes, ARRAY_SIZE(writes), &failed), 0);
	EXPECT(one.committed == 1 && two.committed == 1 && !one.aborted && !two.aborted);
	EXPECT(one.settings.count == 1 && two.settings.low == 9 && two.settings.count == 4);
	part(&two);
	part(&one);
	for (failed = 0; failed < ARRAY_SIZE(writes); failed++)
		kv_delete(here, writes[failed].key);
}

static void no_memory(void)
{
	struct kv_write writes[] = { PUT("one.count", "1"), PUT("one.name", "x"),
				     PUT("two.even", "4") };
	unsigned int failed = 99;

	join(&one);
	join(&two);
	forget_calls();
	two.answer = -ENOMEM;
	EXPECT_IS(kv_commit(here, writes, ARRAY_SIZE(writes), &failed), -ENOMEM);
	EXPECT_IS(failed, ARRAY_SIZE(writes));
	EXPECT(one.aborted == 1 && !one.committed && !two.aborted && !two.committed);
	EXPECT(one_has_defaults() && is_absent(here, "one.count"));
	/* Any other error of a callback is a refusal. */
	two.answer = -EIO;
	EXPECT_IS(kv_commit(here, writes, ARRAY_SIZE(writes), &failed), -EDOM);
	EXPECT_IS(failed, 2);
	part(&two);
	part(&one);
}

static void declare_refused(void)
{
	forget_calls();
	one.answer = -ENOMEM;
	EXPECT_IS(kv_declare(here, &one.declaration, &one.settings), -ENOMEM);
	one.answer = -EDOM;
	EXPECT_IS(kv_declare(here, &one.declaration, &one.settings), -EINVAL);
	EXPECT_IS(one.prepared, 2);
	EXPECT(!one.committed && !one.aborted);
	EXPECT_IS(put("one.count", "free"), 0);
	EXPECT_IS(kv_delete(here, "one.count"), 0);
}

static void delete_refused(void)
{
	join(&two);
	EXPECT_IS(put("two.high", "10"), 0);
	EXPECT_IS(put("two.low", "10"), 0);
	EXPECT_IS(kv_delete(here, "two.high"), -EDOM);
	EXPECT(holds(here, "two.high", "10"));
	EXPECT_IS(two.settings.high, 10);
	EXPECT_IS(kv_delete(here, "two.low"), 0);
	EXPECT_IS(kv_delete(here, "two.high"), 0);
	EXPECT_IS(two.settings.high, 9);
	part(&two);
}

/* Keys that are declared already, and other namespaces */

static void declare_twice(void)
{
	struct party again = PARTY(one_params, ARRAY_SIZE(one_params));
	/* Its first key is free, its second is not. */
	const struct kv_param params[] = {
		KV_PARAM_UINT("also.free", struct settings, low, .def = "1", .text = "a number"),
		KV_PARAM_UINT("one.name", struct settings, high, .def = "1", .text = "a number"),
	};
	struct party part_of_it = PARTY(params, ARRAY_SIZE(params));

	join(&one);
	EXPECT_IS(kv_declare(here, &one.declaration, &one.settings), -EEXIST);
	EXPECT_IS(kv_declare(here, &again.declaration, &again.settings), -EEXIST);
	EXPECT_IS(kv_declare(here, &part_of_it.declaration, &part_of_it.settings), -EEXIST);
	EXPECT(!again.prepared && !part_of_it.prepared);
	EXPECT_IS(put("also.free", "anything"), 0);
	EXPECT_IS(put("one.count", "3"), 0);
	EXPECT_IS(one.settings.count, 3);
	kv_delete(here, "one.count");
	kv_delete(here, "also.free");
	part(&one);
}

static void declare_here_only(void)
{
	join(&one);
	EXPECT_IS(put("one.count", "free"), -EDOM);
	EXPECT_IS(kv_put(&init_net, "one.count", "free", 4, 0), 0);
	EXPECT_IS(one.settings.count, 5);
	EXPECT_IS(kv_delete(&init_net, "one.count"), 0);
	part(&one);
}

/* A value that can be read is in effect, and not before. */

static int show_sum(const struct kv_param *param, const struct net *net, const void *settings,
		    char *buf, unsigned int size)
{
	const struct settings *shown = settings;

	EXPECT(net == here);
	return scnprintf(buf, size, "%u", READ_ONCE(shown->low) + READ_ONCE(shown->high));
}

static const struct kv_param order_params[] = {
	KV_PARAM_UINT("order.low", struct settings, low, .def = "1", .text = "a number"),
	KV_PARAM_SHOW("order.sum", KV_TYPE_U64, show_sum, .text = "a sum"),
};

static void look_at_both(struct kv_update *update)
{
	const struct settings *settings = update->settings;

	if (settings->low == 2)
		EXPECT(is_absent(here, "order.low"));
	if (settings->low == 3)
		EXPECT(holds(here, "order.low", "2"));
}

static void in_effect_when_readable(void)
{
	struct settings settings = { .high = 10 };
	struct kv_declaration declaration = {
		.module = KBUILD_MODNAME, .params = order_params, .count = ARRAY_SIZE(order_params),
		.size = sizeof(struct settings), .commit = look_at_both,
	};

	EXPECT_IS(kv_declare(here, &declaration, &settings), 0);
	EXPECT_IS(put("order.low", "2"), 0);
	EXPECT_IS(put("order.low", "3"), 0);
	EXPECT(holds(here, "order.low", "3") && settings.low == 3);
	EXPECT_IS(kv_get_u64(here, "order.sum", 0), 13);
	EXPECT_IS(put("order.sum", "13"), -EDOM);
	kv_undeclare(here, &declaration);
	EXPECT(is_absent(here, "order.sum"));
	EXPECT_IS(kv_delete(here, "order.low"), 0);
}

static const struct test declares[] = {
	{ "declaring puts the defaults into effect, and nothing into the store",
	  declare_defaults },
	{ "values that were set before are applied", declare_over_values },
	{ "invalid values stay in the store, with the defaults in effect until the next put",
	  declare_over_bad_values },
	{ "if prepare() refuses values that were set before, the one it names is not applied",
	  declare_over_bad_pair },
	{ "undeclaring keeps the values in the store and numbers in fields, and frees strings",
	  undeclare },
	{ "fields follow puts and deletes, and an invalid value is EDOM", follow_puts },
	{ "check() of a parameter is called with a NUL byte at the end of the value", ask_check },
	{ "prepare() and commit() are called once for a transaction, with its revision",
	  call_once },
	{ "if one declaration refuses, abort() is called for the other and nothing changes",
	  all_or_nothing },
	{ "ENOMEM of prepare() is ENOMEM of the commit, with nothing changed", no_memory },
	{ "a declaration whose defaults fail is EINVAL or ENOMEM, and declares nothing",
	  declare_refused },
	{ "a delete whose default is refused is EDOM", delete_refused },
	{ "a key can be declared once: the whole second declaration is EEXIST", declare_twice },
	{ "kv_declare declares in one namespace", declare_here_only },
	{ "a value that can be read is in effect, and show() is called for each read",
	  in_effect_when_readable },
};

const struct suite declares_suite = {
	.name = "declares",
	.tests = declares,
	.count = ARRAY_SIZE(declares),
};

/*
 * This suite has no tests. Its parameters stay declared until the module is unloaded:
 * user space puts values of two.low, two.high and two.even before, and looks at them.
 */

static void refused_enter(void)
{
	join(&two);
}

static void refused_leave(void)
{
	part(&two);
}

const struct suite refused_suite = {
	.name = "refused",
	.enter = refused_enter,
	.leave = refused_leave,
};
