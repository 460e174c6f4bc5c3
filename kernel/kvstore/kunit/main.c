// SPDX-License-Identifier: GPL-2.0-only
/* Shared by the KUnit tests: a store, and writing to it */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "kunit/kunit.h"

/* Few buckets, so that keys share them */
static const struct kv_limits limits = {
	.buckets = 4,
	.max_entries = KV_KUNIT_ENTRIES,
	.max_bytes = KV_KUNIT_BYTES,
	.log_entries = KV_KUNIT_LOG,
	.max_watches = 1,
};

/* A store and its parameters */
struct kunit_store {
	struct kv_store store;
	struct kv_params params;
};

int kv_kunit_init(struct kunit *test)
{
	struct kunit_store *new = kunit_kzalloc(test, sizeof(*new), GFP_KERNEL);

	if (!new)
		return -ENOMEM;
	kv_store_init(&new->store, &limits, 1, &kv_param_hooks, &new->params);
	kv_params_init(&new->params, &new->store, NULL);
	test->priv = &new->store;
	return 0;
}

void kv_kunit_exit(struct kunit *test)
{
	if (test->priv)
		kv_store_destroy(test->priv);
}

/* Like kv_commit(), for a store without a namespace. */
int kv_kunit_commit(struct kv_store *store, const struct kv_write *writes, unsigned int count,
		    u32 *failed)
{
	struct kv_transaction txn = { .count = count };
	struct kv_operation *operations;
	unsigned int i;
	int err;

	operations = kcalloc(count, sizeof(*operations), GFP_KERNEL);
	if (!operations)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		operations[i] = (struct kv_operation){
			.op = writes[i].op, .flags = writes[i].flags, .rev = writes[i].rev,
			.key = writes[i].key, .key_len = strlen(writes[i].key),
			.value = writes[i].value, .value_len = writes[i].len,
		};
	txn.operations = operations;
	err = kv_store_commit(store, &txn);
	if (failed)
		*failed = txn.failed;
	kfree(operations);
	return err;
}

int kv_kunit_put(struct kv_store *store, const char *key, const char *value)
{
	struct kv_write write = {
		.op = KV_OP_PUT, .key = key, .value = value, .len = strlen(value),
	};

	return kv_kunit_commit(store, &write, 1, NULL);
}

int kv_kunit_delete(struct kv_store *store, const char *key)
{
	struct kv_write write = { .op = KV_OP_DELETE, .key = key };

	return kv_kunit_commit(store, &write, 1, NULL);
}

int kv_kunit_delete_prefix(struct kv_store *store, const char *prefix)
{
	struct kv_write write = { .op = KV_OP_DELETE, .flags = KV_F_PREFIX, .key = prefix };

	return kv_kunit_commit(store, &write, 1, NULL);
}

bool kv_kunit_holds(struct kv_store *store, const char *key, const char *value)
{
	const struct kv_entry *entry;
	bool holds;

	rcu_read_lock();
	entry = kv_store_find(store, key, strlen(key));
	holds = entry && entry->record.value_len == strlen(value) &&
		!memcmp(kv_entry_value(entry), value, strlen(value));
	rcu_read_unlock();
	return holds;
}

bool kv_kunit_is_absent(struct kv_store *store, const char *key)
{
	bool absent;

	rcu_read_lock();
	absent = !kv_store_find(store, key, strlen(key));
	rcu_read_unlock();
	return absent;
}

kunit_test_suites(&record_suite, &value_suite, &param_suite, &store_suite, &txn_suite, &log_suite);

MODULE_DESCRIPTION("KUnit tests of kvstore");
MODULE_LICENSE("GPL");
