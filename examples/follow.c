// SPDX-License-Identifier: MIT
/* Print the keys that start with a prefix, then each change of them. To build it:
 * cc -o follow follow.c $(pkg-config --cflags --libs libkv) */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <kv.h>

static int print(const struct kv_item *item, void *arg)
{
	printf("%s = %.*s\n", item->key, (int)item->value_len, (char *)item->value);
	return ferror(stdout) ? -EIO : 0;
}

/* After KV_OP_COMPACTED, -ESTALE makes main() list the keys again. */
static int change(enum kv_op op, const struct kv_item *item, void *arg)
{
	if (op == KV_OP_PUT)
		return print(item, arg);
	return op == KV_OP_DELETE ? printf("%s: deleted\n", item->key) : -ESTALE;
}

int main(int argc, char **argv)
{
	struct kv *kv;
	uint64_t rev;
	int fd = -1, result = kv_open(&kv);

	while (!result || result == -ESTALE) {
		close(fd);
		result = kv_list(kv, argv[1], print, NULL, &rev);
		if (!result)
			result = fd = kv_watch(kv, argv[1], rev);
		while (result >= 0)
			result = fflush(stdout) ? -errno : kv_watch_read(fd, change, NULL);
	}
	errx(1, "%s", kv_strerror(result));
}
