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
static int save_file(struct call *call, const struct word *file, const struct listing *listing)
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
static size_t expected_keys(struct call *call, const struct word *prefix)
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
	progress_begin(&progress, call, expected_keys(call, prefix));
	status = config_snapshot(&listing, call, prefix, &progress);
	if (!status && config_is_stdio(file))
		config_write(stdout, &listing, "");
	else if (!status)
		status = save_file(call, file, &listing);
	listing_free(&listing);
	return status;
}

const struct command command_save = {
	.name = "save",
	.usage = "FILE [PREFIX]",
	.run = run_save,
	.summary = "write keys and values to FILE",
	.help = "Writes all keys, or those that start with PREFIX, in the format of\n"
		"kvstore.conf(5): two saves of the same store are the same file. A FILE of - is\n"
		"standard output; a file of that name is ./-.\n"
		"\n"
		"The file is a snapshot of the store, and only its owner can read it (mode\n"
		"0600). An old FILE is replaced once all of the new one is on the disk; on\n"
		"failure it is left as it was. If FILE is a symbolic link, its target is\n"
		"replaced. A directory, device, pipe or socket is refused.\n"
		"\n"
		"Nothing is written if there is a private value that you may not read (exit\n"
		"status 5), or if the store changed during each of several attempts to read it\n"
		"(exit status 1).\n"
		"\n"
		"Example:\n"
		"  save /etc/kvstore/site.conf\n"
		"  save net.conf net.\n",
};
