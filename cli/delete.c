// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * delete.c - delete: delete keys, or all that start with a prefix
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <kv.h>

#include "command.h"
#include "error.h"

static int count_item(const struct kv_item *item, void *arg)
{
	size_t *count = arg;

	(void)item;
	(*count)++;
	return 0;
}

/* Someone is there to be asked. A script has its answers from its author. */
static bool can_ask(const struct call *call)
{
	return call->sh->way != WAY_SCRIPT && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* The rest of the line is read too, so that it is not taken for the next command. */
static bool is_yes(void)
{
	char answer[8] = "";
	size_t len = 0;
	char c;

	for (;;) {
		if (read(STDIN_FILENO, &c, 1) != 1) {
			/* Ctrl-C or Ctrl-D leave the cursor where it is. */
			fputc('\n', stderr);
			return false;
		}
		if (c == '\n')
			break;
		if (len < sizeof(answer) - 1)
			answer[len++] = c;
	}
	return !strcasecmp(answer, "y") || !strcasecmp(answer, "yes");
}

static int ask(struct call *call, const struct word *prefix)
{
	size_t count = 0;
	int err = kv_list(call->sh->kv, prefix->text, count_item, &count, NULL);

	if (!err && !count)
		err = -ENOENT;
	if (err)
		return fail_key(call, prefix, prefix, err);
	fflush(stdout);
	fprintf(stderr, "delete %zu key%s with \"%s\"? [y/N] ", count,
		count == 1 ? " that starts" : "s that start", prefix->text);
	if (is_yes())
		return STATUS_DONE;
	return fail(call->sh, &prefix->at, STATUS_FAILED, "%s %s: nothing was deleted",
		    call->name->text, prefix->text);
}

static int delete_one(struct call *call, const struct word *key)
{
	bool prefix = call_option(call, "prefix");
	int err, status = STATUS_DONE;

	if (prefix && !call_option(call, "yes") && can_ask(call))
		status = ask(call, key);
	if (status)
		return status;
	err = kv_delete(call->sh->kv, key->text, prefix ? KV_F_PREFIX : 0, 0);
	return err ? fail_key(call, key, key, err) : STATUS_DONE;
}

int cmd_delete(struct call *call)
{
	int first = STATUS_DONE;

	for (size_t i = 0; i < call->count; i++) {
		int status = call_open(call);

		/* Without a store there is no use in going on. */
		if (status)
			return first ? first : status;
		status = delete_one(call, call->args[i]);
		if (!first)
			first = status;
	}
	return first;
}
