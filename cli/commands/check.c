// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * check.c - check: report all errors of a configuration file
 */
#include <inttypes.h>
#include <string.h>

#include <kv.h>

#include "commands/commands.h"
#include "config/config.h"
#include "core/error.h"
#include "core/store.h"

/* Check that an empty store could hold the file. */
static int check_limits(struct call *call, const struct config *config, const struct kv_info *info)
{
	const struct format_entries *entries = &config->entries;
	uint64_t bytes = 0;

	for (size_t i = 0; i < entries->count; i++)
		bytes += strlen(entries->list[i]->item.key) + entries->list[i]->item.value_len;
	if (entries->count > info->max_entries)
		return fail(call->sh, &call->args[0]->at, STATUS_FULL,
			    "%s: %s has %zu keys, but the store holds at most %u", call->name->text,
			    config->name, entries->count, info->max_entries);
	if (bytes > info->max_bytes)
		return fail(call->sh, &call->args[0]->at, STATUS_FULL,
			    "%s: %s has %" PRIu64 " bytes of keys and values, but the store "
			    "holds at most %" PRIu64,
			    call->name->text, config->name, bytes, (uint64_t)info->max_bytes);
	return STATUS_DONE;
}

static int run_check(struct call *call)
{
	struct kvsh *sh = call->sh;
	struct config config;
	struct kv_info info;
	int err, status = config_read(&config, call, call->args[0], NULL, true);

	/* A file can be checked without the module, for use on another machine. */
	if (!status) {
		err = store_open(sh);
		if (!err)
			err = kv_info(sh->kv, &info);
		store_forget(sh, err);
		if (err)
			note(sh, "%s: the limits of the store were not checked: %s",
			     call->name->text, kv_strerror(err));
		else
			status = check_limits(call, &config, &info);
	}
	config_free(&config);
	return status;
}

const struct command command_check = {
	.name = "check",
	.usage = "FILE",
	.run = run_check,
	.summary = "report all errors in FILE",
	.help = "Checks the syntax, the characters and lengths of keys and values, duplicate\n"
		"keys, and whether an empty store with the limits of this one could hold all\n"
		"keys. FILE is in the format of kvstore.conf(5); - is standard input. Nothing is\n"
		"changed, and no capability is needed. If the module is not loaded, the limits\n"
		"are not checked, which a note reports. The exit status is that of the first\n"
		"error.\n"
		"\n"
		"Example:\n"
		"  check /etc/kvstore/site.conf\n",
};
