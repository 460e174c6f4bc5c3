// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * list.c - list: print keys and values
 */
#include <stdio.h>

#include "commands/commands.h"
#include "config/listing.h"
#include "core/color.h"
#include "core/error.h"
#include "core/json.h"

enum { LIST_KEYS, LIST_VALUES, LIST_COUNT, LIST_DECLARED, LIST_JSON };

static const struct option_spec list_options[] = {
	[LIST_KEYS] = { .name = "keys", .help = "the keys alone" },
	[LIST_VALUES] = { .name = "values", .help = "the values alone" },
	[LIST_COUNT] = { .name = "count", .help = "how many there are" },
	[LIST_DECLARED] = { .name = "declared",
			    .help = "the keys that modules have declared, set or not" },
	[LIST_JSON] = { .name = "json", .letter = 'j', .help = "a JSON array of objects" },
	OPTIONS_END
};

static void print_list(const struct call *call, const struct listing *listing)
{
	bool keys = !call_option(call, LIST_VALUES);
	bool values = !call_option(call, LIST_KEYS);
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
			item_print_value(item);
		putchar('\n');
	}
}

static void print_list_json(const struct call *call, const struct listing *listing)
{
	unsigned int members = JSON_KEY | JSON_VALUE | JSON_REST;
	json_t *array = json_array();

	if (call_option(call, LIST_KEYS))
		members = JSON_KEY;
	if (call_option(call, LIST_VALUES))
		members = JSON_VALUE;
	for (size_t i = 0; i < listing->count; i++) {
		const struct kv_item *item = &listing->list[i];

		json_array_append_new(array, json_item(item, members));
	}
	json_print(array);
}

static int check_options(struct call *call)
{
	int status = call_exclusive(call, LIST_KEYS, LIST_VALUES);

	if (!status)
		status = call_exclusive(call, LIST_KEYS, LIST_COUNT);
	if (!status)
		status = call_exclusive(call, LIST_VALUES, LIST_COUNT);
	return status;
}

static int run_list(struct call *call)
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

	err = call_option(call, LIST_DECLARED) ?
		      listing_declared(&listing, call->sh->kv, start) :
		      listing_take(&listing, call->sh->kv, start, LISTING_TRIES, NULL);
	if (err)
		status = fail_key(call, prefix, prefix, err);
	else if (call_option(call, LIST_COUNT))
		printf("%zu\n", listing.count);
	else if (call->sh->json || call_option(call, LIST_JSON))
		print_list_json(call, &listing);
	else
		print_list(call, &listing);
	if (!err && !listing.is_snapshot)
		note(call->sh, "the store changed while it was listed: this is not a snapshot");
	listing_free(&listing);
	return status;
}

const struct command command_list = {
	.name = "list",
	.aliases = { "ls" },
	.usage = "[PREFIX]",
	.options = list_options,
	.run = run_list,
	.summary = "print all keys and values, or those whose key starts with PREFIX",
	.help = "One line per key, KEY = VALUE, in the order of the keys' bytes. A private value\n"
		"that you may not read is shown as (private). A list of nothing is empty, which\n"
		"is no error.\n\n"
		"Values show \\\\ \\\" \\n \\t \\r for those bytes and \\xNN for other control\n"
		"characters, for what is not UTF-8 and for a space at either end: between double\n"
		"quotes, what is shown is the value again.\n\n"
		"With --json, --keys and --values leave only those members in each object. With\n"
		"--declared it lists the keys that kernel modules have declared and the values in\n"
		"effect, which are the defaults where none are set; describe tells more of them.\n\n"
		"Example:\n"
		"  list net.\n"
		"  list --keys\n",
};
