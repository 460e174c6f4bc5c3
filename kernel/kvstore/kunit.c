// SPDX-License-Identifier: GPL-2.0-only
/* What the KUnit tests share: a store, and writing to it */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "kunit.h"

/* So few buckets that keys have to share them */
static const struct kv_limits limits = {
	.buckets = 4,
	.max_entries = KV_KUNIT_ENTRIES,
	.max_bytes = KV_KUNIT_BYTES,
	.log_entries = KV_KUNIT_LOG,
	.max_watches = 1,
};

int kv_kunit_init(struct kunit *test)
{
	struct kv_store *store = kunit_kzalloc(test, sizeof(*store), GFP_KERNEL);

	if (!store)
		return -ENOMEM;
	kv_store_init(store, &limits, NULL, 1);
	test->priv = store;
	return 0;
}

void kv_kunit_exit(struct kunit *test)
{
	if (test->priv)
		kv_store_destroy(test->priv);
}

/* kv_commit() of a store. */
int kv_kunit_commit(struct kv_store *store, const struct kv_write *writes, unsigned int count,
		    u32 *failed)
{
	struct kv_transaction txn = { .count = count };
	unsigned int i, key_len;
	bool waited = false;
	int err = -ENOMEM;

	txn.changes = kcalloc(count, sizeof(*txn.changes), GFP_KERNEL);
	if (!txn.changes)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		struct kv_change *change = &txn.changes[i];

		key_len = strlen(writes[i].key);
		*change = (struct kv_change){
			.op = writes[i].op, .flags = writes[i].flags, .rev = writes[i].rev,
			.key = writes[i].key, .key_len = key_len,
		};
		if (change->op != KV_OP_PUT)
			continue;
		change->entry = kv_entry_alloc(key_len, writes[i].len,
					       writes[i].flags & KV_F_PRIVATE, &waited);
		if (!change->entry)
			goto free;
		memcpy(change->entry->record.data, writes[i].key, key_len);
		memcpy(change->entry->record.data + key_len, writes[i].value, writes[i].len);
	}
	err = kv_store_commit(store, &txn);
	if (failed)
		*failed = txn.failed;
free:
	for (i = 0; i < count; i++)
		if (txn.changes[i].entry)
			kv_entry_free(txn.changes[i].entry);
	kfree(txn.changes);
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

kunit_test_suites(&value_suite, &param_suite, &store_suite, &txn_suite, &log_suite);

MODULE_DESCRIPTION("KUnit tests of kvstore");
MODULE_LICENSE("GPL");
