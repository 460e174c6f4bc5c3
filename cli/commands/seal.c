// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * seal.c - seal: make the store read-only
 */
#include <kv.h>

#include "commands/commands.h"
#include "core/error.h"
#include "terminal/ask.h"

enum { SEAL_YES };

static const struct option_spec seal_options[] = {
	[SEAL_YES] = { .name = "yes", .letter = 'y', .help = "do not ask" },
	OPTIONS_END
};

static int run_seal(struct call *call)
{
	int err, status = call_open(call);

	if (status)
		return status;
	if (!call_option(call, SEAL_YES) && ask_possible(call) &&
	    !ask_yes("make the store read-only until the module is unloaded"))
		return fail(call->sh, &call->name->at, STATUS_FAILED,
			    "%s: the store was not sealed", call->name->text);
	err = kv_seal(call->sh->kv);
	return err ? fail_key(call, NULL, NULL, err) : STATUS_DONE;
}

const struct command command_seal = {
	.name = "seal",
	.usage = "",
	.options = seal_options,
	.run = run_seal,
	.summary = "make the store read-only until the module is unloaded",
	.help = "This affects the store of the network namespace that kvsh uses. The only way to\n"
		"undo it is to unload the module, which discards all keys. On a terminal kvsh\n"
		"asks, unless --yes is given; a script is not asked. Writes to a sealed store\n"
		"fail with exit status 5.\n"
		"\n"
		"Example:\n"
		"  seal --yes\n",
};
