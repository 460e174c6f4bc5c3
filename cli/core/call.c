// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * call.c - helpers for the functions of commands
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kv.h>

#include "core/call.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/store.h"

const struct option_given *call_option(const struct call *call, unsigned int option)
{
	return options_given(&call->options, option);
}

int call_exclusive(struct call *call, unsigned int one, unsigned int other)
{
	const struct option_spec *spec = call->options.spec;
	const struct option_given *given = call_option(call, other);

	if (!given || !call_option(call, one))
		return STATUS_DONE;
	return fail(call->sh, &given->word->at, STATUS_USAGE,
		    "%s: --%s and --%s cannot be combined", call->name->text, spec[one].name,
		    spec[other].name);
}

int call_number(struct call *call, unsigned int option, const char *wanted, uint64_t least,
		uint64_t *number)
{
	const struct option_given *given = call_option(call, option);
	char shown[ESCAPE_SHORT];
	char *end;

	*number = 0;
	if (!given)
		return STATUS_DONE;
	errno = 0;
	*number = strtoull(given->arg, &end, 10);
	if (given->arg[0] >= '0' && given->arg[0] <= '9' && !*end && !errno && *number >= least)
		return STATUS_DONE;
	return fail(call->sh, &given->arg_word->at, STATUS_USAGE, "%s: --%s needs %s, not \"%s\"",
		    call->name->text, call->options.spec[option].name, wanted,
		    escape_short(shown, given->arg, strlen(given->arg)));
}

int call_revision(struct call *call, unsigned int option, uint64_t *rev)
{
	return call_number(call, option, "a revision (a whole number)", 0, rev);
}

int call_open(struct call *call)
{
	int err = store_open(call->sh);

	return err ? fail_key(call, NULL, NULL, err) : STATUS_DONE;
}

int fail_key(struct call *call, const struct word *key, const struct word *at, int err)
{
	struct kvsh *sh = call->sh;
	const char *limit = "";
	char *words = error_text(sh, err, key ? key->text : NULL);
	char shown[ESCAPE_SHORT];
	char bytes[40];
	int status;

	if (err == -EMSGSIZE || err == -ENAMETOOLONG) {
		snprintf(bytes, sizeof(bytes), " (limit: %d bytes)",
			 err == -EMSGSIZE ? KV_VALUE_MAX : KV_KEY_MAX);
		limit = bytes;
	}
	store_forget(sh, err);
	status = fail(sh, &(at ? at : call->name)->at, status_of(err), "%s%s%s: %s%s",
		      call->name->text, key ? " " : "",
		      key ? escape_short(shown, key->text, key->len) : "", words, limit);
	free(words);
	return status;
}
