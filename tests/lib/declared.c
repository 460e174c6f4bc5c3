// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libkv and the keys that demo.ko declares: descriptions and reasons, as kv.h documents them
 *
 * guest: --before 'insmod /demo.ko'
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kv.h>

#include "tap.h"
#include "wire.h"

static struct kv *kv;

/* The last key's description, and the names of all keys */
struct result {
	struct kv_param param;
	char value[KV_VALUE_MAX + 1];
	char fallback[100], unit[40], choices[100], module[64];
	char keys[500];
	int count, stop_at;
};

static int collect(const struct kv_param *param, void *arg)
{
	struct result *result = arg;

	result->param = *param;
	memcpy(result->value, param->value ? param->value : "", param->value_len + 1);
	snprintf(result->fallback, sizeof(result->fallback), "%s", param->fallback);
	snprintf(result->unit, sizeof(result->unit), "%s", param->unit);
	snprintf(result->choices, sizeof(result->choices), "%s", param->choices);
	snprintf(result->module, sizeof(result->module), "%s", param->module);
	strcat(strcat(result->keys, param->key), " ");
	return ++result->count == result->stop_at ? 42 : 0;
}

static int describe(const char *prefix, struct result *result)
{
	int stop_at = result->stop_at;

	*result = (struct result){ .stop_at = stop_at };
	return kv_describe(kv, prefix, collect, result);
}

static bool put_text(const char *key, const char *value, unsigned int flags)
{
	return !kv_put(kv, key, value, strlen(value), flags, 0);
}

static void descriptions(void)
{
	char key[KV_KEY_MAX + 2];
	struct result result = { 0 };

	ok(!describe("demo.co", &result) && !strcmp(result.keys, "demo.commits demo.count "),
	   "keys with a prefix are described in order");
	ok(result.param.type == KV_TYPE_U64 && !result.param.flags && result.param.min == 1 &&
		   result.param.max == 100 && !result.param.rev && result.param.value_len == 2 &&
		   !strcmp(result.value, "10") && !strcmp(result.fallback, "10") &&
		   !strcmp(result.unit, "packets") && !*result.choices &&
		   !strcmp(result.module, "demo"),
	   "a description has type, bounds, value, default, unit and module");
	ok(!describe("demo.mode", &result) && !strcmp(result.choices, "drop|reject|log"),
	   "a description of an enum has its choices");
	ok(!describe(NULL, &result) && result.count == 11 && !describe("", &result) &&
		   result.count == 11,
	   "a NULL or empty prefix describes all keys");
	ok(!describe("elsewhere", &result) && !result.count,
	   "a prefix that no declared key has describes none");
	result.stop_at = 3;
	ok(describe("", &result) == 42 && result.count == 3,
	   "a result other than 0 of the callback is returned");
	memset(key, 'k', sizeof(key));
	key[KV_KEY_MAX + 1] = '\0';
	ok(describe(key, &result) == -ENAMETOOLONG, "a prefix of 129 bytes is ENAMETOOLONG");
}

static void values(void)
{
	struct result result = { 0 };

	ok(put_text("demo.name", "", KV_F_PRIVATE) && !describe("demo.name", &result) &&
		   result.param.flags == (KV_D_SET | KV_D_PRIVATE) && result.param.value &&
		   !*result.value,
	   "an empty private value is not NULL with CAP_NET_ADMIN");
	ok(put_text("demo.name", "eve", KV_F_PRIVATE) && !describe("demo.name", &result) &&
		   !strcmp(result.value, "eve") && result.param.rev,
	   "a value that was put is in effect");
}

/* Runs in a child process: drops CAP_NET_ADMIN. */
static bool hidden(void)
{
	struct result result = { 0 };

	return !setuid(65534) && !describe("demo.name", &result) && !result.param.value &&
	       !result.param.value_len && result.param.rev &&
	       result.param.flags == (KV_D_SET | KV_D_PRIVATE | KV_D_WITHHELD);
}

static bool refused(int err, const char *reason)
{
	if (err == -EDOM && strstr(kv_reason(kv), reason))
		return true;
	note("%s: %s", err ? strerror(-err) : "success", kv_reason(kv));
	return false;
}

static void reasons(void)
{
	struct kv_info before, after;
	char value[100];

	kv_info(kv, &before);
	ok(refused(kv_put(kv, "demo.count", "1000", 4, 0, 0), "from 1 to 100 packets"),
	   "a refused put has a reason");
	ok(refused(kv_put(kv, "demo.name", "0day", 4, KV_F_PRIVATE | KV_F_REPLACE, 0),
		   "a name cannot start with a digit"),
	   "a refused put with flags has a reason");
	ok(kv_put(kv, "demo.count", "1000", 4, KV_F_REPLACE, 0) == -ENOENT && !*kv_reason(kv),
	   "a failed condition takes precedence and has no reason");
	ok(refused(kv_put(kv, "demo.commits", "1", 1, 0, 0), "read-only"),
	   "a put of a read-only key has a reason");
	ok(refused(kv_put(kv, "demo.low", "10", 2, 0, 0), "demo.low is greater than demo.high"),
	   "a value that contradicts another key's has a reason");
	kv_info(kv, &after);
	ok(!memcmp(&before, &after, sizeof(before)), "none of these puts changes the store");
	ok(kv_get(kv, "demo.low", value, sizeof(value), NULL) == -ENOENT,
	   "a declared key that is not set is ENOENT");
	ok(kv_get(kv, "demo.commits", value, sizeof(value), NULL) > 0,
	   "a read-only key has a value");
}

static void transactions(void)
{
	struct kv_transaction *txn = kv_transaction_new();
	int failed = 7;

	kv_transaction_add(txn, KV_OP_PUT, "x", "1", 1, 0, 0);
	kv_transaction_add(txn, KV_OP_PUT, "demo.mode", "accept", 6, 0, 0);
	ok(refused(kv_transaction_commit(kv, txn, NULL, NULL, NULL, &failed), "drop|reject|log") &&
		   failed == 1,
	   "a refused transaction has a reason and the index of the record");
	kv_transaction_free(txn);
	txn = kv_transaction_new();
	kv_transaction_add(txn, KV_OP_PUT, "demo.low", "20", 2, 0, 0);
	kv_transaction_add(txn, KV_OP_PUT, "demo.high", "30", 2, 0, 0);
	ok(!kv_transaction_commit(kv, txn, NULL, NULL, NULL, &failed) && failed == -1 &&
		   !*kv_reason(kv),
	   "one transaction may put values that are valid only together");
	kv_transaction_free(txn);
	ok(refused(kv_delete(kv, "demo.high", 0, 0), "demo.low is greater than demo.high"),
	   "a delete has a reason if the key's default is refused");
	ok(refused(kv_delete(kv, "demo.high", KV_F_PREFIX, 0),
		   "demo.low is greater than demo.high"),
	   "a prefix delete has a reason if a default is refused");
	ok(!kv_delete(kv, "demo.", KV_F_PREFIX, 0), "a prefix delete may restore all defaults");
}

int main(void)
{
	int error = kv_open(&kv);

	if (error) {
		fprintf(stderr, "kv_open: %s\n", kv_strerror(error));
		return 125;
	}
	descriptions();
	values();
	ok(apart(hidden), "without CAP_NET_ADMIN, a private value is NULL");
	reasons();
	transactions();
	kv_close(kv);
	return done();
}
