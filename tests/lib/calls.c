// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libkv's calls, as kv.h documents them
 *
 * guest:
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kv.h>

#include "tap.h"

static struct kv *kv;

static bool rev_is(uint64_t rev)
{
	struct kv_info state;

	return !kv_info(kv, &state) && state.rev == rev;
}

static void handles(void)
{
	struct kv *other;
	int flags = -1;

	ok(!kv_open(&other) && other && other != kv, "handles are independent");
	/* All open descriptors from 3 on are those of handles. */
	for (int fd = 3; fd < 64; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			flags = flags < 0 ? fcntl(fd, F_GETFD) : flags & fcntl(fd, F_GETFD);
	ok(flags & FD_CLOEXEC, "the descriptors of handles are close-on-exec");
	kv_put(kv, "handle", "1", 1, 0, 0);
	ok(!kv_delete(other, "handle", 0, 0), "handles share one store");
	kv_close(other);
}

static void values(void)
{
	unsigned char all[256], back[KV_VALUE_MAX + 1];
	struct kv_item item;

	for (int i = 0; i < 256; i++)
		all[i] = i;
	memset(back, 0xa5, sizeof(back));
	ok(!kv_put(kv, "all", all, 256, KV_F_PRIVATE, 0) &&
		   kv_get(kv, "all", back, sizeof(back), &item) == 256 && !memcmp(all, back, 256),
	   "a value may have all byte values");
	ok(back[256] == '\0' && back[257] == 0xa5, "one NUL byte follows the value");
	ok(!strcmp(item.key, "all") && item.value == back && item.value_len == 256 &&
		   item.flags == KV_F_PRIVATE && item.rev > 0,
	   "the item has key, value, length, flags and revision");
	ok(kv_get(kv, "all", back, 256, NULL) == 256, "a buffer of the value's length is enough");
	memset(back, 0xa5, sizeof(back));
	ok(kv_get(kv, "all", back, 255, &item) == -ERANGE && back[0] == 0xa5,
	   "a buffer that is too small is ERANGE and does not change");
	ok(!kv_put(kv, "none", NULL, 0, 0, 0) && !kv_get(kv, "none", NULL, 0, NULL),
	   "put and get of an empty value need no buffer");
	ok(kv_put(kv, "all", all, 256, KV_F_CREATE, 0) == -EEXIST &&
		   kv_put(kv, "all", all, 256, KV_F_IF_REV, item.rev + 1) == -ESTALE &&
		   !kv_put(kv, "all", all, 256, KV_F_IF_REV, item.rev),
	   "put takes conditions and a revision");
	ok(kv_delete(kv, "all", KV_F_IF_REV, item.rev) == -ESTALE && !kv_delete(kv, "all", 0, 0) &&
		   kv_delete(kv, "all", 0, 0) == -ENOENT,
	   "delete takes a condition and a revision");
	kv_delete(kv, "none", 0, 0);
}

static void refusals(void)
{
	char key[KV_KEY_MAX + 2], value[KV_VALUE_MAX + 1] = { 0 };
	struct kv_info before, after;

	memset(key, 'k', sizeof(key));
	key[KV_KEY_MAX + 1] = '\0';
	kv_info(kv, &before);
	ok(kv_put(kv, key, "", 0, 0, 0) == -ENAMETOOLONG &&
		   kv_get(kv, key, value, 9, NULL) == -ENAMETOOLONG &&
		   kv_delete(kv, key, 0, 0) == -ENAMETOOLONG &&
		   kv_list(kv, key, NULL, NULL, NULL) == -ENAMETOOLONG,
	   "a key of 129 bytes is ENAMETOOLONG");
	ok(kv_put(kv, "k", value, KV_VALUE_MAX + 1, 0, 0) == -EMSGSIZE &&
		   kv_put(kv, "k", value, SIZE_MAX, 0, 0) == -EMSGSIZE,
	   "a value of 1025 bytes is EMSGSIZE");
	ok(kv_put(kv, "k", "", 0, 256, 0) == -EINVAL && kv_put(kv, "k", "", 0, 128, 0) == -EINVAL,
	   "an unknown flag is EINVAL, also one beyond the wire's 8 bits");
	ok(kv_put(kv, "", "", 0, 0, 0) == -EINVAL && kv_put(kv, "a b", "", 0, 0, 0) == -EINVAL &&
		   kv_delete(kv, "", KV_F_PREFIX, 0) == -EINVAL,
	   "an empty or invalid key is EINVAL");
	kv_info(kv, &after);
	ok(!memcmp(&before, &after, sizeof(before)), "none of these calls changes the store");
}

struct seen {
	int count, stop_at, values;
	uint64_t sum;
};

static int see(const struct kv_item *item, void *arg)
{
	struct seen *seen = arg;

	seen->sum += strtoul(item->key + 5, NULL, 10);
	seen->values += item->value_len == strlen(item->value) && !strcmp(item->value, "value");
	return ++seen->count == seen->stop_at ? 42 : 0;
}

/* Change the store while it is listed, through another handle. */
static int disturb(const struct kv_item *item, void *arg)
{
	(void)item;
	kv_put(arg, "elsewhere", "", 0, 0, 0);
	return 0;
}

static void listings(void)
{
	struct seen seen = { 0 };
	struct kv_info state;
	struct kv *other;
	uint64_t rev = 0;
	char key[32];

	for (int i = 1; i <= 500; i++) {
		snprintf(key, sizeof(key), "list.%d", i);
		kv_put(kv, key, "value", 5, 0, 0);
	}
	kv_info(kv, &state);
	ok(!kv_list(kv, "list.", see, &seen, &rev) && seen.count == 500 && seen.values == 500 &&
		   seen.sum == 500 * 501 / 2,
	   "a listing of many pages gives each key once, NUL-terminated");
	ok(rev == state.rev, "a snapshot listing returns its revision");
	seen = (struct seen){ .stop_at = 7 };
	ok(kv_list(kv, "list.", see, &seen, NULL) == 42 && seen.count == 7,
	   "a result other than 0 of the callback ends the listing and is returned");
	seen = (struct seen){ 0 };
	ok(!kv_list(kv, NULL, see, &seen, NULL) && seen.count == 500 &&
		   !kv_list(kv, "", see, &seen, NULL) && seen.count == 1000,
	   "a NULL or empty prefix lists all keys");
	kv_open(&other);
	ok(!kv_list(kv, "list.", disturb, other, &rev) && rev == UINT64_MAX,
	   "a listing that is no snapshot returns UINT64_MAX as its revision");
	kv_close(other);
	kv_delete(kv, "list.", KV_F_PREFIX, 0);
	kv_delete(kv, "elsewhere", 0, 0);
}

/* For kv_update(): append a byte. The first call also changes the key through another handle. */
static ssize_t append(const void *old, size_t old_len, void *value, void *arg)
{
	int *calls = arg;

	memcpy(value, old ? old : "", old_len);
	((char *)value)[old_len] = 'x';
	if (!(*calls)++) {
		struct kv *other;

		kv_open(&other);
		kv_put(other, "update", "ab", 2, KV_F_PRIVATE, 0);
		kv_close(other);
	}
	return old_len + 1;
}

static ssize_t refuse(const void *old, size_t old_len, void *value, void *arg)
{
	(void)old, (void)old_len, (void)value, (void)arg;
	return -EDOM;
}

static void updates(void)
{
	char value[16];
	struct kv_item item;
	int calls = 0;

	ok(!kv_update(kv, "update", append, &calls) && calls == 2 &&
		   kv_get(kv, "update", value, sizeof(value), &item) == 3 && !strcmp(value, "abx"),
	   "an update is repeated when the key is created in between");
	ok(item.flags == KV_F_PRIVATE, "a private value stays private");
	ok(kv_update(kv, "update", refuse, NULL) == -EDOM && rev_is(item.rev),
	   "an error of the callback ends the update and is returned");
	kv_delete(kv, "update", 0, 0);
}

static int collect(const struct kv_item *item, void *arg)
{
	struct seen *seen = arg;

	seen->count++;
	seen->sum += item->rev ? strtoul(item->value, NULL, 10) : 1000;
	return 0;
}

static void transactions(void)
{
	struct kv_transaction *txn = kv_transaction_new();
	struct seen seen = { 0 };
	char key[KV_KEY_MAX + 2];
	uint64_t rev = 0;
	int failed = 0;

	ok(kv_transaction_add(txn, KV_OP_PUT, "txn.a", "1", 1, 0, 0) == 0 &&
		   kv_transaction_add(txn, KV_OP_PUT, "txn.b", "20", 2, KV_F_CREATE, 0) == 1 &&
		   kv_transaction_add(txn, KV_OP_GET, "txn.a", NULL, 0, 0, 0) == 2 &&
		   kv_transaction_add(txn, KV_OP_GET, "txn.none", NULL, 0, 0, 0) == 3 &&
		   kv_transaction_add(txn, KV_OP_GET, "txn.b", NULL, 0, 0, 0) == 4 &&
		   kv_transaction_count(txn) == 5,
	   "adding a record returns its index");
	ok(!kv_transaction_commit(kv, txn, collect, &seen, &rev, &failed) && failed == -1 &&
		   seen.count == 3 && seen.sum == 1021 && rev_is(rev),
	   "a commit calls back for each get, and returns the revision");
	ok(kv_transaction_commit(kv, txn, NULL, NULL, NULL, &failed) == -EEXIST && failed == 1 &&
		   rev_is(rev),
	   "the index of a refused record is returned, and nothing changes");
	kv_transaction_free(txn);
	kv_transaction_free(NULL);
	txn = kv_transaction_new();
	memset(key, 'k', sizeof(key));
	key[KV_KEY_MAX + 1] = '\0';
	ok(kv_transaction_add(txn, KV_OP_GET, key, NULL, 0, 0, 0) == -ENAMETOOLONG &&
		   kv_transaction_add(txn, KV_OP_PUT, "k", key, KV_VALUE_MAX + 1, 0, 0) ==
			   -EMSGSIZE &&
		   !kv_transaction_count(txn),
	   "a record with too long a key or value is not added");
	ok(kv_transaction_commit(kv, txn, NULL, NULL, NULL, NULL) == -EINVAL,
	   "a commit without records is EINVAL");
	for (failed = 0; failed >= 0;)
		failed = kv_transaction_add(txn, KV_OP_PUT, "txn.c", "0123456789", 10, 0, 0);
	ok(failed == -EMSGSIZE && kv_transaction_count(txn) == (KV_MSG_MAX - 24) / 32 &&
		   kv_transaction_room(txn) < 15 &&
		   !kv_transaction_commit(kv, txn, NULL, NULL, &rev, NULL) && rev_is(rev),
	   "a transaction that fills a message can be committed");
	kv_transaction_free(txn);
	kv_delete(kv, "txn.", KV_F_PREFIX, 0);
}

static int changed(enum kv_op op, const struct kv_item *item, void *arg)
{
	char *text = arg;

	sprintf(text + strlen(text), "%d %s=%s,", op, item->key, (const char *)item->value);
	return 0;
}

static void watches(void)
{
	char text[200] = "";
	struct kv_info state;
	int fd;

	kv_info(kv, &state);
	fd = kv_watch(kv, "watch.", state.rev);
	kv_put(kv, "watch.a", "1", 1, 0, 0);
	kv_put(kv, "other", "1", 1, 0, 0);
	kv_delete(kv, "watch.a", 0, 0);
	ok(fd >= 0 && kv_watch_read(fd, changed, text) == 2 &&
		   !strcmp(text, "2 watch.a=1,3 watch.a=,"),
	   "a watch calls back for each change");
	fcntl(fd, F_SETFL, O_NONBLOCK);
	ok(kv_watch_read(fd, changed, text) == -EAGAIN,
	   "with O_NONBLOCK, reading a watch is EAGAIN");
	close(fd);
	fd = kv_watch(kv, NULL, UINT64_MAX);
	*text = '\0';
	ok(kv_watch_read(fd, changed, text) == 1 && !strcmp(text, "5 =,"),
	   "a watch from a revision not reached calls back with KV_OP_COMPACTED");
	close(fd);
	kv_delete(kv, "other", 0, 0);
}

static void sealed(void)
{
	struct kv_info state;

	ok(!kv_seal(kv) && !kv_info(kv, &state) && state.flags & KV_INFO_SEALED &&
		   kv_put(kv, "late", "", 0, 0, 0) == -EROFS,
	   "a put to a sealed store is EROFS");
}

static void messages(void)
{
	static const int errors[] = {
		ENOPROTOOPT, EOPNOTSUPP, EPERM,	 EINVAL,	  ENAMETOOLONG, EMSGSIZE,
		ENOENT,	     EEXIST,	 ESTALE, ENOSPC,	  EDQUOT,	ERANGE,
		EDOM,	     EROFS,	 ENOMEM, EPROTONOSUPPORT,
	};
	bool passed = true;

	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		passed &= strcmp(kv_strerror(-errors[i]), strerror(errors[i])) &&
			  kv_strerror(errors[i]) == kv_strerror(-errors[i]);
	ok(passed, "each errno of the protocol has its own message");
	ok(!strcmp(kv_strerror(-EIO), strerror(EIO)), "any other errno has strerror's message");
}

int main(void)
{
	int error = kv_open(&kv);

	if (error) {
		fprintf(stderr, "kv_open: %s\n", kv_strerror(error));
		return 125;
	}
	handles();
	values();
	refusals();
	listings();
	updates();
	transactions();
	watches();
	messages();
	sealed();
	kv_close(kv);
	return done();
}
