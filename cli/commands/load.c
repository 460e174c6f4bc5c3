// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * load.c - load: put all entries of a configuration file
 */
#include <errno.h>

#include "commands/commands.h"
#include "config/apply.h"
#include "core/error.h"

enum { LOAD_ATOMIC, LOAD_REPLACE_ALL };

static const struct option_spec load_options[] = {
	[LOAD_ATOMIC] = { .name = "atomic", .help = "put all keys in one transaction, or none" },
	[LOAD_REPLACE_ALL] = { .name = "replace-all",
			       .help = "delete the keys that are not in FILE" },
	OPTIONS_END
};

/* With --replace-all, retry if a key to be deleted is already gone. */
static int load_config(struct call *call, const struct config *config, struct progress *progress)
{
	bool replace = call_option(call, LOAD_REPLACE_ALL);
	struct apply apply = {
		.call = call,
		.config = config,
		.atomic = call_option(call, LOAD_ATOMIC),
		.progress = progress,
	};
	int err = 0, status = STATUS_DONE, tries = 0;

	do {
		struct listing listing = { 0 };
		struct changes changes;

		if (replace)
			err = listing_take(&listing, call->sh->kv, "", LISTING_TRIES, NULL);
		if (err) {
			listing_free(&listing);
			return fail_key(call, NULL, NULL, err);
		}
		changes_all(&changes, replace ? &listing : NULL, &config->entries);
		progress_restart(progress, changes.count);
		err = apply_changes(&apply, &changes);
		if (err && (!apply_is_conflict(err) || ++tries == APPLY_TRIES))
			status = apply_fail(&apply, &changes, err);
		changes_free(&changes);
		listing_free(&listing);
	} while (err && !status);
	return status;
}

static int run_load(struct call *call)
{
	struct progress progress;
	struct config config;
	int status;

	progress_begin(&progress, call, 0);
	status = config_read(&config, call, call->args[0], NULL, false);
	if (!status)
		status = call_open(call);
	if (!status)
		status = load_config(call, &config, &progress);
	config_free(&config);
	return status;
}

const struct command command_load = {
	.name = "load",
	.usage = "FILE",
	.options = load_options,
	.run = run_load,
	.summary = "put all keys and values of FILE",
	.help = "FILE is in the format of kvstore.conf(5); - is standard input. All of FILE is\n"
		"read and checked first. Then its keys are put, overwriting existing values, in\n"
		"as few transactions as possible. Other keys are kept, unless --replace-all is\n"
		"given.\n"
		"\n"
		"If a transaction fails, earlier ones remain, and the message has the number of\n"
		"their changes. With --atomic there is only one transaction; if the changes do\n"
		"not fit in it, the exit status is 7 and nothing is changed.\n"
		"\n"
		"Example:\n"
		"  load /etc/kvstore/site.conf\n"
		"  load --atomic --replace-all /etc/kvstore/site.conf\n",
};
