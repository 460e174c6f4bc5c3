/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * caller.ko: tests of include/kvstore.h by a module that uses it.
 *
 * The parameter `suite` selects the tests. They run when the module is loaded, in
 * the network namespace of the loading task. /sys/kernel/debug/caller has the results.
 */
#ifndef CALLER_H
#define CALLER_H

#include <linux/types.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include <kvstore.h>

/**
 * struct test - a test
 * @promise: the tested promise, as a sentence
 * @run: the test, which reports failures by EXPECT()
 */
struct test {
	const char *promise;
	void (*run)(void);
};

/**
 * struct suite - tests that belong together
 * @name: value of the module's parameter
 * @tests: @count tests
 * @count: number of tests
 * @in_all_contexts: run each test in each of contexts[]
 * @enter: NULL, or called before the first test
 * @leave: NULL, or called when the module is unloaded
 */
struct suite {
	const char *name;
	const struct test *tests;
	unsigned int count;
	bool in_all_contexts;
	void (*enter)(void);
	void (*leave)(void);
};

extern const struct suite reads_suite, storm_suite;
extern const struct suite writes_suite, limits_suite, sealed_suite;
extern const struct suite notices_suite, witness_suite;
extern const struct suite declares_suite, tables_suite, strings_suite, refused_suite;
extern const struct suite everywhere_suite, memory_suite;

/**
 * struct context - a context in which code may read
 * @name: as in "..., in softirq"
 * @run: runs the function in that context, and returns when it has returned
 */
struct context {
	const char *name;
	void (*run)(void (*function)(void));
};

extern const struct context contexts[];
extern const unsigned int contexts_count;

extern struct net *here;	/* namespace of the loading task; its store is empty at first */
extern struct workqueue_struct *background;

/* Results. Context: any. */
__printf(1, 2) void report(const char *format, ...);
bool expect(bool passed, const char *condition, const char *function, int line);
bool expect_is(s64 got, s64 wanted, const char *what, const char *function, int line);

#define EXPECT(_condition) expect(_condition, #_condition, __func__, __LINE__)
#define EXPECT_IS(_got, _wanted) expect_is(_got, _wanted, #_got, __func__, __LINE__)

int put(const char *key, const char *value);
bool holds(struct net *net, const char *key, const char *value);
bool is_absent(struct net *net, const char *key);

/* The most bytes of a key or value, and the most changes, that a recorder keeps */
#define NOTED_BYTES 16
#define NOTED_MAX 64

/**
 * struct noted - a change that a recorder was notified of
 * @net: as in struct kv_notice
 * @rev: as in struct kv_notice
 * @key: key, truncated
 * @old: old value, truncated; "(none)" for NULL
 * @new: new value, truncated; "(none)" for NULL
 */
struct noted {
	struct net *net;
	u64 rev;
	char key[NOTED_BYTES];
	char old[NOTED_BYTES];
	char new[NOTED_BYTES];
};

/**
 * struct recorder - a notifier that keeps the changes
 * @notifier: registered by the test
 * @count: number of changes; the first NOTED_MAX are kept
 * @first_rev: revision of the first change
 * @last_rev: revision of the last change
 * @gaps: how often the revision neither stayed nor grew by one
 * @noted: changes
 */
struct recorder {
	struct kv_notifier notifier;
	unsigned int count;
	u64 first_rev;
	u64 last_rev;
	unsigned int gaps;
	struct noted noted[NOTED_MAX];
};

void record(struct kv_notifier *notifier, const struct kv_notice *notice);
void recorder_start(struct recorder *recorder, struct net *net, const char *prefix);
void recorder_stop(struct recorder *recorder);
u64 tick(void);
bool all_refuse_to_nest(struct net *net);

#endif
