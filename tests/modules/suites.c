// SPDX-License-Identifier: GPL-2.0-only
/* caller.ko: running a suite, and its results */
#include <linux/debugfs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "caller.h"

static const struct suite *const suites[] = {
	&reads_suite, &storm_suite,
	&writes_suite, &limits_suite, &sealed_suite,
	&notices_suite, &witness_suite,
	&declares_suite, &tables_suite, &strings_suite, &refused_suite,
	&everywhere_suite, &memory_suite,
};

static char *suite = "";
module_param(suite, charp, 0444);
MODULE_PARM_DESC(suite, "Which tests to run");

struct net *here;
struct workqueue_struct *background;

static const struct suite *chosen;
static struct dentry *file;
static char results[65536];
static struct debugfs_blob_wrapper blob = { .data = results };
static DEFINE_RAW_SPINLOCK(results_lock);
static bool test_failed;

/**
 * report() - append to the results
 * @format: format as for printk()
 *
 * Context: any.
 */
void report(const char *format, ...)
{
	unsigned long flags;
	va_list args;

	va_start(args, format);
	raw_spin_lock_irqsave(&results_lock, flags);
	blob.size += vscnprintf(results + blob.size, sizeof(results) - blob.size, format, args);
	raw_spin_unlock_irqrestore(&results_lock, flags);
	va_end(args);
}

bool expect(bool passed, const char *condition, const char *function, int line)
{
	if (!passed) {
		test_failed = true;
		report("# %s:%d: not so: %s\n", function, line, condition);
	}
	return passed;
}

bool expect_is(s64 got, s64 wanted, const char *what, const char *function, int line)
{
	if (got != wanted) {
		test_failed = true;
		report("# %s:%d: %s is %lld, not %lld\n", function, line, what, got, wanted);
	}
	return got == wanted;
}

/* Store text under a key here. */
int put(const char *key, const char *value)
{
	return kv_put(here, key, value, strlen(value), 0);
}

/* True if the key has this value. */
bool holds(struct net *net, const char *key, const char *value)
{
	char buf[NOTED_BYTES * 4];
	int len = kv_get(net, key, buf, sizeof(buf));

	return len == strlen(value) && !memcmp(buf, value, len);
}

bool is_absent(struct net *net, const char *key)
{
	char byte;

	return kv_get(net, key, &byte, 1) == -ENOENT;
}

static void run_test(const struct test *test, const struct context *context)
{
	test_failed = false;
	if (context)
		context->run(test->run);
	else
		test->run();
	report("%s %s%s%s\n", test_failed ? "not ok" : "ok", test->promise, context ? ", " : "",
	       context ? context->name : "");
}

static void run_suite(void)
{
	unsigned int i, j;

	if (chosen->enter)
		chosen->enter();
	for (i = 0; i < chosen->count; i++) {
		for (j = 0; j < contexts_count && chosen->in_all_contexts; j++)
			run_test(&chosen->tests[i], &contexts[j]);
		if (!chosen->in_all_contexts)
			run_test(&chosen->tests[i], NULL);
	}
	/* If this line is missing, the suite did not end. */
	report("end\n");
}

static int __init caller_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(suites); i++)
		if (!strcmp(suites[i]->name, suite))
			chosen = suites[i];
	if (!chosen)
		return -EINVAL;
	background = alloc_workqueue("caller", WQ_UNBOUND, 0);
	if (!background)
		return -ENOMEM;
	here = get_net(current->nsproxy->net_ns);
	file = debugfs_create_blob("caller", 0400, NULL, &blob);
	run_suite();
	return 0;
}

static void __exit caller_exit(void)
{
	if (chosen->leave)
		chosen->leave();
	debugfs_remove(file);
	put_net(here);
	destroy_workqueue(background);
}

module_init(caller_init);
module_exit(caller_exit);

MODULE_DESCRIPTION("Tests of the in-kernel interface");
MODULE_LICENSE("GPL");
