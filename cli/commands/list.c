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
	[LIST_KEYS] = { .name = "keys", .help = "print only the keys" },
	[LIST_VALUES] = { .name = "values", .help = "print only the values" },
	[LIST_COUNT] = { .name = "count", .help = "print only the number of keys" },
	[LIST_DECLARED] = { .name = "declared",
			    .help = "list the keys that kernel modules have declared,\nset or not, with the values in effect" },
	[LIST_JSON] = { .name = "json", .letter = 'j', .help = "print a JSON array of objects" },
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
	.summary = "print keys and values; with PREFIX, only matching keys",
	.help = "Prints a line KEY = VALUE for each key, sorted by the bytes of the keys. With\n"
		"PREFIX, only keys that start with it are listed. Nothing is printed if there are\n"
		"none, which is not an error. --keys, --values and --count cannot be combined.\n"
		"\n"
		"In values \\\\ \\\" \\n \\t \\r stand for those bytes. \\xNN stands for a byte of any\n"
		"other control character, of invalid UTF-8, of a character that breaks or\n"
		"reorders lines on a terminal, and for a space at either end. In double quotes,\n"
		"the printed value is a word of a script with the same bytes. A private value\n"
		"that you may not read is printed as (private), and is null in JSON.\n"
		"\n"
		"--json prints objects as from \"get\". With --keys or --values, each object has\n"
		"only that member; --count prints a plain number.\n"
		"\n"
		"With --declared, a key that is not set has its default value and revision 0.\n"
		"\n"
		"A note says so if the store changed during several attempts to read it, so that\n"
		"the listing is not a snapshot.\n"
		"\n"
		"Example:\n"
		"  list net.\n"
		"  list --keys\n",
};
