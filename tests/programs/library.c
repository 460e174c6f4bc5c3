// SPDX-License-Identifier: GPL-2.0-or-later
/* libkv: what kv.h says of each call */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kv.h>

#include "tap.h"

static struct kv *kv;

static void handles(void)
{
	struct kv *other;
	int flags = -1;

	ok(!kv_open(&other) && other && other != kv, "handles are independent");
	/* The descriptor that the next open would get is one behind the handle's. */
	for (int fd = 3; fd < 64; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			flags = flags < 0 ? fcntl(fd, F_GETFD) : flags & fcntl(fd, F_GETFD);
	ok(flags & FD_CLOEXEC, "their descriptors are closed by exec");
	kv_put(kv, "handle", "1", 1, 0, 0);
	ok(!kv_delete(other, "handle", 0, 0), "they see the same store");
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
	   "a value of all bytes comes back");
	ok(back[256] == '\0' && back[257] == 0xa5, "with one NUL byte behind it and no more");
	ok(!strcmp(item.key, "all") && item.value == back && item.value_len == 256 &&
		   item.flags == KV_F_PRIVATE && item.rev > 0,
	   "and with its key, length, flags and revision");
	ok(kv_get(kv, "all", back, 256, NULL) == 256, "a buffer that just fits does");
	memset(back, 0xa5, sizeof(back));
	ok(kv_get(kv, "all", back, 255, &item) == -ERANGE && back[0] == 0xa5,
	   "one that is too small is ERANGE and stays as it was");
	ok(!kv_put(kv, "none", NULL, 0, 0, 0) && !kv_get(kv, "none", NULL, 0, NULL),
	   "an empty value needs no buffer, either way");
	ok(kv_put(kv, "all", all, 256, KV_F_CREATE, 0) == -EEXIST &&
		   kv_put(kv, "all", all, 256, KV_F_IF_REV, item.rev + 1) == -ESTALE &&
		   !kv_put(kv, "all", all, 256, KV_F_IF_REV, item.rev),
	   "conditions and revisions are arguments");
	ok(kv_delete(kv, "all", KV_F_IF_REV, item.rev) == -ESTALE && !kv_delete(kv, "all", 0, 0) &&
		   kv_delete(kv, "all", 0, 0) == -ENOENT,
	   "delete takes them too");
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
	   "an unknown flag is EINVAL, beyond the wire's eight too");
	ok(kv_put(kv, "", "", 0, 0, 0) == -EINVAL && kv_put(kv, "a b", "", 0, 0, 0) == -EINVAL &&
		   kv_delete(kv, "", KV_F_PREFIX, 0) == -EINVAL,
	   "an empty or ill-formed key is EINVAL");
	kv_info(kv, &after);
	ok(!memcmp(&before, &after, sizeof(before)), "none of them changed the store");
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

/* Changes the store while it is listed, through a handle of its own. */
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
	ok(rev == state.rev, "and tells the revision that it is a snapshot of");
	seen = (struct seen){ .stop_at = 7 };
	ok(kv_list(kv, "list.", see, &seen, NULL) == 42 && seen.count == 7,
	   "the function's result ends it and is its own");
	seen = (struct seen){ 0 };
	ok(!kv_list(kv, NULL, see, &seen, NULL) && seen.count == 500 &&
		   !kv_list(kv, "", see, &seen, NULL) && seen.count == 1000,
	   "no prefix lists all");
	kv_open(&other);
	ok(!kv_list(kv, "list.", disturb, other, &rev) && rev == UINT64_MAX,
	   "a listing that is no snapshot says so");
	kv_close(other);
	kv_delete(kv, "list.", KV_F_PREFIX, 0);
	kv_delete(kv, "elsewhere", 0, 0);
}

static void sentences(void)
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
	ok(passed, "each errno of the protocol has a sentence of its own");
	ok(!strcmp(kv_strerror(-EIO), strerror(EIO)), "any other has the system's");
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
	sentences();
	kv_close(kv);
	return done();
}
