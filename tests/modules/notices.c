// SPDX-License-Identifier: GPL-2.0-only
/* caller.ko: notifiers */
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "caller.h"

/* Recorders */

static void keep(char *to, const void *value, unsigned int len)
{
	if (!value) {
		strscpy(to, "(none)", NOTED_BYTES);
		return;
	}
	len = min_t(unsigned int, len, NOTED_BYTES - 1);
	memcpy(to, value, len);
	to[len] = '\0';
}

/* The callback of a recorder. */
void record(struct kv_notifier *notifier, const struct kv_notice *notice)
{
	struct recorder *recorder = container_of(notifier, struct recorder, notifier);
	struct noted *noted;

	if (!recorder->count)
		recorder->first_rev = notice->rev;
	else
		recorder->gaps += notice->rev - recorder->last_rev > 1;
	recorder->last_rev = notice->rev;
	if (recorder->count >= NOTED_MAX) {
		recorder->count++;
		return;
	}
	noted = &recorder->noted[recorder->count++];
	noted->net = notice->net;
	noted->rev = notice->rev;
	strscpy(noted->key, notice->key, sizeof(noted->key));
	keep(noted->old, notice->old, notice->old_len);
	keep(noted->new, notice->new, notice->new_len);
}

/* Clear the recorder, and record the changes of keys with this prefix. */
void recorder_start(struct recorder *recorder, struct net *net, const char *prefix)
{
	*recorder = (struct recorder){
		.notifier = { .prefix = prefix, .changed = record },
	};
	EXPECT_IS(kv_notifier_register(net, &recorder->notifier), 0);
}

void recorder_stop(struct recorder *recorder)
{
	kv_notifier_unregister(&recorder->notifier);
}

/* Make a change, and return its revision. */
u64 tick(void)
{
	static struct recorder recorder;

	recorder_start(&recorder, here, "tick");
	EXPECT_IS(put("tick", "1"), 0);
	recorder_stop(&recorder);
	return recorder.last_rev;
}

static bool is_noted(const struct recorder *recorder, unsigned int i, const char *key,
		     const char *old, const char *new)
{
	const struct noted *noted = &recorder->noted[i];

	return i < recorder->count && !strcmp(noted->key, key) && !strcmp(noted->old, old) &&
	       !strcmp(noted->new, new);
}

static struct recorder one, other;

static void notify_values(void)
{
	u64 rev = tick();

	recorder_start(&one, here, "");
	put("v", "1");
	put("v", "");
	kv_put(here, "v", "3", 1, KV_F_PRIVATE);
	kv_delete(here, "v");
	recorder_stop(&one);
	EXPECT_IS(one.count, 4);
	EXPECT(is_noted(&one, 0, "v", "(none)", "1"));
	EXPECT(is_noted(&one, 1, "v", "1", ""));
	EXPECT(is_noted(&one, 2, "v", "", "3"));
	EXPECT(is_noted(&one, 3, "v", "3", "(none)"));
	EXPECT_IS(one.first_rev, rev + 1);
	EXPECT_IS(one.last_rev, rev + 4);
	EXPECT_IS(one.gaps, 0);
}

static void notify_prefix(void)
{
	static char prefix[KV_KEY_MAX + 2];

	recorder_start(&one, here, "p.");
	recorder_start(&other, here, "p.long");
	put("p", "1");
	put("q.", "1");
	put("p.lon", "1");
	put("p.", "1");
	put("p.long", "1");
	put("p.longer", "1");
	recorder_stop(&one);
	recorder_stop(&other);
	EXPECT_IS(one.count, 4);
	EXPECT_IS(other.count, 2);
	EXPECT(is_noted(&other, 0, "p.long", "(none)", "1"));
	EXPECT(is_noted(&other, 1, "p.longer", "(none)", "1"));

	memset(prefix, 'p', KV_KEY_MAX + 1);
	one.notifier.prefix = prefix;
	EXPECT_IS(kv_notifier_register(here, &one.notifier), -EINVAL);
	EXPECT_IS(kv_notifier_register(NULL, &one.notifier), -EINVAL);
	prefix[KV_KEY_MAX] = '\0';
	recorder_start(&one, here, prefix);
	put(prefix, "1");
	recorder_stop(&one);
	EXPECT_IS(one.count, 1);
}

static void notify_transaction(void)
{
	struct kv_write writes[] = {
		{ .op = KV_OP_PUT, .key = "t.new", .value = "1", .len = 1 },
		{ .op = KV_OP_DELETE, .key = "t.gone" },
		{ .op = KV_OP_PUT, .key = "t.twice", .value = "1", .len = 1 },
		{ .op = KV_OP_CHECK, .key = "t.twice", .flags = KV_F_REPLACE },
		{ .op = KV_OP_PUT, .key = "t.passing", .value = "1", .len = 1 },
		{ .op = KV_OP_PUT, .key = "t.twice", .value = "2", .len = 1 },
		{ .op = KV_OP_DELETE, .key = "t.passing" },
	};

	put("t.gone", "0");
	put("t.twice", "0");
	recorder_start(&one, here, "t.");
	EXPECT_IS(kv_commit(here, writes, ARRAY_SIZE(writes), NULL), 0);
	recorder_stop(&one);
	EXPECT_IS(one.count, 3);
	EXPECT(is_noted(&one, 0, "t.new", "(none)", "1"));
	EXPECT(is_noted(&one, 1, "t.gone", "0", "(none)"));
	EXPECT(is_noted(&one, 2, "t.twice", "0", "2"));
	EXPECT(one.first_rev == one.last_rev);
}

