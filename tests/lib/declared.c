// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libkv and the keys that demo.ko has declared: what kv.h says of describing and of refusals
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

/* What was told of the last key, and the keys of all. */
struct told {
	struct kv_param param;
	char value[KV_VALUE_MAX + 1];
	char fallback[100], unit[40], choices[100], module[64];
	char keys[500];
	int count, stop_at;
};

static int tell(const struct kv_param *param, void *arg)
{
	struct told *told = arg;

	told->param = *param;
	memcpy(told->value, param->value ? param->value : "", param->value_len + 1);
	snprintf(told->fallback, sizeof(told->fallback), "%s", param->fallback);
	snprintf(told->unit, sizeof(told->unit), "%s", param->unit);
	snprintf(told->choices, sizeof(told->choices), "%s", param->choices);
	snprintf(told->module, sizeof(told->module), "%s", param->module);
	strcat(strcat(told->keys, param->key), " ");
	return ++told->count == told->stop_at ? 42 : 0;
}

static int describe(const char *prefix, struct told *told)
{
	int stop_at = told->stop_at;

	*told = (struct told){ .stop_at = stop_at };
	return kv_describe(kv, prefix, tell, told);
}

static bool put_text(const char *key, const char *value, unsigned int flags)
{
	return !kv_put(kv, key, value, strlen(value), flags, 0);
}

static void descriptions(void)
{
	char key[KV_KEY_MAX + 2];
	struct told told = { 0 };

	ok(!describe("demo.co", &told) && !strcmp(told.keys, "demo.commits demo.count "),
	   "keys with a prefix are described in their order");
	ok(told.param.type == KV_TYPE_U64 && !told.param.flags && told.param.min == 1 &&
		   told.param.max == 100 && !told.param.rev && told.param.value_len == 2 &&
		   !strcmp(told.value, "10") && !strcmp(told.fallback, "10") &&
		   !strcmp(told.unit, "packets") && !*told.choices && !strcmp(told.module, "demo"),
	   "with all that is known of them");
	ok(!describe("demo.mode", &told) && !strcmp(told.choices, "drop|reject|log"),
	   "with choices too");
	ok(!describe(NULL, &told) && told.count == 11 && !describe("", &told) && told.count == 11,
	   "no prefix describes all");
	ok(!describe("elsewhere", &told) && !told.count,
	   "where none are declared there is nothing");
	told.stop_at = 3;
	ok(describe("", &told) == 42 && told.count == 3, "the function's result is its own");
	memset(key, 'k', sizeof(key));
	key[KV_KEY_MAX + 1] = '\0';
	ok(describe(key, &told) == -ENAMETOOLONG, "a prefix of 129 bytes is ENAMETOOLONG");
}

static void values(void)
{
	struct told told = { 0 };

	ok(put_text("demo.name", "", KV_F_PRIVATE) && !describe("demo.name", &told) &&
		   told.param.flags == (KV_D_SET | KV_D_PRIVATE) && told.param.value &&
		   !*told.value,
	   "an empty private value is one, for who may read it");
	ok(put_text("demo.name", "eve", KV_F_PRIVATE) && !describe("demo.name", &told) &&
		   !strcmp(told.value, "eve") && told.param.rev,
	   "what is set is in effect");
}

/* In a process of its own: without CAP_NET_ADMIN. */
static bool hidden(void)
{
	struct told told = { 0 };

	return !setuid(65534) && !describe("demo.name", &told) && !told.param.value &&
	       !told.param.value_len && told.param.rev &&
	       told.param.flags == (KV_D_SET | KV_D_PRIVATE | KV_D_WITHHELD);
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
	   "a put that is refused has a reason");
	ok(refused(kv_put(kv, "demo.name", "0day", 4, KV_F_PRIVATE | KV_F_REPLACE, 0),
		   "a name cannot start with a digit"),
	   "with its flags too");
	ok(kv_put(kv, "demo.count", "1000", 4, KV_F_REPLACE, 0) == -ENOENT && !*kv_reason(kv),
	   "a condition that does not hold comes first, and has none");
	ok(refused(kv_put(kv, "demo.commits", "1", 1, 0, 0), "read-only"),
	   "a read-only key is refused with a reason");
	ok(refused(kv_put(kv, "demo.low", "10", 2, 0, 0), "demo.low is greater than demo.high"),
	   "so is what does not go with another key");
	kv_info(kv, &after);
	ok(!memcmp(&before, &after, sizeof(before)), "none of them changed the store");
	ok(kv_get(kv, "demo.low", value, sizeof(value), NULL) == -ENOENT,
	   "what is declared and not set is no key");
	ok(kv_get(kv, "demo.commits", value, sizeof(value), NULL) > 0,
	   "what is read-only has a value");
}

static void transactions(void)
{
	struct kv_transaction *txn = kv_transaction_new();
	int failed = 7;

	kv_transaction_add(txn, KV_OP_PUT, "x", "1", 1, 0, 0);
	kv_transaction_add(txn, KV_OP_PUT, "demo.mode", "accept", 6, 0, 0);
	ok(refused(kv_transaction_commit(kv, txn, NULL, NULL, NULL, &failed), "drop|reject|log") &&
		   failed == 1,
	   "a transaction has a reason, and the record");
	kv_transaction_free(txn);
	txn = kv_transaction_new();
	kv_transaction_add(txn, KV_OP_PUT, "demo.low", "20", 2, 0, 0);
	kv_transaction_add(txn, KV_OP_PUT, "demo.high", "30", 2, 0, 0);
	ok(!kv_transaction_commit(kv, txn, NULL, NULL, NULL, &failed) && failed == -1 &&
		   !*kv_reason(kv),
	   "what goes together only goes together");
	kv_transaction_free(txn);
	ok(refused(kv_delete(kv, "demo.high", 0, 0), "demo.low is greater than demo.high"),
	   "a default is refused with a reason");
	ok(refused(kv_delete(kv, "demo.high", KV_F_PREFIX, 0),
		   "demo.low is greater than demo.high"),
	   "and so it is if all keys with a prefix are deleted");
	ok(!kv_delete(kv, "demo.", KV_F_PREFIX, 0), "all defaults go together");
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
	ok(apart(hidden), "a private value is NULL without the right to it");
	reasons();
	transactions();
	kv_close(kv);
	return done();
}
