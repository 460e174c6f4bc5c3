// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sync.c - diff, sync: show or apply the differences between the store and a file
 */
#include <unistd.h>

#include "commands/commands.h"
#include "config/apply.h"
#include "core/error.h"

static int show_differences(struct call *call, const struct config *config)
{
	struct listing listing;
	struct changes changes;
	int status = config_snapshot(&listing, call, config->prefix, NULL);

	if (!status) {
		changes_find(&changes, &listing, &config->entries);
		changes_print(&changes, call->sh->color_out);
		if (changes.count)
			status = STATUS_CONDITION;
		changes_free(&changes);
	}
	listing_free(&listing);
	return status;
}

static void note_result(const struct apply *apply)
{
	struct kvsh *sh = apply->call->sh;

	if (apply->commits > 1)
		note(sh,
		     "%s: the changes did not fit in one transaction; they were made in %zu "
		     "transactions",
		     apply->call->name->text, apply->commits);
	if (isatty(STDERR_FILENO))
		note(sh, "%s: %zu key%s put, %zu deleted", apply->call->name->text, apply->put,
		     apply->put == 1 ? "" : "s", apply->deleted);
}

/* Each try lists the store again; a key that has changed since then ends the try. */
static int sync_store(struct call *call, const struct config *config)
{
	struct progress progress;
	struct apply apply = { .call = call, .config = config, .progress = &progress };
	struct listing listing;
	struct changes changes;
	int err, status;

	progress_begin(&progress, call, 0);
	for (int tries = 1;; tries++) {
		status = config_snapshot(&listing, call, config->prefix, NULL);
		if (status) {
			listing_free(&listing);
			return status;
		}
		changes_find(&changes, &listing, &config->entries);
		progress_restart(&progress, changes.count);
		err = apply_changes(&apply, &changes);
		if (err && (!apply_is_conflict(err) || tries == APPLY_TRIES))
			status = apply_fail(&apply, &changes, err);
		changes_free(&changes);
		listing_free(&listing);
		if (status)
			return status;
		if (!err)
			break;
	}
	note_result(&apply);
	return STATUS_DONE;
}

/* Read the file that the arguments name, and pass it on. */
static int with_config(struct call *call, int (*fn)(struct call *call, const struct config *config))
{
	const struct word *prefix = call->count > 1 ? call->args[1] : NULL;
	struct config config;
	int status = config_read(&config, call, call->args[0], prefix, false);

	if (!status)
		status = fn(call, &config);
	config_free(&config);
	return status;
}

static int run_diff(struct call *call)
{
	return with_config(call, show_differences);
}

static int run_sync(struct call *call)
{
	return with_config(call, sync_store);
}

const struct command command_diff = {
	.name = "diff",
	.usage = "FILE [PREFIX]",
	.run = run_diff,
	.summary = "print what sync would change",
	.help = "A line \"- KEY = VALUE\" is of the store, \"+ KEY = VALUE\" of FILE; private\n"
		"values are shown. Status 0 if there is no difference, 4 if there is one.\n\n"
		"With PREFIX only keys that start with it count, and FILE may hold no others.\n\n"
		"Example:\n"
		"  diff /etc/kvstore/site.conf\n",
};

const struct command command_sync = {
	.name = "sync",
	.usage = "FILE [PREFIX]",
	.run = run_sync,
	.summary = "make the store what FILE says, changing only what differs",
	.help = "Keys that FILE does not have are deleted. It is one transaction where the changes\n"
		"fit, and none where there are no changes. Nobody's change is lost: if the store\n"
		"changes meanwhile, the differences are taken anew.\n\n"
		"With PREFIX only keys that start with it count, and FILE may hold no others.\n\n"
		"Example:\n"
		"  sync /etc/kvstore/site.conf\n"
		"  sync net.conf net.\n",
};
