// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * delete.c - delete: delete keys, or all keys that start with a prefix
 */
#include <errno.h>
#include <stdlib.h>

#include <kv.h>

#include "commands/commands.h"
#include "core/error.h"
#include "core/txn.h"
#include "terminal/ask.h"

enum { DELETE_PREFIX, DELETE_IF_REV, DELETE_YES };

static const struct option_spec delete_options[] = {
	[DELETE_PREFIX] = { .name = "prefix", .help = "delete every key that starts with KEY" },
	[DELETE_IF_REV] = { .name = "if-rev",
			    .arg = "N",
			    .help = "only if KEY's revision is N (else status 4,\nor 3 if there is no KEY)" },
	[DELETE_YES] = { .name = "yes", .letter = 'y', .help = "do not ask" },
	OPTIONS_END
};

static int count_item(const struct kv_item *item, void *arg)
{
	size_t *count = arg;

	(void)item;
	(*count)++;
	return 0;
}

/* A refused prefix: the reason does not name the key, so kvsh cannot name its module. */
static int fail_refused(struct call *call, const struct word *prefix)
{
	char *reason = error_text(call->sh, -EDOM, NULL);
	int status = fail(call->sh, &prefix->at, status_of(-EDOM), "%s %s: %s; nothing was deleted",
			  call->name->text, prefix->text, reason);

	free(reason);
	return status;
}

static int fail_delete(struct call *call, const struct word *key, bool prefix, int err)
{
	if (prefix && err == -EDOM)
		return fail_refused(call, key);
	if (prefix && err == -ENOENT)
		return fail(call->sh, &key->at, status_of(err),
			    "%s %s: no key starts with this prefix", call->name->text, key->text);
	return fail_key(call, key, key, err);
}

static int ask_prefix(struct call *call, const struct word *prefix)
{
	size_t count = 0;
	int err = kv_list(call->sh->kv, prefix->text, count_item, &count, NULL);

	if (!err && !count)
		err = -ENOENT;
	if (err)
		return fail_delete(call, prefix, true, err);
	if (ask_yes("delete %zu key%s with \"%s\"", count,
		    count == 1 ? " that starts" : "s that start", prefix->text))
		return STATUS_DONE;
	return fail(call->sh, &prefix->at, STATUS_FAILED, "%s %s: nothing was deleted",
		    call->name->text, prefix->text);
}

static int parse_revision(struct call *call, unsigned int *flags, uint64_t *rev)
{
	const struct option_given *given = call_option(call, DELETE_IF_REV);
	int status = call_exclusive(call, DELETE_PREFIX, DELETE_IF_REV);

	*flags = given ? KV_F_IF_REV : 0;
	if (!status)
		status = call_revision(call, DELETE_IF_REV, rev);
	if (status || !given || call->count == 1)
		return status;
	return fail(call->sh, &call->args[1]->at, STATUS_USAGE, "%s: --if-rev takes only one KEY",
		    call->name->text);
}

static int delete_one(struct call *call, const struct word *key, unsigned int flags, uint64_t rev)
{
	bool prefix = call_option(call, DELETE_PREFIX);
	int err, status = STATUS_DONE;

	if (prefix && !call_option(call, DELETE_YES) && ask_possible(call))
		status = ask_prefix(call, key);
	if (status)
		return status;
	err = kv_delete(call->sh->kv, key->text, prefix ? KV_F_PREFIX : flags, rev);
	return err ? fail_delete(call, key, prefix, err) : STATUS_DONE;
}

static int run_delete(struct call *call)
{
	unsigned int flags;
	uint64_t rev;
	int first = parse_revision(call, &flags, &rev);

	if (first)
		return first;
	for (size_t i = 0; i < call->count; i++) {
		int status = call_open(call);

		/* Without a store, the other keys would fail in the same way. */
		if (status)
			return first ? first : status;
		status = delete_one(call, call->args[i], flags, rev);
		if (!first)
			first = status;
	}
	return first;
}

static int queue_delete(struct call *call)
{
	const struct option_given *prefix = call_option(call, DELETE_PREFIX);
	unsigned int flags;
	uint64_t rev;
	int status = parse_revision(call, &flags, &rev);

	if (!status && prefix)
		status = fail(call->sh, &prefix->word->at, STATUS_USAGE,
			      "%s: --prefix cannot be part of a transaction", call->name->text);
	/* Check before queueing: a line is queued as a whole or not at all. */
	for (size_t i = 0; i < call->count && !status; i++)
		if (call->args[i]->len > KV_KEY_MAX)
			status = fail_key(call, call->args[i], call->args[i], -ENAMETOOLONG);
	for (size_t i = 0; i < call->count && !status; i++)
		status = txn_queue(call, &(struct txn_record){
						 .op = KV_OP_DELETE,
						 .key = call->args[i],
						 .flags = flags,
						 .rev = rev,
					 });
	return status;
}

const struct command command_delete = {
	.name = "delete",
	.aliases = { "del", "rm" },
	.usage = "KEY...",
	.options = delete_options,
	.run = run_delete,
	.queue = queue_delete,
	.summary = "delete each KEY",
	.help = "Each KEY is deleted by a change of its own. If a KEY cannot be deleted, the\n"
		"others still are; the exit status is that of the first failure.\n"
		"\n"
		"With --prefix, all keys that start with KEY are deleted by one change, or none\n"
		"of them. KEY cannot be empty then, so that an empty variable in a shell script\n"
		"does not delete everything. On a terminal kvsh shows the number of keys and\n"
		"asks, unless --yes is given; a script is not asked. The exit status is 3 if no\n"
		"key starts with KEY. --prefix cannot be used in a transaction.\n"
		"\n"
		"--if-rev takes only one KEY and cannot be combined with --prefix.\n"
		"\n"
		"Example:\n"
		"  delete net.eth0.mtu\n"
		"  delete --prefix net.eth0.\n",
};
