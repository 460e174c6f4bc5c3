// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * txn.c - txn, commit, abort: begin and end a transaction
 */
#include "commands/commands.h"
#include "core/error.h"
#include "core/txn.h"

static int run_txn(struct call *call)
{
	if (call->sh->mode == MODE_COMMAND)
		return fail(call->sh, NULL, STATUS_USAGE,
			    "txn: a transaction needs a script or the prompt; \"kvsh --atomic\" "
			    "runs a whole script as one transaction");
	txn_begin(call->sh, &call->name->at);
	return STATUS_DONE;
}

/* Check that there is a transaction that a command can end; an enum status. */
static int check_end(struct call *call)
{
	struct kvsh *sh = call->sh;

	if (!sh->txn)
		return fail(sh, &call->name->at, STATUS_USAGE,
			    "%s: there is no transaction; \"txn\" begins one", call->name->text);
	return sh->atomic ? txn_refuse(call) : STATUS_DONE;
}

static int run_commit(struct call *call)
{
	int status = check_end(call);

	return status ? status : txn_commit(call->sh, call->name);
}

static int run_abort(struct call *call)
{
	int status = check_end(call);

	if (!status)
		txn_drop(call->sh);
	return status;
}

const struct command command_txn = {
	.name = "txn",
	.usage = "",
	.run = run_txn,
	.summary = "begin a transaction: the lines up to commit, all or nothing",
	.help = "put, get, delete, exists and require are kept and not run until commit does them\n"
		"all, as one change of one revision, or none of them. Each sees what the lines\n"
		"before it did. get prints at commit; its KEY must exist. The message of a commit\n"
		"that is refused names the line that the store refused.\n\n"
		"In a script, a line that fails keeps the whole transaction from being committed,\n"
		"with --keep-going too. A script that ends before commit has failed (2). With\n"
		"kvsh --atomic a whole script is one transaction, committed at its end.\n\n"
		"Example:\n"
		"  txn\n"
		"  require net.eth0.up\n"
		"  put net.eth0.addr 192.0.2.7/24\n"
		"  delete net.eth0.dhcp\n"
		"  commit\n",
};

const struct command command_commit = {
	.name = "commit",
	.usage = "",
	.run = run_commit,
	.queue = run_commit,
	.summary = "do what the transaction says, all or nothing",
	.help = "The transaction has ended then, also where it was refused.\n\n"
		"Example:\n"
		"  commit\n",
};

const struct command command_abort = {
	.name = "abort",
	.usage = "",
	.run = run_abort,
	.queue = run_abort,
	.summary = "end the transaction and do nothing of it",
	.help = "Example:\n"
		"  abort\n",
};
