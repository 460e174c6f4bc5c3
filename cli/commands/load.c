// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * load.c - load: put what a file has
 */
#include <errno.h>

#include "config/apply.h"
#include "core/command.h"
#include "core/error.h"

/* With --replace-all, keys that are to be deleted may go by themselves: then look again. */
static int load(struct call *call, const struct config *config, struct progress *progress)
{
	bool replace = call_option(call, "replace-all");
	struct apply apply = {
		.call = call,
		.config = config,
		.atomic = call_option(call, "atomic"),
		.progress = progress,
	};
	int err = 0, status = STATUS_DONE, tries = 0;

	do {
		struct listing listing = { 0 };
		struct changes changes;

		if (replace)
			err = listing_take(&listing, call->sh->kv, "");
		if (err) {
			listing_free(&listing);
			return fail_key(call, NULL, NULL, err);
		}
		changes_all(&changes, replace ? &listing : NULL, &config->entries);
		progress_again(progress, changes.count);
		err = apply_changes(&apply, &changes);
		if (err && (!apply_is_conflict(err) || ++tries == APPLY_TRIES))
			status = apply_fail(&apply, &changes, err);
		changes_free(&changes);
		listing_free(&listing);
	} while (err && !status);
	return status;
}

int cmd_load(struct call *call)
{
	struct progress progress;
	struct config config;
	int status;

	progress_begin(&progress, call, 0);
	status = config_read(&config, call, call->args[0], NULL, false);
	if (!status)
		status = call_open(call);
	if (!status)
		status = load(call, &config, &progress);
	config_free(&config);
	return status;
}
