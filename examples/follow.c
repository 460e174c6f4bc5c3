// SPDX-License-Identifier: MIT
/* Print the keys that start with a prefix, then each change of them. To build it:
 * cc -o follow follow.c $(pkg-config --cflags --libs libkv) */
#include <err.h>
#include <stdio.h>
#include <kv.h>

static int check(int result)
{
	if (result < 0)
		errx(1, "%s", kv_strerror(result));
	return result;
}

static int print(const struct kv_item *item, void *arg)
{
	return printf("%s = %.*s\n", item->key, (int)item->value_len, (char *)item->value) < 0;
}

static int change(enum kv_op op, const struct kv_item *item, void *arg)
{
	if (op == KV_OP_PUT)
		return print(item, arg);
	return printf("%s: %s\n", item->key, op == KV_OP_DELETE ? "deleted" : "missed some") < 0;
}

int main(int argc, char **argv)
{
	struct kv *kv;
	uint64_t rev;
	int fd;

	check(kv_open(&kv));
	check(kv_list(kv, argv[1], print, NULL, &rev));
	fd = check(kv_watch(kv, argv[1], rev));
	do
		fflush(stdout);
	while (check(kv_watch_read(fd, change, NULL)));
}
