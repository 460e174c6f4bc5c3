// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * json.c - keys and values as JSON
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/json.h"

void json_prepare(void)
{
	/* jansson omits members if memory is short: exit instead. */
	json_set_alloc_funcs(alloc_bytes, free);
}

static json_t *base64(const unsigned char *data, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *text = alloc_bytes((len + 2) / 3 * 4 + 1), *out = text;
	json_t *string;

	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		uint32_t bits = data[i] << 16 | (left > 1 ? data[i + 1] << 8 : 0) |
				(left > 2 ? data[i + 2] : 0);

		*out++ = digits[bits >> 18];
		*out++ = digits[bits >> 12 & 63];
		*out++ = left > 1 ? digits[bits >> 6 & 63] : '=';
		*out++ = left > 2 ? digits[bits & 63] : '=';
	}
	string = json_stringn(text, out - text);
	free(text);
	return string;
}

json_t *json_text(const char *text, size_t len)
{
	json_t *string = json_stringn(text, len); /* NULL if it is not UTF-8 */

	return string ? string : base64((const unsigned char *)text, len);
}

static void set_value(json_t *object, const void *value, size_t len)
{
	json_t *string = json_stringn(value, len); /* NULL if it is not UTF-8 */

	json_object_set_new(object, "value", string ? string : base64(value, len));
	if (!string)
		json_object_set_new(object, "encoding", json_string("base64"));
}

json_t *json_revision(uint64_t rev)
{
	return json_sprintf("%" PRIu64, rev);
}

json_t *json_item(const struct kv_item *item, unsigned int members)
{
	json_t *object = json_object();

	if (members & JSON_KEY)
		json_object_set_new(object, "key", json_string(item->key));
	if (members & JSON_VALUE && item->flags & KV_F_WITHHELD)
		json_object_set_new(object, "value", json_null());
	else if (members & JSON_VALUE)
		set_value(object, item->value, item->value_len);
	if (members & JSON_REST) {
		json_object_set_new(object, "rev", json_revision(item->rev));
		json_object_set_new(object, "private", json_boolean(item->flags & KV_F_PRIVATE));
		if (item->flags & KV_F_DECLARED)
			json_object_set_new(object, "declared", json_true());
	}
	return object;
}

void json_print(json_t *document)
{
	/* On a terminal, escape all but ASCII: UTF-8 could control it. */
	size_t flags = JSON_COMPACT | (isatty(STDOUT_FILENO) ? JSON_ENSURE_ASCII : 0);

	json_dumpf(document, stdout, flags);
	putchar('\n');
	json_decref(document);
}
