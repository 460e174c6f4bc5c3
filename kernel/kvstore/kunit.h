/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of the files that know no sockets and no namespaces, by KUnit: a module
 * of its own, kvstore_kunit.ko, in which those files are built once more.
 */
#ifndef KV_KUNIT_H
#define KV_KUNIT_H

#include <kunit/test.h>

#include "store.h"

extern struct kunit_suite value_suite, param_suite, store_suite, txn_suite, log_suite;

/* test->priv: a store of few buckets and narrow limits, afresh for each test */
int kv_kunit_init(struct kunit *test);
void kv_kunit_exit(struct kunit *test);

#define KV_KUNIT_ENTRIES 64
#define KV_KUNIT_BYTES 4096
#define KV_KUNIT_LOG 4

int kv_kunit_commit(struct kv_store *store, const struct kv_write *writes, unsigned int count,
		    u32 *failed);
int kv_kunit_put(struct kv_store *store, const char *key, const char *value);
int kv_kunit_delete(struct kv_store *store, const char *key);
bool kv_kunit_holds(struct kv_store *store, const char *key, const char *value);
bool kv_kunit_is_absent(struct kv_store *store, const char *key);

#endif
