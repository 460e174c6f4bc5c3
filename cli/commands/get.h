/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * get.h - how get prints, at once or when a transaction is committed
 */
#ifndef GET_H
#define GET_H

#include <kv.h>

/** enum get_form - what the options of get ask for */
enum get_form {
	GET_RAW = 1 << 0,
	GET_REV = 1 << 1,
	GET_JSON = 1 << 2,
};

/** get_print() - print a key's value; @form: of enum get_form */
void get_print(const struct kv_item *item, unsigned int form);

#endif /* GET_H */
