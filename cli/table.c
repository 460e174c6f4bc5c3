// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * table.c - the table of commands
 */
#include <stddef.h>

#include <kv_proto.h>

#include "command.h"

/* A limit of <kv_proto.h> as text. */
#define TEXT(number) TEXT_(number)
#define TEXT_(number) #number

/* clang-format off */
static const struct option_spec put_options[] = {
	{ .name = "create",	.help = "only if KEY does not exist" },
	{ .name = "replace",	.help = "only if KEY exists" },
	{ .name = "if-rev",	.arg = "N", .help = "only if KEY's revision is N" },
	{ .name = "private",	.secret = true,
				.help = "let only those read VALUE who may change it" },
	{ .name = "literal",	.letter = 'l', .help = "take VALUE as it is, - and @ included" },
	OPTIONS_END
};

static const struct option_spec get_options[] = {
	{ .name = "raw",	.letter = 'r', .help = "the exact bytes and no newline" },
	{ .name = "rev",	.help = "the revision of KEY and a tab before the value" },
	{ .name = "json",	.letter = 'j', .help = "a JSON object" },
	OPTIONS_END
};

static const struct option_spec delete_options[] = {
	{ .name = "prefix",	.help = "every key that starts with KEY, as one change" },
	{ .name = "yes",	.letter = 'y', .help = "do not ask" },
	OPTIONS_END
};

static const struct option_spec list_options[] = {
	{ .name = "keys",	.help = "the keys alone" },
	{ .name = "values",	.help = "the values alone" },
	{ .name = "count",	.help = "how many there are" },
	{ .name = "json",	.letter = 'j', .help = "a JSON array of objects" },
	OPTIONS_END
};

static const struct option_spec info_options[] = {
	{ .name = "json",	.letter = 'j', .help = "a JSON object" },
	OPTIONS_END
};

static const struct option_spec no_options[] = {
	OPTIONS_END
};

const struct command commands[] = {
	{
		.name = "put", .aliases = { "set" },
		.usage = "KEY VALUE", .min = 2, .max = 2, .verbatim = 1,
		.options = put_options, .run = cmd_put,
		.summary = "store VALUE under KEY",
		.help =
"A KEY is 1 to " TEXT(KV_KEY_MAX) " bytes of A-Z a-z 0-9 _ . : / @ + -, a VALUE up to "
TEXT(KV_VALUE_MAX) " bytes\n"
"of any kind. A VALUE of - is all of standard input, one of @FILE the contents\n"
"of that file, both to the last byte; in a script a quoted '-' or '@x' stands\n"
"for itself, and so does everything with --literal.\n"
"\n"
"The word after KEY is VALUE, whatever it looks like: put temp -5. Options stand\n"
"before KEY or after VALUE.\n"
"\n"
"Each put sets anew whether the value is private. A script whose commands come\n"
"from standard input cannot use - as a VALUE, and standard input can be read once.\n"
"\n"
"Example:\n"
"  put net.eth0.mtu 1500\n"
"  put web.cert @/etc/web/cert.pem\n"
"  put lock.owner host7 --create\n",
	},
	{
		.name = "get",
		.usage = "KEY", .min = 1, .max = 1,
		.options = get_options, .run = cmd_get,
		.summary = "print the value of KEY",
		.help =
"Prints the value and a newline. On a terminal what is not plain text is shown\n"
"as in list; elsewhere the bytes are those of the value. With --json a value\n"
"that is not UTF-8 is in base64, and \"encoding\" says so.\n"
"\n"
"Example:\n"
"  get net.eth0.mtu\n"
"  get --rev net.eth0.mtu\n",
	},
	{
		.name = "delete", .aliases = { "del", "rm" },
		.usage = "KEY...", .min = 1, .max = ARGS_ANY,
		.options = delete_options, .run = cmd_delete,
		.summary = "delete each KEY",
		.help =
"Each KEY is a change of its own. A KEY that cannot be deleted does not keep the\n"
"others; the status is that of the first failure.\n"
"\n"
"With --prefix all keys that start with KEY go at once, or none. On a terminal\n"
"it shows their number and asks, unless --yes is given; a script does not ask.\n"
"\n"
"Example:\n"
"  delete net.eth0.mtu\n"
"  delete --prefix net.eth0.\n",
	},
	{
		.name = "list", .aliases = { "ls" },
		.usage = "[PREFIX]", .min = 0, .max = 1,
		.options = list_options, .run = cmd_list,
		.summary = "print all keys and values, or those whose key starts with PREFIX",
		.help =
"One line per key, KEY = VALUE, in the order of the keys' bytes. A private value\n"
"that you may not read is shown as (private). A list of nothing is empty, which\n"
"is no error.\n"
"\n"
"Values show \\\\ \\\" \\n \\t \\r for those bytes and \\xNN for other control\n"
"characters, for what is not UTF-8 and for a space at either end: between double\n"
"quotes, what is shown is the value again.\n"
"\n"
"With --json, --keys and --values leave only those members in each object.\n"
"\n"
"Example:\n"
"  list net.\n"
"  list --keys\n",
	},
	{
		.name = "exists",
		.usage = "KEY", .min = 1, .max = 1,
		.options = no_options, .run = cmd_exists,
		.summary = "tell by the status whether KEY exists",
		.help =
"Status 0 if it does, 3 if not. As a single command it prints nothing; in a\n"
"script, which would end there, and at the prompt it says that there is no such\n"
"key. A private key that you may not read exists.\n"
"\n"
"Example:\n"
"  exists net.eth0.mtu\n",
	},
	{
		.name = "info",
		.usage = "", .min = 0, .max = 0,
		.options = info_options, .run = cmd_info,
		.summary = "print what the store holds and its limits",
		.help =
"The store is that of the network namespace kvsh runs in.\n"
"\n"
"Example:\n"
"  info --json\n",
	},
	{
		.name = "help",
		.usage = "[COMMAND]", .min = 0, .max = 1,
		.options = no_options, .run = cmd_help,
		.summary = "list the commands, or explain one",
		.help =
"Example:\n"
"  help put\n",
	},
	{
		.name = "quit", .aliases = { "exit" },
		.usage = "", .min = 0, .max = 0,
		.options = no_options, .run = cmd_quit,
		.summary = "end the shell, or the script",
		.help =
"A script ends with status 0, or with that of the first failure if it was told\n"
"to keep going.\n"
"\n"
"Example:\n"
"  quit\n",
	},
	{ .name = NULL },
};
/* clang-format on */
