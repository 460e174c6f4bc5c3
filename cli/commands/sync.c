// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sync.c - sync: make the store what a file says, by the differences alone
 */
#include <unistd.h>

#include "config/apply.h"
#include "core/command.h"
#include "core/error.h"

static void tell(const struct apply *apply)
{
	struct kvsh *sh = apply->call->sh;

	if (apply->commits > 1)
		note(sh,
		     "%s: the changes did not fit in one transaction: they were made in %zu, one "
		     "after the other",
		     apply->call->name->text, apply->commits);
	if (isatty(STDERR_FILENO))
		note(sh, "%s: %zu key%s put, %zu deleted", apply->call->name->text, apply->put,
		     apply->put == 1 ? "" : "s", apply->deleted);
}

/* Each try looks at the store anew, and does nothing to a key that changed since. */
static int sync_store(struct call *call, const struct config *config)
{
	struct progress progress;
	struct apply apply = { .call = call, .config = config, .progress = &progress };
	struct listing listing;
	struct changes changes;
	int err, status;

	progress_begin(&progress, call, 0);
	for (int tries = 1;; tries++) {
		status = config_take(&listing, call, config->prefix, NULL);
		if (status) {
			listing_free(&listing);
			return status;
		}
		changes_find(&changes, &listing, &config->entries);
		progress_again(&progress, changes.count);
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
	tell(&apply);
	return STATUS_DONE;
}

int cmd_sync(struct call *call)
{
	const struct word *prefix = call->count > 1 ? call->args[1] : NULL;
	struct config config;
	int status = config_read(&config, call, call->args[0], prefix, false);

	if (!status)
		status = sync_store(call, &config);
	config_free(&config);
	return status;
}
