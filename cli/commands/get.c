// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * get.c - get: print the value of a key
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <kv.h>

#include "commands/commands.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/json.h"
#include "core/store.h"
#include "core/txn.h"

enum { GET_RAW, GET_REV, GET_JSON };

static const struct option_spec get_options[] = {
	[GET_RAW] = { .name = "raw", .letter = 'r', .help = "print the exact bytes and no newline" },
	[GET_REV] = { .name = "rev", .help = "print the revision and a tab before the value" },
	[GET_JSON] = { .name = "json", .letter = 'j', .help = "print a JSON object" },
	OPTIONS_END
};

/* How to print a value, at once or when a transaction is committed: flags. */
enum form {
	FORM_RAW = 1 << 0,
	FORM_REV = 1 << 1,
	FORM_JSON = 1 << 2,
};

static void print_bytes(const struct kv_item *item, unsigned int form)
{
	bool raw = form & FORM_RAW;

	if (form & FORM_REV)
		printf("%" PRIu64 "\t", item->rev);
	if (!raw && isatty(STDOUT_FILENO))
		escape_write(stdout, item->value, item->value_len);
	else
		fwrite(item->value, 1, item->value_len, stdout);
	if (!raw)
		putchar('\n');
}

static void print_value(const struct kv_item *item, unsigned int form)
{
	if (form & FORM_JSON)
		json_print(json_item(item, JSON_KEY | JSON_VALUE | JSON_REST));
	else
		print_bytes(item, form);
}

static unsigned int get_form(const struct call *call)
{
	return (call_option(call, GET_RAW) ? FORM_RAW : 0) |
	       (call_option(call, GET_REV) ? FORM_REV : 0) |
	       (call->sh->json || call_option(call, GET_JSON) ? FORM_JSON : 0);
}

static int fail_unset(const struct kv_param *param, void *arg)
{
	struct call *call = arg;
	const struct word *key = call->args[0];
	char shown[ESCAPE_SHORT], module[ESCAPE_SHORT];

	escape_short(shown, param->fallback, strlen(param->fallback));
	escape_short(module, param->module, strlen(param->module));
	return fail(call->sh, &key->at, STATUS_NO_KEY,
		    "%s %s: the key is not set; its default is %s (module %s)", call->name->text,
		    key->text, *shown ? shown : "\"\"", module);
}

/* A declared key that is not set has a default: mention it. */
static int fail_get(struct call *call, int err)
{
	const struct word *key = call->args[0];
	int status = err == -ENOENT ? declared_one(call->sh->kv, key->text, fail_unset, call) : 0;

	return status > 0 ? status : fail_key(call, key, key, err);
}

static int run_get(struct call *call)
{
	const struct word *key = call->args[0];
	char buf[KV_VALUE_MAX + 1];
	struct kv_item item;
	ssize_t len;
	int status;

	status = call_exclusive(call, GET_RAW, GET_JSON);
	if (!status)
		status = call_open(call);
	if (status)
		return status;
	len = kv_get(call->sh->kv, key->text, buf, sizeof(buf), &item);
	if (len < 0)
		return fail_get(call, len);
	print_value(&item, get_form(call));
	return STATUS_DONE;
}

static int queue_get(struct call *call)
{
	int status = call_exclusive(call, GET_RAW, GET_JSON);

	if (status)
		return status;
	return txn_queue(call, &(struct txn_record){
				       .op = KV_OP_GET,
				       .key = call->args[0],
				       .print = print_value,
				       .form = get_form(call),
			       });
}

const struct command command_get = {
	.name = "get",
	.usage = "KEY",
	.options = get_options,
	.run = run_get,
	.queue = queue_get,
	.summary = "print the value of KEY",
	.help = "Prints the value and a newline. On a terminal, the value is escaped as in\n"
		"\"list\"; elsewhere its bytes are not changed.\n"
		"\n"
		"The JSON object has the members key, value, rev (a string) and private. A value\n"
		"that is not UTF-8 is in base64, and a member encoding says so. A member declared\n"
		"is true if a kernel module has declared the key, and missing otherwise. --json\n"
		"cannot be combined with --raw.\n"
		"\n"
		"The exit status is 3 if KEY is not set, even if a kernel module has declared it\n"
		"with a default; the message then shows the default. \"list --declared\" and\n"
		"\"describe\" show the values in effect. A read-only key, whose value a kernel\n"
		"module computes, can be read outside of transactions only.\n"
		"\n"
		"Example:\n"
		"  get net.eth0.mtu\n"
		"  get --rev net.eth0.mtu\n",
};
