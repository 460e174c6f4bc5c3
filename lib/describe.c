// SPDX-License-Identifier: MIT
/* Declared keys: fetching descriptions page by page, with the last key as cursor */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/**
 * struct describing - state of a kv_describe() call
 * @kv: handle
 * @fn: called for each description
 * @arg: passed to @fn
 * @size: bytes of @page
 * @page: request and reply of the current page
 * @strings: strings of one description, with a NUL byte after each
 * @prefix_len: bytes of the prefix, with which @name begins
 * @name: the prefix; later the last key
 * @after: @fn was called for @name
 */
struct describing {
	struct kv *kv;
	kv_describe_fn *fn;
	void *arg;
	size_t size;
	struct kv_describe *page;
	char *strings;
	size_t prefix_len;
	char name[KV_KEY_MAX + 1];
	bool after;
};

/* Key, value, default, unit, choices, module and text */
#define STRINGS 7

static void free_page(struct describing *d)
{
	/* Values may be private. */
	if (d->page)
		explicit_bzero(d->page, d->size);
	if (d->strings)
		explicit_bzero(d->strings, d->size + STRINGS);
	free(d->page);
	free(d->strings);
}

static int alloc_page(struct describing *d, size_t size)
{
	free_page(d);
	d->size = size;
	d->page = malloc(size);
	d->strings = malloc(size + STRINGS);
	return d->page && d->strings ? 0 : -ENOMEM;
}

/* Fetch the next page: its length or a negative errno. */
static int request_page(struct describing *d)
{
	size_t len = strlen(d->name);

	memset(d->page, 0, d->size);
	d->page->name_len = len;
	d->page->prefix_len = d->prefix_len;
	d->page->flags = d->after ? KV_DESCRIBE_AFTER : 0;
	memcpy(d->page->data, d->name, len);
	return kv_get_word(d->kv, KV_SO_DESCRIBE, d->page, d->size);
}

/* Fetch the next page, in the largest buffer if a description does not fit. */
static int fetch_page(struct describing *d)
{
	int len = request_page(d);

	if (len == -ERANGE && d->size < KV_MSG_MAX) {
		len = alloc_page(d, KV_MSG_MAX);
		if (!len)
			len = request_page(d);
	}
	return len;
}

/* Copy the next string, add a NUL byte, and advance both pointers. */
static const char *copy_string(char **to, const unsigned char **from, size_t len)
{
	char *string = *to;

	memcpy(string, *from, len);
	string[len] = '\0';
	*from += len;
	*to += len + 1;
	return string;
}

/* Unpack the description at the start of @left bytes: its length, or -EPROTO. */
static int unpack_description(struct kv_param *param, char *to, const unsigned char *at,
			      size_t left)
{
	const unsigned char *from = at + sizeof(struct kv_description);
	struct kv_description head;

	if (left < sizeof(head))
		return -EPROTO;
	memcpy(&head, at, sizeof(head));
	if (head.len > left || head.len % 8 || !head.key_len || head.key_len > KV_KEY_MAX ||
	    head.value_len > KV_VALUE_MAX ||
	    sizeof(head) + head.key_len + head.value_len + head.default_len + head.unit_len +
			    head.choices_len + head.module_len + head.text_len >
		    head.len)
		return -EPROTO;
	*param = (struct kv_param){
		.type = head.type,
		.flags = head.flags,
		.value_len = head.value_len,
		.min = head.min,
		.max = head.max,
		.rev = head.rev,
	};
	param->key = copy_string(&to, &from, head.key_len);
	param->value = copy_string(&to, &from, head.value_len);
	param->fallback = copy_string(&to, &from, head.default_len);
	param->unit = copy_string(&to, &from, head.unit_len);
	param->choices = copy_string(&to, &from, head.choices_len);
	param->module = copy_string(&to, &from, head.module_len);
	param->text = copy_string(&to, &from, head.text_len);
	return strlen(param->key) == head.key_len ? head.len : -EPROTO;
}

/* True if the key follows the last one; otherwise the loop might not end. */
static bool is_in_order(const struct describing *d, const char *key)
{
	int order = strcmp(key, d->name);

	return !strncmp(key, d->name, d->prefix_len) && (d->after ? order > 0 : order >= 0);
}

static int report_page(struct describing *d, size_t left)
{
	const unsigned char *at = d->page->data;
	struct kv_param param;
	int err = 0;

	left -= sizeof(*d->page);
	for (uint32_t i = 0; i < d->page->count && !err; i++) {
		int len = unpack_description(&param, d->strings, at, left);

		if (len < 0 || !is_in_order(d, param.key))
			return -EPROTO;
		at += len;
		left -= len;
		strcpy(d->name, param.key);
		d->after = true;
		if (param.flags & KV_D_WITHHELD)
			param.value = NULL;
		err = d->fn(&param, d->arg);
	}
	return err;
}

static int describe(struct describing *d)
{
	int err = alloc_page(d, PAGE_BYTES);

	while (!err) {
		int len = fetch_page(d);

		if (len < 0)
			return len;
		if (len < (int)sizeof(*d->page) || (d->page->more && !d->page->count))
			return -EPROTO;
		err = report_page(d, len);
		if (!d->page->more)
			break;
	}
	return err;
}

int kv_describe(struct kv *kv, const char *prefix, kv_describe_fn *fn, void *arg)
{
	struct describing d = { .kv = kv, .fn = fn, .arg = arg };
	int err;

	d.prefix_len = prefix ? strlen(prefix) : 0;
	if (d.prefix_len > KV_KEY_MAX)
		return -ENAMETOOLONG;
	memcpy(d.name, prefix ? prefix : "", d.prefix_len);
	err = describe(&d);
	free_page(&d);
	return err;
}