static void notify_nothing(void)
{
	struct kv_write writes[] = {
		{ .op = KV_OP_PUT, .key = "n", .value = "1", .len = 1 },
		{ .op = KV_OP_DELETE, .key = "n.none" },
	};

	recorder_start(&one, here, "");
	EXPECT_IS(kv_commit(here, writes, ARRAY_SIZE(writes), NULL), -ENOENT);
	EXPECT_IS(kv_put(here, "n", "1", 1, KV_F_REPLACE), -ENOENT);
	writes[1].key = "n";
	EXPECT_IS(kv_commit(here, writes, ARRAY_SIZE(writes), NULL), 0);
	recorder_stop(&one);
	EXPECT_IS(one.count, 0);
	put("n", "1");
	EXPECT_IS(one.count, 0);
}

static void notify_namespaces(void)
{
	recorder_start(&one, here, "ns");
	recorder_start(&other, NULL, "ns");
	put("ns", "here");
	kv_put(&init_net, "ns", "there", 5, 0);
	kv_delete(&init_net, "ns");
	recorder_stop(&one);
	recorder_stop(&other);
	EXPECT_IS(one.count, 1);
	EXPECT(one.noted[0].net == here);
	EXPECT_IS(other.count, 3);
	EXPECT(is_noted(&other, 0, "ns", "(none)", "here") && other.noted[0].net == here);
	EXPECT(is_noted(&other, 1, "ns", "(none)", "there") && other.noted[1].net == &init_net);
	EXPECT(is_noted(&other, 2, "ns", "there", "(none)") && other.noted[2].net == &init_net);
}

/* What a callback can read */

static unsigned int calls, early_calls;

static void look(struct kv_notifier *notifier, const struct kv_notice *notice)
{
	calls++;
	if (notice->new)
		early_calls += !holds(here, "r.a", "1") || !holds(here, "r.b", "2");
	else
		early_calls += !is_absent(here, notice->key);
}

static void notify_when_readable(void)
{
	struct kv_notifier notifier = { .prefix = "r.", .changed = look };
	struct kv_write writes[] = {
		{ .op = KV_OP_PUT, .key = "r.a", .value = "1", .len = 1 },
		{ .op = KV_OP_PUT, .key = "r.b", .value = "2", .len = 1 },
	};

	calls = 0;
	early_calls = 0;
	EXPECT_IS(kv_notifier_register(here, &notifier), 0);
	EXPECT_IS(kv_commit(here, writes, ARRAY_SIZE(writes), NULL), 0);
	EXPECT_IS(calls, 2);
	EXPECT_IS(kv_delete(here, "r.a"), 0);
	EXPECT_IS(calls, 3);
	kv_notifier_unregister(&notifier);
	EXPECT_IS(early_calls, 0);
}

/* What a callback may not do */

/* True if all functions that write or declare fail with EDEADLK, as they must in a callback. */
bool all_refuse_to_nest(struct net *net)
{
	static const struct kv_param params[] = {
		KV_PARAM_UINT("nested", struct kv_write, flags, .def = "1", .text = "a number"),
	};
	static const struct kv_declaration declaration = {
		.module = KBUILD_MODNAME, .params = params, .count = 1,
		.size = sizeof(struct kv_write),
	};
	struct kv_write write = { .op = KV_OP_PUT, .key = "nested" };
	struct kv_notifier notifier = { .prefix = "", .changed = record };
	unsigned int failed = 99, id;

	return kv_put(net, "nested", "1", 1, 0) == -EDEADLK &&
	       kv_put(&init_net, "nested", "1", 1, 0) == -EDEADLK &&
	       kv_delete(net, "nested") == -EDEADLK &&
	       kv_commit(net, &write, 1, &failed) == -EDEADLK && failed == 1 &&
	       kv_notifier_register(net, &notifier) == -EDEADLK &&
	       kv_notifier_register(NULL, &notifier) == -EDEADLK &&
	       kv_declare(net, &declaration, &write) == -EDEADLK &&
	       kv_declare_all(&declaration, &id) == -EDEADLK;
}

static void nest(struct kv_notifier *notifier, const struct kv_notice *notice)
{
	calls++;
	EXPECT(all_refuse_to_nest(notice->net));
}

