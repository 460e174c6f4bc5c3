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
	.summary = "print the changes that sync would make",
	.help = "A line \"- KEY = VALUE\" is in the store, a line \"+ KEY = VALUE\" in FILE, which is\n"
		"in the format of kvstore.conf(5); - is standard input. Private values are shown.\n"
		"With PREFIX, only keys that start with it are compared, and FILE cannot contain\n"
		"others.\n"
		"\n"
		"The exit status is 0 if there is no difference and 4 if there is one.\n"
		"\n"
		"Example:\n"
		"  diff /etc/kvstore/site.conf\n",
};

const struct command command_sync = {
	.name = "sync",
	.usage = "FILE [PREFIX]",
	.run = run_sync,
	.summary = "change the store to match FILE",
	.help = "Puts the keys of FILE that are missing in the store or differ there, and deletes\n"
		"keys that are not in FILE. FILE is in the format of kvstore.conf(5); - is\n"
		"standard input. With PREFIX, only keys that start with it are changed, and FILE\n"
		"cannot contain others.\n"
		"\n"
		"The changes are made in one transaction if they fit, and else in several, which\n"
		"a note reports. If there are no differences, the revision does not change.\n"
		"\n"
		"Changes that others make in the meantime are not lost: if one of the keys has\n"
		"changed, kvsh compares the store with FILE again. After many such attempts it\n"
		"gives up with exit status 4.\n"
		"\n"
		"Example:\n"
		"  sync /etc/kvstore/site.conf\n"
		"  sync net.conf net.\n",
};
