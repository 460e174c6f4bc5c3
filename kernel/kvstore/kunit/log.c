// SPDX-License-Identifier: GPL-2.0-only
/* log.c: the event after a revision, and events that are lost */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/overflow.h>

#include "kunit/kunit.h"

static u64 after(struct kv_log *log, u64 rev)
{
	u64 event;

	mutex_lock(&log->lock);
	event = kv_log_after(log, rev);
	mutex_unlock(&log->lock);
	return event;
}

static void events_after_a_revision(struct kunit *test)
{
	struct kv_store *store = test->priv;
	struct kv_write writes[] = {
		{ .op = KV_OP_PUT, .key = "a" }, { .op = KV_OP_PUT, .key = "b" },
	};
	struct kv_log *log;

	kv_kunit_put(store, "a", "1");			/* event 0, revision 1 */
	kv_kunit_commit(store, writes, 2, NULL);	/* events 1 and 2, revision 2 */
	kv_kunit_delete(store, "a");			/* event 3, revision 3 */
	log = store->log;
	KUNIT_EXPECT_EQ(test, after(log, 0), 0);
	KUNIT_EXPECT_EQ(test, after(log, 1), 1);
	KUNIT_EXPECT_EQ(test, after(log, 2), 3);
	KUNIT_EXPECT_EQ(test, after(log, 3), 4);
	KUNIT_EXPECT_EQ(test, after(log, 4), U64_MAX);	/* not reached yet */
	KUNIT_EXPECT_EQ(test, log->events[3].op, KV_OP_DELETE);

	/* This event overwrites event 0. */
	kv_kunit_put(store, "c", "1");
	KUNIT_EXPECT_EQ(test, after(log, 0), U64_MAX);
	KUNIT_EXPECT_EQ(test, after(log, 1), 1);
	/* This one overwrites event 1, so that a part of revision 2 is lost. */
	kv_kunit_put(store, "c", "2");
	KUNIT_EXPECT_EQ(test, after(log, 1), U64_MAX);
	KUNIT_EXPECT_EQ(test, after(log, 2), 3);
}

static void a_commit_longer_than_the_log(struct kunit *test)
{
	struct kv_store *store = test->priv;
	struct kv_write writes[KV_KUNIT_LOG + 1] = { };
	static const char *const keys[] = { "a", "b", "c", "d", "e" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(writes); i++)
		writes[i] = (struct kv_write){ .op = KV_OP_PUT, .key = keys[i] };
	KUNIT_ASSERT_EQ(test, kv_kunit_commit(store, writes, ARRAY_SIZE(writes), NULL), 0);
	KUNIT_EXPECT_EQ(test, after(store->log, 0), U64_MAX);
	KUNIT_EXPECT_EQ(test, after(store->log, 1), ARRAY_SIZE(writes));
	KUNIT_EXPECT_EQ(test, store->log->compacted, 1);
}

static void a_log_that_starts_late(struct kunit *test)
{
	struct kv_log *log = kv_log_alloc(KV_KUNIT_LOG, 7, 1);

	KUNIT_ASSERT_NOT_NULL(test, log);
	KUNIT_EXPECT_EQ(test, after(log, 6), U64_MAX);
	KUNIT_EXPECT_EQ(test, after(log, 7), 0);
	KUNIT_EXPECT_EQ(test, *(u64 *)page_address(log->page), 7);
	kv_log_put(log);
}

/* An event keeps a value that was replaced or deleted later. */
static void events_keep_entries(struct kunit *test)
{
	struct kv_store *store = test->priv;
	const struct kv_entry *entry;

	kv_kunit_put(store, "a", "1");
	kv_kunit_put(store, "a", "2");
	kv_kunit_delete(store, "a");
	rcu_barrier();
	entry = store->log->events[0].entry;
	KUNIT_EXPECT_EQ(test, entry->record.data[1], '1');
	KUNIT_EXPECT_EQ(test, refcount_read(&entry->refs), 1);
	/* The events of the put and of the delete share the entry. */
	KUNIT_EXPECT_PTR_EQ(test, store->log->events[1].entry, store->log->events[2].entry);
	KUNIT_EXPECT_EQ(test, refcount_read(&store->log->events[1].entry->refs), 2);
}

static struct kunit_case log_cases[] = {
	KUNIT_CASE(events_after_a_revision),
	KUNIT_CASE(a_commit_longer_than_the_log),
	KUNIT_CASE(a_log_that_starts_late),
	KUNIT_CASE(events_keep_entries),
	{ }
};

struct kunit_suite log_suite = {
	.name = "kv_log",
	.init = kv_kunit_init,
	.exit = kv_kunit_exit,
	.test_cases = log_cases,
};
