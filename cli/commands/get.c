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

#include "commands/get.h"
#include "core/command.h"
#include "core/declared.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/json.h"
#include "core/txn.h"

static void print_text(const struct kv_item *item, unsigned int form)
{
	bool raw = form & GET_RAW;

	if (form & GET_REV)
		printf("%" PRIu64 "\t", item->rev);
	if (!raw && isatty(STDOUT_FILENO))
		escape_write(stdout, item->value, item->value_len);
	else
		fwrite(item->value, 1, item->value_len, stdout);
	if (!raw)
		putchar('\n');
}

void get_print(const struct kv_item *item, unsigned int form)
{
	if (form & GET_JSON)
		json_print(json_item(item, JSON_KEY | JSON_VALUE | JSON_REST));
	else
		print_text(item, form);
}

static unsigned int get_form(const struct call *call)
{
	return (call_option(call, "raw") ? GET_RAW : 0) | (call_option(call, "rev") ? GET_REV : 0) |
	       (call->sh->json || call_option(call, "json") ? GET_JSON : 0);
}

static int fail_unset(const struct kv_param *param, void *arg)
{
	struct call *call = arg;
	const struct word *key = call->args[0];
	char shown[ESCAPE_SHORT], module[ESCAPE_SHORT];

	escape_short(shown, param->fallback, strlen(param->fallback));
	escape_short(module, param->module, strlen(param->module));
	return fail(call->sh, &key->at, STATUS_NO_KEY,
		    "%s %s: %s; it is declared by %s, with the default %s", call->name->text,
		    key->text, kv_strerror(-ENOENT), module, *shown ? shown : "\"\"");
}

/* What is declared has a value all the same, though nobody has set it. */
static int fail_get(struct call *call, int err)
{
	const struct word *key = call->args[0];
	int status = err == -ENOENT ? declared_one(call->sh->kv, key->text, fail_unset, call) : 0;

	return status > 0 ? status : fail_key(call, key, key, err);
}

int cmd_get(struct call *call)
{
	const struct word *key = call->args[0];
	char buf[KV_VALUE_MAX + 1];
	struct kv_item item;
	ssize_t len;
	int status;

	status = call_exclusive(call, "raw", "json");
	if (!status)
		status = call_open(call);
	if (status)
		return status;
	len = kv_get(call->sh->kv, key->text, buf, sizeof(buf), &item);
	if (len < 0)
		return fail_get(call, len);
	get_print(&item, get_form(call));
	return STATUS_DONE;
}

int queue_get(struct call *call)
{
	int status = call_exclusive(call, "raw", "json");

	if (status)
		return status;
	return txn_queue(call, &(struct txn_record){
				       .op = KV_OP_GET,
				       .key = call->args[0],
				       .form = get_form(call),
			       });
}
