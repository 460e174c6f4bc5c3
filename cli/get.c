// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * get.c - get: print the value of a key
 */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include <kv.h>

#include "command.h"
#include "error.h"
#include "escape.h"
#include "json.h"

static void print_value(const struct call *call, const struct kv_item *item)
{
	bool raw = call_option(call, "raw");

	if (call_option(call, "rev"))
		printf("%" PRIu64 "\t", item->rev);
	if (!raw && isatty(STDOUT_FILENO))
		escape_write(stdout, item->value, item->value_len);
	else
		fwrite(item->value, 1, item->value_len, stdout);
	if (!raw)
		putchar('\n');
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
		return fail_key(call, key, key, len);
	if (call->sh->json || call_option(call, "json"))
		json_print(json_item(&item, JSON_KEY | JSON_VALUE | JSON_REST));
	else
		print_value(call, &item);
	return STATUS_DONE;
}
