// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * table.c - the table of commands
 */
#include <stddef.h>

#include <kv_proto.h>

#include "core/command.h"

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
	{ .name = "if-rev",	.arg = "N", .help = "only if KEY's revision is N" },
	{ .name = "yes",	.letter = 'y', .help = "do not ask" },
	OPTIONS_END
};

static const struct option_spec list_options[] = {
	{ .name = "keys",	.help = "the keys alone" },
	{ .name = "values",	.help = "the values alone" },
	{ .name = "count",	.help = "how many there are" },
	{ .name = "declared",	.help = "the keys that modules have declared, set or not" },
	{ .name = "json",	.letter = 'j', .help = "a JSON array of objects" },
	OPTIONS_END
};

static const struct option_spec describe_options[] = {
	{ .name = "json",	.letter = 'j', .help = "a JSON array of objects" },
	OPTIONS_END
};

static const struct option_spec info_options[] = {
	{ .name = "json",	.letter = 'j', .help = "a JSON object" },
	OPTIONS_END
};

static const struct option_spec require_options[] = {
	{ .name = "absent",	.help = "KEY must not exist" },
	{ .name = "rev",	.arg = "N", .help = "KEY's revision must be N" },
	OPTIONS_END
};

static const struct option_spec watch_options[] = {
	{ .name = "from",	.arg = "REV", .help = "begin with the changes after revision REV" },
	{ .name = "count",	.arg = "N", .help = "end after N changes" },
	{ .name = "timeout",	.arg = "S", .help = "end after S seconds, with status 8" },
	{ .name = "exec",	.arg = "CMD", .help = "print nothing, run CMD for each change" },
	{ .name = "json",	.letter = 'j', .help = "a JSON object for each change" },
	OPTIONS_END
};

static const struct option_spec wait_options[] = {
	{ .name = "timeout",	.arg = "S", .help = "give up after S seconds, with status 8" },
	OPTIONS_END
};

static const struct option_spec seal_options[] = {
	{ .name = "yes",	.letter = 'y', .help = "do not ask" },
	OPTIONS_END
};

static const struct option_spec load_options[] = {
	{ .name = "atomic",	.help = "as one change, or not at all" },
	{ .name = "replace-all", .help = "delete the keys that FILE does not have" },
	OPTIONS_END
};

static const struct option_spec edit_options[] = {
	{ .name = "yes",	.letter = 'y', .help = "do not ask" },
	OPTIONS_END
};

static const struct option_spec no_options[] = {
	OPTIONS_END
};

