// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * diff.c - diff: print what sync would change
 */
#include "config/changes.h"
#include "core/command.h"
#include "core/error.h"

static int diff(struct call *call, const struct config *config)
{
	struct listing listing;
	struct changes changes;
	int status = config_take(&listing, call, config->prefix, NULL);

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

int cmd_diff(struct call *call)
{
	const struct word *prefix = call->count > 1 ? call->args[1] : NULL;
	struct config config;
	int status = config_read(&config, call, call->args[0], prefix, false);

	if (!status)
		status = diff(call, &config);
	config_free(&config);
	return status;
}
