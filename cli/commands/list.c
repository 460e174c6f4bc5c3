// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * list.c - list: print the keys and values
 */
#include <stdio.h>

#include "config/listing.h"
#include "core/command.h"
#include "core/error.h"
#include "core/json.h"
#include "core/output.h"

static void print_text(const struct call *call, const struct listing *listing)
{
	bool keys = !call_option(call, "values");
	bool values = !call_option(call, "keys");
	bool color = call->sh->color_out;

	for (size_t i = 0; i < listing->count; i++) {
		const struct kv_item *item = &listing->list[i];

		if (keys) {
			color_begin(stdout, color, COLOR_KEY);
			fputs(item->key, stdout);
			color_end(stdout, color);
		}
		if (keys && values)
			fputs(" = ", stdout);
		if (values)
			item_print_value(item, listing_is_hidden(listing, item));
		putchar('\n');
	}
}

static void print_json(const struct call *call, const struct listing *listing)
{
	unsigned int members = JSON_KEY | JSON_VALUE | JSON_REST;
	json_t *array = json_array();

	if (call_option(call, "keys"))
		members = JSON_KEY;
	if (call_option(call, "values"))
		members = JSON_VALUE;
	for (size_t i = 0; i < listing->count; i++) {
		const struct kv_item *item = &listing->list[i];
		bool is_hidden = listing_is_hidden(listing, item);

		json_array_append_new(array,
				      json_item(item, members | (is_hidden ? JSON_UNREADABLE : 0)));
	}
	json_print(array);
}

static int check_options(struct call *call)
{
	int status = call_exclusive(call, "keys", "values");

	if (!status)
		status = call_exclusive(call, "keys", "count");
	if (!status)
		status = call_exclusive(call, "values", "count");
	return status;
}

int cmd_list(struct call *call)
{
	const struct word *prefix = call->count ? call->args[0] : NULL;
	const char *start = prefix ? prefix->text : "";
	struct listing listing;
	int err, status;

	status = check_options(call);
	if (!status)
		status = call_open(call);
	if (status)
		return status;

	err = call_option(call, "declared") ? listing_declared(&listing, call->sh->kv, start) :
					      listing_take(&listing, call->sh->kv, start);
	if (err)
		status = fail_key(call, prefix, prefix, err);
	else if (call_option(call, "count"))
		printf("%zu\n", listing.count);
	else if (call->sh->json || call_option(call, "json"))
		print_json(call, &listing);
	else
		print_text(call, &listing);
	if (!err && !listing.is_snapshot)
		note(call->sh, "the store changed while it was listed: this is not how it was at "
			       "any one moment");
	listing_free(&listing);
	return status;
}
