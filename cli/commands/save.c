// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * save.c - save: write the store to a configuration file
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "config/config.h"
#include "config/tempfile.h"
#include "core/error.h"

static int fail_write(struct call *call, const struct word *file, int err)
{
	char *shown = config_file_name(file);
	const char *why;

	switch (err) {
	case REPLACE_FOLDER:
		why = "it is a directory";
		break;
	case REPLACE_SPECIAL:
		why = "it is a device, pipe or socket, which cannot be replaced";
		break;
	default:
		why = strerror(err);
	}
	fail(call->sh, &file->at, STATUS_FAILED, "%s: cannot write %s: %s", call->name->text, shown,
	     why);
	free(shown);
	return STATUS_FAILED;
}

/* Collect the whole text before touching the file. */
static int save(struct call *call, const struct word *file, const struct listing *listing)
{
	size_t len;
	char *text = config_text(listing, "", &len);
	int err;

	err = strlen(file->text) == file->len ? replace_file(file->text, text, len) : EINVAL;
	explicit_bzero(text, len);
	free(text);
	return err ? fail_write(call, file, err) : STATUS_DONE;
}

/* The number of keys for the progress; 0 if unknown. */
static size_t expected(struct call *call, const struct word *prefix)
{
	struct kv_info info;

	return prefix || kv_info(call->sh->kv, &info) ? 0 : info.entries;
}

static int run_save(struct call *call)
{
	const struct word *file = call->args[0];
	const struct word *prefix = call->count > 1 ? call->args[1] : NULL;
	struct progress progress;
	struct listing listing;
	int status = call_open(call);

	if (status)
		return status;
	progress_begin(&progress, call, expected(call, prefix));
	status = config_snapshot(&listing, call, prefix, &progress);
	if (!status && config_is_stdio(file))
		config_write(stdout, &listing, "");
	else if (!status)
		status = save(call, file, &listing);
	listing_free(&listing);
	return status;
}

const struct command command_save = {
	.name = "save",
	.usage = "FILE [PREFIX]",
	.run = run_save,
	.summary = "write all keys and values to FILE, or those that start with PREFIX",
	.help = "FILE has a line KEY = VALUE for each key, private KEY = VALUE where the value is\n"
		"private, in the order of the keys' bytes, and nothing else that could change: two\n"
		"saves of the same store are the same file. It shows the store as it was at one\n"
		"moment, and none but you can read it (mode 0600). An old FILE is replaced when all\n"
		"of the new one is on the disk, and else left as it was.\n\n"
		"A FILE of - is standard output. Private values that you may not read are an error.\n\n"
		"Example:\n"
		"  save /etc/kvstore/site.conf\n"
		"  save net.conf net.\n",
};