static void refuse_to_nest(void)
{
	struct kv_notifier notifier = { .prefix = "d", .changed = nest };

	calls = 0;
	EXPECT_IS(kv_notifier_register(here, &notifier), 0);
	EXPECT_IS(put("d", "1"), 0);
	kv_notifier_unregister(&notifier);
	EXPECT_IS(kv_notifier_register(NULL, &notifier), 0);
	EXPECT_IS(put("d", "2"), 0);
	kv_notifier_unregister(&notifier);
	EXPECT_IS(calls, 2);
	EXPECT(holds(here, "d", "2") && is_absent(here, "nested"));
	EXPECT_IS(put("nested", "after"), 0);
	EXPECT_IS(kv_delete(here, "nested"), 0);
}

/* While commits of another task are under way */

static DECLARE_COMPLETION(entered);
static DECLARE_COMPLETION(may_go_on);
static DECLARE_COMPLETION(unregistered);
static bool is_under_way;

static void linger(struct kv_notifier *notifier, const struct kv_notice *notice)
{
	WRITE_ONCE(is_under_way, true);
	complete(&entered);
	wait_for_completion(&may_go_on);
	WRITE_ONCE(is_under_way, false);
}

static struct kv_notifier lingering = { .prefix = "l", .changed = linger };

static void put_l(struct work_struct *work)
{
	put("l", "1");
}

static void unregister_lingering(struct work_struct *work)
{
	kv_notifier_unregister(&lingering);
	EXPECT(!READ_ONCE(is_under_way));
	complete(&unregistered);
}

static void wait_for_callback_of(struct net *net)
{
	struct work_struct putting, unregistering;

	INIT_WORK_ONSTACK(&putting, put_l);
	INIT_WORK_ONSTACK(&unregistering, unregister_lingering);
	reinit_completion(&unregistered);
	EXPECT_IS(kv_notifier_register(net, &lingering), 0);
	queue_work(background, &putting);
	wait_for_completion(&entered);
	queue_work(background, &unregistering);
	/* This timeout detects a kv_notifier_unregister() that does not wait. */
	EXPECT(!wait_for_completion_timeout(&unregistered, HZ / 5));
	complete(&may_go_on);
	flush_work(&putting);
	flush_work(&unregistering);
	destroy_work_on_stack(&putting);
	destroy_work_on_stack(&unregistering);
}

static void wait_for_callback(void)
{
	wait_for_callback_of(here);
	wait_for_callback_of(NULL);
}

static bool enough;
static unsigned int puts_done;

static void put_on(struct work_struct *work)
{
	while (!READ_ONCE(enough)) {
		EXPECT_IS(put("on", "1"), 0);
		WRITE_ONCE(puts_done, puts_done + 1);
	}
}

static void register_during_commits(void)
{
	struct work_struct putting;
	unsigned int i;

	INIT_WORK_ONSTACK(&putting, put_on);
	enough = false;
	puts_done = 0;
	queue_work(background, &putting);
	for (i = 0; i < 200 || READ_ONCE(puts_done) < 200; i++) {
		recorder_start(&one, i & 1 ? here : NULL, "on");
		EXPECT_IS(put("on.mine", "1"), 0);
		recorder_stop(&one);
		EXPECT(one.count);
		EXPECT_IS(one.gaps, 0);
	}
	WRITE_ONCE(enough, true);
	flush_work(&putting);
	destroy_work_on_stack(&putting);
}

static const struct test notices[] = {
	{ "a notice has the old and the new value and the revision", notify_values },
	{ "a notifier is called for the keys that start with its prefix", notify_prefix },
	{ "notices of a transaction come change by change, in order, with one revision",
	  notify_transaction },
	{ "there is no notice of a refusal, of no change, or after unregistering", notify_nothing },
	{ "a notifier is called for its namespace, or for all", notify_namespaces },
	{ "a notice comes when all of the commit can be read, before the write returns",
	  notify_when_readable },
	{ "writing in a callback is EDEADLK, and changes nothing", refuse_to_nest },
	{ "unregistering waits for a running callback", wait_for_callback },
	{ "a notifier that is registered while commits run misses no later commit",
	  register_during_commits },
};

const struct suite notices_suite = {
	.name = "notices",
	.tests = notices,
	.count = ARRAY_SIZE(notices),
};

/* A suite without tests: it reports the changes of user space until it is unloaded. */

static void report_notice(struct kv_notifier *notifier, const struct kv_notice *notice)
{
	report("%s: %llu %s %.*s -> %.*s\n", notifier->net ? "first" : "all", notice->rev,
	       notice->key, notice->old ? (int)notice->old_len : 1,
	       notice->old ? (const char *)notice->old : "-",
	       notice->new ? (int)notice->new_len : 1,
	       notice->new ? (const char *)notice->new : "-");
}

static struct kv_notifier witness = { .prefix = "w.", .changed = report_notice };
static struct kv_notifier witness_of_all = { .prefix = "w.", .changed = report_notice };

static void witness_enter(void)
{
	if (kv_notifier_register(&init_net, &witness) ||
	    kv_notifier_register(NULL, &witness_of_all))
		report("not registered\n");
}

static void witness_leave(void)
{
	kv_notifier_unregister(&witness);
	kv_notifier_unregister(&witness_of_all);
}

const struct suite witness_suite = {
	.name = "witness",
	.enter = witness_enter,
	.leave = witness_leave,
};
