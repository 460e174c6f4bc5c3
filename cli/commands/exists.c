// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exists.c - exists: report by the status whether a key exists
 */
#include <errno.h>

#include <kv.h>

#include "commands/commands.h"
#include "core/error.h"
#include "core/txn.h"

static int run_exists(struct call *call)
{
	const struct word *key = call->args[0];
	char buf[KV_VALUE_MAX];
	int status = call_open(call);
	ssize_t len;

	if (status)
		return status;
	len = kv_get(call->sh->kv, key->text, buf, sizeof(buf), NULL);
	/* -EPERM: the key exists, and its value is private. */
	if (len >= 0 || len == -EPERM)
		return STATUS_DONE;
	/* A single command prints nothing; a script that ends here needs a message. */
	if (len == -ENOENT && call->sh->mode == MODE_COMMAND)
		return STATUS_NO_KEY;
	return fail_key(call, key, key, len);
}

static int queue_exists(struct call *call)
{
	return txn_queue(call, &(struct txn_record){
				       .op = KV_OP_CHECK,
				       .key = call->args[0],
				       .flags = KV_F_REPLACE,
			       });
}

const struct command command_exists = {
	.name = "exists",
	.usage = "KEY",
	.run = run_exists,
	.queue = queue_exists,
	.summary = "report by the exit status whether KEY exists",
	.help = "The exit status is 0 if KEY exists and 3 if it does not. A missing key ends a\n"
		"script, as any failure does. A single command prints nothing; in a script and\n"
		"at the prompt, a message reports a missing key. A private key whose value you\n"
		"may not read exists.\n"
		"\n"
		"Example:\n"
		"  exists net.eth0.mtu\n",
};
