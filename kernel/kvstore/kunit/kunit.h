/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KUnit tests of the files that depend neither on sockets nor on namespaces. They are
 * a module of their own, kvstore_kunit.ko, which contains these files once more.
 */
#ifndef KV_KUNIT_H
#define KV_KUNIT_H

#include <kunit/test.h>

#include <kvstore.h>

#include "params/params.h"
#include "store/store.h"

extern struct kunit_suite record_suite, value_suite, param_suite, store_suite, txn_suite, log_suite;

/* Make test->priv a new store for each test, with few buckets and low limits. */
int kv_kunit_init(struct kunit *test);
void kv_kunit_exit(struct kunit *test);

#define KV_KUNIT_ENTRIES 64
#define KV_KUNIT_BYTES 4096
#define KV_KUNIT_LOG 4

int kv_kunit_commit(struct kv_store *store, const struct kv_write *writes, unsigned int count,
		    u32 *failed);
int kv_kunit_put(struct kv_store *store, const char *key, const char *value);
int kv_kunit_delete(struct kv_store *store, const char *key);
int kv_kunit_delete_prefix(struct kv_store *store, const char *prefix);
bool kv_kunit_holds(struct kv_store *store, const char *key, const char *value);
bool kv_kunit_is_absent(struct kv_store *store, const char *key);

#endif
