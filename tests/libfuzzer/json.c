// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kvsh writes JSON but does not read it. A JSON document of a key with a value of any bytes is
 * valid, and a reader gets the same bytes back.
 */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/json.h"
#include "libfuzzer.h"

static int digit(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = strchr(digits, c);

	must(c && at);
	return at - digits;
}

/* Decode base64 with padding: the number of bytes. */
static size_t from_base64(char *to, const char *text, size_t len)
{
	size_t got = 0;

	must(len % 4 == 0);
	for (size_t i = 0; i < len; i += 4) {
		int pad = text[i + 3] != '=' ? 0 : text[i + 2] != '=' ? 1 : 2;
		uint32_t bits = 0;

		must(!pad || i + 4 == len);
		for (int j = 0; j < 4 - pad; j++)
			bits |= (uint32_t)digit(text[i + j]) << (18 - 6 * j);
		must(!(bits & ((1 << 8 * pad) - 1)));
		for (int j = 0; j < 3 - pad; j++)
			to[got++] = bits >> (16 - 8 * j);
	}
	return got;
}

/* Parse the document and compare it with the item. */
static void check_again(const char *text, const struct kv_item *item)
{
	json_t *read = json_loads(text, JSON_ALLOW_NUL, NULL);
	json_t *value = json_object_get(read, "value");
	const char *encoding = json_string_value(json_object_get(read, "encoding"));
	const char *got = json_string_value(value);
	size_t len = json_string_length(value);
	char *decoded = alloc_bytes(len + 1);

	must(read && got && !strcmp(json_string_value(json_object_get(read, "key")), item->key));
	must(json_is_true(json_object_get(read, "private")) == !!(item->flags & KV_F_PRIVATE));
	if (encoding) {
		must(!strcmp(encoding, "base64"));
		len = from_base64(decoded, got, len);
		got = decoded;
	}
	must(len == item->value_len && !memcmp(got, item->value, len));
	free(decoded);
	json_decref(read);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kv_item item = { .key = "key", .value_len = size };
	json_t *document;
	char *text;

	/* kvsh's output to a file and to a terminal */
	static const size_t flags[] = { JSON_COMPACT, JSON_COMPACT | JSON_ENSURE_ASCII };

	json_prepare();
	item.value = alloc_copy((const char *)data, size);
	item.flags = size % 2 ? KV_F_PRIVATE : 0;
	item.rev = UINT64_MAX - size;
	for (int i = 0; i < 2; i++) {
		document = json_item(&item, JSON_KEY | JSON_VALUE | JSON_REST);
		text = json_dumps(document, flags[i]);
		must(text != NULL);
		check_again(text, &item);
		free(text);
		json_decref(document);
	}
	free((void *)item.value);
	return 0;
}