const struct command commands[] = {
	{
		.name = "put", .aliases = { "set" },
		.usage = "KEY VALUE", .min = 2, .max = 2, .verbatim = 1,
		.options = put_options, .run = cmd_put, .queue = queue_put,
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
"Status 3 if --replace or --if-rev is given and there is no such key; 4 if another\n"
"condition does not hold; 1 if the module that declared KEY refuses VALUE (describe\n"
"KEY tells what it takes).\n"
"\n"
"What is typed as an argument can be seen in the list of processes and in a shell's\n"
"history: give a private value by - or @FILE. The history of kvsh leaves out what\n"
"has --private. Each put sets anew whether the value is private. A script whose commands come\n"
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
		.options = get_options, .run = cmd_get, .queue = queue_get,
		.summary = "print the value of KEY",
		.help =
"Prints the value and a newline. On a terminal what is not plain text is shown\n"
"as in list; elsewhere the bytes are those of the value. With --json a value\n"
"that is not UTF-8 is in base64, and \"encoding\" says so.\n"
"\n"
"Status 3 if there is no such key, also where a module has declared it: a default\n"
"is nothing that is set. list --declared and describe show what is in effect.\n"
"\n"
"Example:\n"
"  get net.eth0.mtu\n"
"  get --rev net.eth0.mtu\n",
	},
	{
		.name = "delete", .aliases = { "del", "rm" },
		.usage = "KEY...", .min = 1, .max = ARGS_ANY,
		.options = delete_options, .run = cmd_delete, .queue = queue_delete,
		.summary = "delete each KEY",
		.help =
"Each KEY is a change of its own. A KEY that cannot be deleted does not keep the\n"
"others; the status is that of the first failure.\n"
"\n"
"With --prefix all keys that start with KEY go at once, or none. On a terminal\n"
"it shows their number and asks, unless --yes is given; a script does not ask.\n"
"Status 3 if there is none. There is no empty prefix, so that a variable that is\n"
"empty by mistake deletes nothing.\n"
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
"With --json, --keys and --values leave only those members in each object. With\n"
"--declared it lists the keys that kernel modules have declared and the values in\n"
"effect, which are the defaults where none are set; describe tells more of them.\n"
"\n"
"Example:\n"
"  list net.\n"
"  list --keys\n",
	},
	{
		.name = "describe", .aliases = { "desc" },
		.usage = "[PREFIX]", .min = 0, .max = 1,
		.options = describe_options, .run = cmd_describe,
		.summary = "explain the keys that kernel modules have declared",
		.help =
"For each key that a kernel module has declared, set or not: KEY = VALUE, with the\n"
"value in effect; what it is; and what it has to be, its default, where the value\n"
"comes from, and the module. The keys are in the order of their bytes; where none\n"
"are declared it prints nothing.\n"
"\n"
"A read-only value is made by the module when it is read. Where a value was set\n"
"before the module came, and the module refused it, the default is in effect.\n"
"\n"
"Example:\n"
"  describe net.\n",
	},
	{
		.name = "exists",
		.usage = "KEY", .min = 1, .max = 1,
		.options = no_options, .run = cmd_exists, .queue = queue_exists,
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
		.name = "require",
		.usage = "KEY", .min = 1, .max = 1,
		.options = require_options, .run = cmd_require, .queue = queue_require,
		.summary = "fail unless KEY exists, or another condition on it holds",
		.help =
"In a transaction it is a condition of the whole. Status 3 where there is no KEY,\n"
"4 where it has another revision or should not be there.\n"
"\n"
"Example:\n"
"  require net.eth0.mtu --rev 17\n",
	},
	{
		.name = "txn",
		.usage = "", .min = 0, .max = 0,
		.options = no_options, .run = cmd_txn,
		.summary = "begin a transaction: the lines up to commit, all or nothing",
		.help =
"put, get, delete, exists and require are kept and not run until commit does them\n"
"all, as one change of one revision, or none of them. Each sees what the lines\n"
"before it did. get prints at commit; its KEY must exist. The message of a commit\n"
"that is refused names the line that the store refused.\n"
"\n"
"In a script, a line that fails keeps the whole transaction from being committed,\n"
"with --keep-going too. A script that ends before commit has failed (2). With\n"
"kvsh --atomic a whole script is one transaction, committed at its end.\n"
"\n"
"Example:\n"
"  txn\n"
"  require net.eth0.up\n"
"  put net.eth0.addr 192.0.2.7/24\n"
"  delete net.eth0.dhcp\n"
"  commit\n",
	},
	{
		.name = "commit",
		.usage = "", .min = 0, .max = 0,
		.options = no_options, .run = cmd_commit, .queue = cmd_commit,
		.summary = "do what the transaction says, all or nothing",
		.help =
"The transaction has ended then, also where it was refused.\n"
"\n"
"Example:\n"
"  commit\n",
	},
	{
		.name = "abort",
		.usage = "", .min = 0, .max = 0,
		.options = no_options, .run = cmd_abort, .queue = cmd_abort,
		.summary = "end the transaction and do nothing of it",
		.help =
"Example:\n"
"  abort\n",
	},
	{
		.name = "watch",
		.usage = "[PREFIX]", .min = 0, .max = 1,
		.options = watch_options, .run = cmd_watch,
		.summary = "print each change, or those of keys that start with PREFIX",
		.help =
"One line per change, as it happens and in order, until Ctrl-C:\n"
"\n"
"  REV put KEY = VALUE     the value as list shows it\n"
"  REV delete KEY\n"
"  REV compacted           changes up to REV were missed: the store keeps only the\n"
"                          last ones. All keys that there are now follow as puts,\n"
"                          each with the revision of its own last change; count\n"
"                          takes them and this line as one change\n"
"\n"
"The lines of one transaction have the same REV. Without --from only what changes\n"
"from now on is told. Status 8 when the time of --timeout is over before --count.\n"
"\n"
"CMD is run by sh, one after the other, with KV_OP (put, delete or compacted),\n"
"KV_REV, KV_KEY and KV_VALUE in its environment. KV_VALUE holds the bytes as they\n"
"are; it is not set where the value holds a NUL byte or you may not read it.\n"
"\n"
"Example:\n"
"  watch net. --count 1 --timeout 60\n"
"  watch net. --exec 'logger \"$KV_KEY is now $KV_VALUE\"'\n",
	},
	{
		.name = "wait",
		.usage = "KEY [VALUE]", .min = 1, .max = 2,
		.options = wait_options, .run = cmd_wait,
		.summary = "wait until KEY exists, or has exactly VALUE",
		.help =
"It ends at once where that is so already; --timeout 0 only looks. Nothing is\n"
"printed; the status is 8 when the time is over. A VALUE that begins with - goes\n"
"after --.\n"
"\n"
"Example:\n"
"  wait net.eth0.state up --timeout 30\n",
	},
	{
		.name = "seal",
		.usage = "", .min = 0, .max = 0,
		.options = seal_options, .run = cmd_seal,
		.summary = "make the store read-only until the module is unloaded",
		.help =
"The store is that of the network namespace kvsh runs in. There is no way back but\n"
"to unload the module, which forgets all that is stored. On a terminal it asks,\n"
"unless --yes is given; a script does not ask. Writes fail with status 5 then.\n"
"\n"
"Example:\n"
"  seal --yes\n",
	},
	{
		.name = "save",
		.usage = "FILE [PREFIX]", .min = 1, .max = 2,
		.options = no_options, .run = cmd_save,
		.summary = "write all keys and values to FILE, or those that start with PREFIX",
		.help =
"FILE has a line KEY = VALUE for each key, private KEY = VALUE where the value is\n"
"private, in the order of the keys' bytes, and nothing else that could change: two\n"
"saves of the same store are the same file. It shows the store as it was at one\n"
"moment, and none but you can read it (mode 0600). An old FILE is replaced when all\n"
"of the new one is on the disk, and else left as it was.\n"
"\n"
"A FILE of - is standard output. Private values that you may not read are an error.\n"
"\n"
"Example:\n"
"  save /etc/kvstore/site.conf\n"
"  save net.conf net.\n",
	},
	{
		.name = "load",
		.usage = "FILE", .min = 1, .max = 1,
		.options = load_options, .run = cmd_load,
		.summary = "put all keys and values of FILE",
		.help =
"FILE is as save writes it; - is standard input. All of it is read and checked\n"
"first. Then its keys are put in as few transactions as they fit, whatever their\n"
"values were; other keys stay, but for --replace-all. With --atomic it is one\n"
"transaction, or the status is 7 and nothing is changed.\n"
"\n"
"Example:\n"
"  load /etc/kvstore/site.conf\n"
"  load --atomic --replace-all /etc/kvstore/site.conf\n",
	},
	{
		.name = "diff",
		.usage = "FILE [PREFIX]", .min = 1, .max = 2,
		.options = no_options, .run = cmd_diff,
		.summary = "print what sync would change",
		.help =
"A line \"- KEY = VALUE\" is of the store, \"+ KEY = VALUE\" of FILE; private\n"
"values are shown. Status 0 if there is no difference, 4 if there is one.\n"
"\n"
"With PREFIX only keys that start with it count, and FILE may hold no others.\n"
"\n"
"Example:\n"
"  diff /etc/kvstore/site.conf\n",
	},
	{
		.name = "sync",
		.usage = "FILE [PREFIX]", .min = 1, .max = 2,
		.options = no_options, .run = cmd_sync,
		.summary = "make the store what FILE says, changing only what differs",
		.help =
"Keys that FILE does not have are deleted. It is one transaction where the changes\n"
"fit, and none where there are no changes. Nobody's change is lost: if the store\n"
"changes meanwhile, the differences are taken anew.\n"
"\n"
"With PREFIX only keys that start with it count, and FILE may hold no others.\n"
"\n"
"Example:\n"
"  sync /etc/kvstore/site.conf\n"
"  sync net.conf net.\n",
	},
	{
		.name = "check",
		.usage = "FILE", .min = 1, .max = 1,
		.options = no_options, .run = cmd_check,
		.summary = "say all that is wrong with FILE",
		.help =
"Syntax, characters and lengths, keys that appear twice, and whether a store with\n"
"the limits of this one would hold it all. Changes nothing and needs no right to.\n"
"Without the module the limits are not checked, which is noted. The status is that\n"
"of the first error.\n"
"\n"
"Example:\n"
"  check /etc/kvstore/site.conf\n",
	},
	{
		.name = "edit",
		.usage = "[PREFIX]", .min = 0, .max = 1,
		.options = edit_options, .run = cmd_edit,
		.summary = "change keys and values in an editor",
		.help =
"The editor is $VISUAL or $EDITOR, or else editor or vi. It gets all keys, or those\n"
"that start with PREFIX, as save writes them. Then the differences are shown, on a\n"
"terminal it asks, and they are made as one change or not at all. If somebody else\n"
"changed the same keys meanwhile the status is 4, and the edited file is kept.\n"
"\n"
"Example:\n"
"  edit net.\n",
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
		.options = no_options, .run = cmd_help, .queue = cmd_help,
		.summary = "list the commands, or explain one",
		.help =
"Example:\n"
"  help put\n",
	},
	{
		.name = "quit", .aliases = { "exit" },
		.usage = "", .min = 0, .max = 0,
		.options = no_options, .run = cmd_quit, .queue = cmd_quit,
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
