// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * store.c - the connection to the store, and lookup of declared keys
 */
#include <string.h>

#include "core/error.h"
#include "core/store.h"

int store_open(struct kvsh *sh)
{
	return sh->kv ? 0 : kv_open(&sh->kv);
}

void store_forget(struct kvsh *sh, int err)
{
	if (status_of(err) != STATUS_NO_MODULE)
		return;
	kv_close(sh->kv);
	sh->kv = NULL;
}

struct kv_item declared_item(const struct kv_param *param)
{
	return (struct kv_item){
		.key = param->key,
		.value = param->value,
		.value_len = param->value_len,
		.flags = KV_F_DECLARED | (param->flags & KV_D_PRIVATE ? KV_F_PRIVATE : 0) |
			 (param->flags & KV_D_WITHHELD ? KV_F_WITHHELD : 0),
		.rev = param->rev,
	};
}

/**
 * struct search - a search for one declared key
 * @key: the key
 * @fn: called if it is found
 * @arg: passed to @fn
 * @result: the result of @fn
 */
struct search {
	const char *key;
	kv_describe_fn *fn;
	void *arg;
	int result;
};

/* A key precedes all longer keys that start with it, so the first key decides. */
static int match_first(const struct kv_param *param, void *arg)
{
	struct search *search = arg;

	if (!strcmp(param->key, search->key))
		search->result = search->fn(param, search->arg);
	return true;
}

int declared_one(struct kv *kv, const char *key, kv_describe_fn *fn, void *arg)
{
	struct search search = { .key = key, .fn = fn, .arg = arg };
	int err = kv_describe(kv, key, match_first, &search);

	return err < 0 ? err : search.result;
}
