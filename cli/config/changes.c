// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * changes.c - the differences between the store and a configuration file
 */
#include <stdlib.h>
#include <string.h>

#include "config/changes.h"
#include "core/alloc.h"
#include "core/color.h"

static bool is_same(const struct kv_item *one, const struct kv_item *other)
{
	return one->value_len == other->value_len &&
	       (one->flags & KV_F_PRIVATE) == (other->flags & KV_F_PRIVATE) &&
	       !memcmp(one->value, other->value, one->value_len);
}

static void add_change(struct changes *changes, const struct kv_item *old,
		       const struct format_entry *new)
{
	changes->list[changes->count++] = (struct change){ old, new };
	changes->deleted += !new;
}

/* Merge two lists that are in the same order. */
static void merge_lists(struct changes *changes, const struct listing *listing,
			const struct format_entries *entries, bool skip_same)
{
	size_t i = 0, j = 0;

	changes->list = alloc_zeroed(listing->count + entries->count, sizeof(*changes->list));
	while (i < listing->count || j < entries->count) {
		const struct kv_item *old = i < listing->count ? &listing->list[i] : NULL;
		const struct format_entry *new = j < entries->count ? entries->list[j] : NULL;
		int order = !old ? 1 : !new ? -1 : strcmp(old->key, new->item.key);

		i += order <= 0;
		j += order >= 0;
		if (order)
			add_change(changes, order < 0 ? old : NULL, order < 0 ? NULL : new);
		else if (!skip_same || !is_same(old, &new->item))
			add_change(changes, old, new);
	}
}

void changes_find(struct changes *changes, const struct listing *listing,
		  const struct format_entries *entries)
{
	*changes = (struct changes){ .conditional = true };
	merge_lists(changes, listing, entries, true);
}

void changes_all(struct changes *changes, const struct listing *listing,
		 const struct format_entries *entries)
{
	const struct listing nothing = { 0 };

	*changes = (struct changes){ 0 };
	merge_lists(changes, listing ? listing : &nothing, entries, false);
}

const char *changes_key(const struct change *change)
{
	return change->new ? change->new->item.key : change->old->key;
}

static void print_change(char sign, const struct kv_item *item, bool color)
{
	color_begin(stdout, color, sign == '+' ? COLOR_ADDED : COLOR_REMOVED);
	printf("%c ", sign);
	format_write(stdout, item);
	color_end(stdout, color);
	putchar('\n');
}

void changes_print(const struct changes *changes, bool color)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->list[i];

		if (change->old)
			print_change('-', change->old, color);
		if (change->new)
			print_change('+', &change->new->item, color);
	}
}

void changes_free(struct changes *changes)
{
	free(changes->list);
	*changes = (struct changes){ 0 };
}
