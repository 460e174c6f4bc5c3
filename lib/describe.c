// SPDX-License-Identifier: MIT
/* Declared keys: their descriptions, page by page, each requested by the last key so far */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/**
 * struct describing - descriptions that are being fetched
 * @kv: handle
 * @fn: called for each
 * @arg: handed to @fn
 * @size: bytes of @page
 * @page: request and reply of the call under way
 * @strings: those of one description, a NUL byte after each
 * @prefix_len: bytes of @name that all keys start with
 * @name: the prefix; then the last key
 * @after: @name is a key that was reported already
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
	/* Values may have been private. */
	if (d->page)
		explicit_bzero(d->page, d->size);
	if (d->strings)
		explicit_bzero(d->strings, d->size + STRINGS);
	free(d->page);
	free(d->strings);
}

static int make_page(struct describing *d, size_t size)
{
	free_page(d);
	d->size = size;
	d->page = malloc(size);
	d->strings = malloc(size + STRINGS);
	return d->page && d->strings ? 0 : -ENOMEM;
}

/* Fetch the next page: its length or a negative errno. */
static int fetch(struct describing *d)
{
	size_t len = strlen(d->name);

	memset(d->page, 0, d->size);
	d->page->name_len = len;
	d->page->prefix_len = d->prefix_len;
	d->page->flags = d->after ? KV_DESCRIBE_AFTER : 0;
	memcpy(d->page->data, d->name, len);
	return kv_get_word(d->kv, KV_SO_DESCRIBE, d->page, d->size);
}

/* A description can be larger than most: then the page has to be as large as can be. */
static int fetch_any(struct describing *d)
{
	int len = fetch(d);

	if (len == -ERANGE && d->size < KV_MSG_MAX) {
		len = make_page(d, KV_MSG_MAX);
		if (!len)
			len = fetch(d);
	}
	return len;
}

/* Take the next of the strings, which stand one after another, and go on to where @to goes on. */
static const char *take(char **to, const unsigned char **from, size_t len)
{
	char *string = *to;

	memcpy(string, *from, len);
	string[len] = '\0';
	*from += len;
	*to += len + 1;
	return string;
}

/* Unpack the description that @left bytes begin with: its length, or -EPROTO. */
static int unpack(struct kv_param *param, char *to, const unsigned char *at, size_t left)
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
	param->key = take(&to, &from, head.key_len);
	param->value = take(&to, &from, head.value_len);
	param->fallback = take(&to, &from, head.default_len);
	param->unit = take(&to, &from, head.unit_len);
	param->choices = take(&to, &from, head.choices_len);
	param->module = take(&to, &from, head.module_len);
	param->text = take(&to, &from, head.text_len);
	return strlen(param->key) == head.key_len ? head.len : -EPROTO;
}

/* Each key is behind the one before it, or there might be no end. */
static bool is_next(const struct describing *d, const char *key)
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
		int len = unpack(&param, d->strings, at, left);

		if (len < 0 || !is_next(d, param.key))
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
	int err = make_page(d, PAGE_BYTES);

	while (!err) {
		int len = fetch_any(d);

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
