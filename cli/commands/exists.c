// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exists.c - exists: tell by the status whether a key exists
 */
#include <errno.h>

#include <kv.h>

#include "core/command.h"
#include "core/error.h"
#include "core/txn.h"

int cmd_exists(struct call *call)
{
	const struct word *key = call->args[0];
	char buf[KV_VALUE_MAX];
	int status = call_open(call);
	ssize_t len;

	if (status)
		return status;
	len = kv_get(call->sh->kv, key->text, buf, sizeof(buf), NULL);
	/* Who may not read a private value is told so only where there is one. */
	if (len >= 0 || len == -EPERM)
		return STATUS_DONE;
	/* The status is the answer, but a script would end for no reason to be seen. */
	if (len == -ENOENT && call->sh->way == WAY_COMMAND)
		return STATUS_NO_KEY;
	return fail_key(call, key, key, len);
}

int queue_exists(struct call *call)
{
	return txn_queue(call, &(struct txn_record){
				       .op = KV_OP_CHECK,
				       .key = call->args[0],
				       .flags = KV_F_REPLACE,
			       });
}
