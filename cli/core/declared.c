// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * declared.c - keys that kernel modules have declared
 */
#include <stdbool.h>
#include <string.h>

#include "core/declared.h"

struct kv_item declared_item(const struct kv_param *param)
{
	return (struct kv_item){
		.key = param->key,
		.value = param->value,
		.value_len = param->value_len,
		.flags = KV_F_DECLARED | (param->flags & KV_D_PRIVATE ? KV_F_PRIVATE : 0),
		.rev = param->rev,
	};
}

/**
 * struct search - for one key
 * @key: the key
 * @fn: called for it
 * @arg: handed to @fn
 * @result: what @fn returned
 */
struct search {
	const char *key;
	kv_describe_fn *fn;
	void *arg;
	int result;
};

/* Of the keys that start with a key it comes first: never look at a second one. */
static int compare(const struct kv_param *param, void *arg)
{
	struct search *search = arg;

	if (!strcmp(param->key, search->key))
		search->result = search->fn(param, search->arg);
	return true;
}

int declared_one(struct kv *kv, const char *key, kv_describe_fn *fn, void *arg)
{
	struct search search = { .key = key, .fn = fn, .arg = arg };
	int err = kv_describe(kv, key, compare, &search);

	return err < 0 ? err : search.result;
}
