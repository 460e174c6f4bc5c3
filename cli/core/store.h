/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.h - the connection to the store, and lookup of declared keys
 */
#ifndef STORE_H
#define STORE_H

#include <kv.h>

#include "core/kvsh.h"

/** store_open() - open the store if it is not open; returns 0 or a negative errno */
int store_open(struct kvsh *sh);

/**
 * store_forget() - close the store if @err says that the module is not there
 *
 * The module may be loaded again: the next store_open() then finds it.
 */
void store_forget(struct kvsh *sh, int err);

/** declared_item() - a declared key and its effective value, which may be NULL, as an item */
struct kv_item declared_item(const struct kv_param *param);

/**
 * declared_one() - call a function for one key, if a module has declared it
 * @kv: the store
 * @key: the key
 * @fn: must not use the store
 * @arg: passed to @fn
 *
 * Return: the result of @fn; 0 if the key is not declared; or a negative errno.
 */
int declared_one(struct kv *kv, const char *key, kv_describe_fn *fn, void *arg);

#endif /* STORE_H */
