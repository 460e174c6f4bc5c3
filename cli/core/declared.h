/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * declared.h - keys that kernel modules have declared
 */
#ifndef DECLARED_H
#define DECLARED_H

#include <kv.h>

/** declared_item() - a declared key with the value in effect, which may not be there, as an item */
struct kv_item declared_item(const struct kv_param *param);

/**
 * declared_one() - call a function for one key, if it is declared
 * @kv: the store
 * @key: the key
 * @fn: must not use the store
 * @arg: handed to @fn
 *
 * Return: what @fn returned; 0 if the key is not declared; or a negative errno.
 */
int declared_one(struct kv *kv, const char *key, kv_describe_fn *fn, void *arg);

#endif /* DECLARED_H */
