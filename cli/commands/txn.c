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
	.summary = "begin a transaction, which ends with commit or abort",
	.help = "The lines after txn are only queued. \"commit\" applies them all as one change\n"
		"with one revision, or none of them; \"abort\" discards them. A transaction needs a\n"
		"script or the prompt. \"kvsh --atomic\" runs a whole script as one transaction,\n"
		"which is committed at the end of the script or by \"quit\", and cannot contain\n"
		"txn, commit or abort.\n"
		"\n"
		"put, get, delete, exists and require can be queued; help and quit run at once;\n"
		"other commands and \"delete --prefix\" are refused. Each line sees the effect of\n"
		"the lines before it. get prints its value at commit, and its KEY must exist.\n"
		"\n"
		"Keys and conditions are checked only by \"commit\". If the store refuses a line,\n"
		"nothing is changed, and the message names that line. The exit status is 7 if a\n"
		"transaction, or the reply with the values that it reads, is longer than 65536\n"
		"bytes.\n"
		"\n"
		"In a script, a line that fails prevents the commit, with --keep-going too. At\n"
		"the prompt the line can be entered again, unless it made the transaction too\n"
		"long. A script that ends before commit fails with exit status 2 and changes\n"
		"nothing.\n"
		"\n"
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
	.summary = "apply the transaction: all of it or nothing",
	.help = "This ends the transaction, even if it is refused.\n"
		"\n"
		"Example:\n"
		"  commit\n",
};

const struct command command_abort = {
	.name = "abort",
	.usage = "",
	.run = run_abort,
	.queue = run_abort,
	.summary = "discard the transaction",
	.help = "Example:\n"
		"  abort\n",
};
