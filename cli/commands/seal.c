// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * seal.c - seal: make the store read-only
 */
#include <kv.h>

#include "core/command.h"
#include "core/error.h"
#include "terminal/ask.h"

int cmd_seal(struct call *call)
{
	int err, status = call_open(call);

	if (status)
		return status;
	if (!call_option(call, "yes") && ask_possible(call) &&
	    !ask_yes("let nobody change the store any more, until the module is unloaded"))
		return fail(call->sh, &call->name->at, STATUS_FAILED, "%s: it was not sealed",
			    call->name->text);
	err = kv_seal(call->sh->kv);
	return err ? fail_key(call, NULL, NULL, err) : STATUS_DONE;
}
