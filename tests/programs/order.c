// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * order COUNT - put the keys 0 to COUNT - 1 and print them in the order of a listing, which
 * depends on the hash key
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "kv.h"

static int print(const struct kv_item *item, void *arg)
{
	(void)arg;
	return printf("%s ", item->key) < 0;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 0;
	struct kv *kv;
	char key[16];
	int failed = kv_open(&kv);

	for (int i = 0; i < count && !failed; i++) {
		snprintf(key, sizeof(key), "%d", i);
		failed = kv_put(kv, key, "", 0, 0, 0);
	}
	if (!failed)
		failed = kv_list(kv, "", print, NULL, NULL);
	if (failed)
		errx(1, "%s", kv_strerror(failed));
	puts("");
	return 0;
}
