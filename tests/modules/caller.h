/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * caller.ko: tests of include/kvstore.h by a module that uses it.
 *
 * The parameter `suite` says which tests run when it is loaded, in the network
 * namespace of who loads it; /sys/kernel/debug/caller has the results.
 */
#ifndef CALLER_H
#define CALLER_H

#include <linux/types.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include <kvstore.h>

/**
 * struct test - a test
 * @promise: what it tests, as a sentence
 * @run: says by EXPECT() what fails
 */
struct test {
	const char *promise;
	void (*run)(void);
};

/**
 * struct suite - tests that belong together
 * @name: value of the module's parameter
 * @tests: @count of them
 * @count: number of them
 * @in_all_contexts: each is run in each of contexts[]
 * @enter: NULL, or called before the first
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
 * struct context - where code may be when it reads
 * @name: as in "..., in softirq"
 * @run: runs the function there, and returns when it is done
 */
struct context {
	const char *name;
	void (*run)(void (*function)(void));
};

extern const struct context contexts[];
extern const unsigned int contexts_count;

extern struct net *here;	/* the namespace of who loads the module; empty at first */
extern struct workqueue_struct *background;

/* Results. From any context. */
__printf(1, 2) void report(const char *format, ...);
bool expect(bool passed, const char *condition, const char *function, int line);
bool expect_is(s64 got, s64 wanted, const char *what, const char *function, int line);

#define EXPECT(_condition) expect(_condition, #_condition, __func__, __LINE__)
#define EXPECT_IS(_got, _wanted) expect_is(_got, _wanted, #_got, __func__, __LINE__)

int put(const char *key, const char *value);
bool holds(struct net *net, const char *key, const char *value);
bool is_absent(struct net *net, const char *key);

/* The most that a record keeps of a change, and of changes */
#define NOTED_BYTES 16
#define NOTED_MAX 64

/**
 * struct noted - a change that somebody was told of
 * @net: as in struct kv_notice
 * @rev: the same
 * @key: the same, cut
 * @old: the value, cut; "(none)" for NULL
 * @new: the same
 */
struct noted {
	struct net *net;
	u64 rev;
	char key[NOTED_BYTES];
	char old[NOTED_BYTES];
	char new[NOTED_BYTES];
};

/**
 * struct recorder - a notifier that keeps what it is told
 * @notifier: registered by the test
 * @count: changes, of which the first NOTED_MAX are kept
 * @last_rev: of the last one
 * @first_rev: of the first one
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
