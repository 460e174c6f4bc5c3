// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * format.c - the text format of configuration files
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "config/format.h"
#include "core/alloc.h"
#include "core/escape.h"

static const char private_word[] = "private";

/**
 * struct reading - a text that is being parsed
 * @line: the current line, without its end
 * @len: bytes of @line
 * @pos: the next byte of @line
 * @number: number of the line
 * @start: index of the line in the text
 * @value_at: index of the value in @line
 * @value: the value so far, decoded; a buffer as long as the text
 * @entries: the entries so far, in the order of the lines
 * @size: allocated entries
 * @keys: the entries as a tree (tsearch(3)), to find duplicates in O(log n)
 * @error: filled with the error
 */
struct reading {
	const char *line;
	size_t len;
	size_t pos;
	unsigned int number;
	size_t start;
	size_t value_at;
	char *value;
	struct format_entries *entries;
	size_t size;
	void *keys;
	struct format_error error;
};

static int entry_by_key(const void *a, const void *b)
{
	const struct format_entry *one = a, *other = b;

	return strcmp(one->item.key, other->item.key);
}

static int by_key_in_list(const void *a, const void *b)
{
	return entry_by_key(*(struct format_entry *const *)a, *(struct format_entry *const *)b);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void place_error(struct reading *r, size_t pos)
{
	r->error.at = (struct place){ r->number, pos + 1 };
	r->error.start = r->start;
	r->error.too_long = false;
}

static bool set_error(struct reading *r, size_t pos, const char *message)
{
	place_error(r, pos);
	snprintf(r->error.message, sizeof(r->error.message), "%s", message);
	return false;
}

static bool set_length_error(struct reading *r, size_t pos, const char *what, int limit)
{
	place_error(r, pos);
	r->error.too_long = true;
	snprintf(r->error.message, sizeof(r->error.message), "the %s is too long (limit: %d bytes)",
		 what, limit);
	return false;
}

static void skip_blanks(struct reading *r)
{
	while (r->pos < r->len && is_blank(r->line[r->pos]))
		r->pos++;
}

static size_t skip_word(struct reading *r)
{
	size_t begin = r->pos;

	while (r->pos < r->len && !is_blank(r->line[r->pos]))
		r->pos++;
	return begin;
}

static bool at_equals(const struct reading *r)
{
	return r->pos < r->len && r->line[r->pos] == '=';
}

/* Skip the word "private" before a key; if a = follows, it is the key itself. */
static bool skip_private(struct reading *r)
{
	size_t begin = skip_word(r), len = r->pos - begin;

	skip_blanks(r);
	if (r->pos < r->len && !at_equals(r) && len == strlen(private_word) &&
	    !memcmp(r->line + begin, private_word, len))
		return true;
	r->pos = begin;
	return false;
}

/* Skip the = with blanks around it; the value may be empty. */
static bool skip_separator(struct reading *r)
{
	skip_blanks(r);
	if (!at_equals(r))
		return set_error(r, r->pos, "there is no \" = \" after the key");
	r->pos++;
	if (r->pos < r->len && !is_blank(r->line[r->pos]))
		return set_error(r, r->pos - 1, "the = after a key needs a blank on both sides");
	return true;
}

static bool read_key(struct reading *r, const char **key, size_t *key_len)
{
	char message[KEY_MESSAGE];
	size_t begin = skip_word(r), good;

	*key = r->line + begin;
	*key_len = r->pos - begin;
	good = key_check(*key, *key_len, message);
	if (good < *key_len && (*key)[good] != '=')
		return set_error(r, begin + good, message);
	if (!good)
		return set_error(r, begin, "there is no key before the =");
	if (good < *key_len)
		return set_error(r, begin + good, "the = after a key needs a blank on both sides");
	if (*key_len > KV_KEY_MAX)
		return set_length_error(r, begin, "key", KV_KEY_MAX);
	return skip_separator(r);
}

static bool take_byte(struct reading *r, size_t *len, size_t *end)
{
	char message[ESCAPE_MESSAGE];
	size_t size;

	if (r->line[r->pos] == '\\') {
		size = escape_read(r->line + r->pos + 1, r->len - r->pos - 1, &r->value[*len],
				   message);
		if (!size)
			return set_error(r, r->pos, message);
		r->pos += 1 + size;
		*end = ++*len;
		return true;
	}
	size = utf8_printable(r->line + r->pos, r->len - r->pos);
	if (!size && r->line[r->pos] != '\t') {
		snprintf(message, sizeof(message),
			 "this byte is not printable UTF-8; write it as \\x%02x",
			 (unsigned char)r->line[r->pos]);
		return set_error(r, r->pos, message);
	}
	size = size ? size : 1;
	memcpy(r->value + *len, r->line + r->pos, size);
	*len += size;
	if (!is_blank(r->line[r->pos]))
		*end = *len;
	r->pos += size;
	return true;
}

/* The value is the rest of the line without trailing blanks that are not escaped. */
static bool read_value(struct reading *r, size_t *value_len)
{
	size_t len = 0;

	skip_blanks(r);
	r->value_at = r->pos;
	*value_len = 0;
	while (r->pos < r->len) {
		if (!take_byte(r, &len, value_len))
			return false;
	}
	if (*value_len > KV_VALUE_MAX)
		return set_length_error(r, r->value_at, "value", KV_VALUE_MAX);
	return true;
}

static void entry_free(struct format_entry *entry)
{
	if (entry->item.flags & KV_F_PRIVATE)
		explicit_bzero((void *)entry->item.value, entry->item.value_len);
	free(entry);
}

static bool add_entry(struct reading *r, const char *key, size_t key_len, size_t value_len,
		      bool is_private)
{
	struct format_entries *entries = r->entries;
	struct format_entry *entry = alloc_zeroed(1, sizeof(*entry) + key_len + value_len + 2);
	struct format_entry *first;
	char message[KEY_MESSAGE];

	memcpy(entry->data, key, key_len);
	memcpy(entry->data + key_len + 1, r->value, value_len);
	entry->item.key = entry->data;
	entry->item.value = entry->data + key_len + 1;
	entry->item.value_len = value_len;
	entry->item.flags = is_private ? KV_F_PRIVATE : 0;
	entry->line = r->number;
	entry->column = r->value_at + 1;
	entry->start = r->start;
	first = *(struct format_entry **)check_alloc(tsearch(entry, &r->keys, entry_by_key));
	if (first != entry) {
		snprintf(message, sizeof(message), "%s is already set in line %u", first->item.key,
			 first->line);
		entry_free(entry);
		return set_error(r, key - r->line, message);
	}
	if (entries->count == r->size) {
		r->size = r->size ? 2 * r->size : 64;
		entries->list = alloc_resize(entries->list, r->size, sizeof(*entries->list));
	}
	entries->list[entries->count++] = entry;
	return true;
}

static bool read_line(struct reading *r)
{
	const char *nul = r->len ? memchr(r->line, '\0', r->len) : NULL;
	size_t key_len, value_len;
	const char *key;
	bool is_private;

	r->pos = 0;
	if (nul)
		return set_error(r, nul - r->line, "a NUL byte must be written as \\x00");
	skip_blanks(r);
	if (r->pos == r->len || r->line[r->pos] == '#')
		return true;
	is_private = skip_private(r);
	return read_key(r, &key, &key_len) && read_value(r, &value_len) &&
	       add_entry(r, key, key_len, value_len, is_private);
}

/* Make the line at @at the current one. Return the start of the next line; NULL at the end. */
static const char *next_line(struct reading *r, const char *text, const char *at, const char *end)
{
	const char *newline;

	if (at == end)
		return NULL;
	newline = memchr(at, '\n', end - at);
	r->line = at;
	r->start = at - text;
	r->len = (newline ? newline : end) - at;
	if (r->len && at[r->len - 1] == '\r')
		r->len--;
	r->number++;
	return newline ? newline + 1 : end;
}

static void keep_node(void *node)
{
	(void)node; /* owned by the list */
}

bool format_read(struct format_entries *entries, const char *text, size_t len, format_error_fn *fn,
		 void *arg)
{
	static const char bom[] = "\xef\xbb\xbf";
	struct reading r = { .entries = entries };
	const char *at = text, *end = text + len;
	bool valid = true, go_on = true;

	*entries = (struct format_entries){ 0 };
	if (len >= strlen(bom) && !memcmp(text, bom, strlen(bom)))
		at += strlen(bom);
	r.value = alloc_bytes(len);
	while (go_on && (at = next_line(&r, text, at, end))) {
		if (read_line(&r))
			continue;
		valid = false;
		go_on = fn(&r.error, arg);
	}
	tdestroy(r.keys, keep_node);
	explicit_bzero(r.value, len);
	free(r.value);
	if (entries->count)
		qsort(entries->list, entries->count, sizeof(*entries->list), by_key_in_list);
	return valid;
}

void format_free(struct format_entries *entries)
{
	for (size_t i = 0; i < entries->count; i++)
		entry_free(entries->list[i]);
	free(entries->list);
	*entries = (struct format_entries){ 0 };
}

void format_write_head(FILE *out)
{
	fputs("# kvstore configuration\n", out);
}

void format_write(FILE *out, const struct kv_item *item)
{
	if (item->flags & KV_F_PRIVATE)
		fprintf(out, "%s ", private_word);
	fprintf(out, "%s =%s", item->key, item->value_len ? " " : "");
	escape_write(out, item->value, item->value_len);
}
