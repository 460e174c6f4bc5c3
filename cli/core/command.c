// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * command.c - from a line of words to a command that runs
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kv.h>

#include "core/command.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/help.h"
#include "core/key.h"
#include "core/output.h"
#include "core/txn.h"

/* Longer words are too far from any command to guess at. */
#define GUESS_MAX 16

const struct command *command_find(const char *name)
{
	for (const struct command *command = commands; command->name; command++) {
		if (!strcmp(command->name, name))
			return command;
		for (const char *const *alias = command->aliases; *alias; alias++) {
			if (!strcmp(*alias, name))
				return command;
		}
	}
	return NULL;
}

static unsigned int min(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* Letters to add, drop, change or swap with their neighbour to get from a to b. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int rows[GUESS_MAX + 1][GUESS_MAX + 1];
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len > GUESS_MAX || b_len > GUESS_MAX)
		return GUESS_MAX;
	for (size_t i = 0; i <= a_len; i++) {
		for (size_t j = 0; j <= b_len; j++) {
			if (!i || !j) {
				rows[i][j] = i + j;
				continue;
			}
			rows[i][j] = min(rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]),
					 min(rows[i - 1][j], rows[i][j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1);
		}
	}
	return rows[a_len][b_len];
}

static const char *guess(const char *name)
{
	unsigned int best = strlen(name) < 4 ? 2 : 3;
	const char *found = NULL;

	for (const struct command *command = commands; command->name; command++) {
		unsigned int now = distance(name, command->name);

		if (now < best && now < strlen(command->name) - 1) {
			best = now;
			found = command->name;
		}
	}
	return found;
}

int command_unknown(struct kvsh *sh, const struct word *name)
{
	const char *found = guess(name->text);
	char shown[ESCAPE_SHORT];

	escape_short(shown, name->text, name->len);
	if (found)
		return fail(sh, &name->at, STATUS_USAGE,
			    "unknown command \"%s\"; did you mean \"%s\"?", shown, found);
	return fail(sh, &name->at, STATUS_USAGE, "unknown command \"%s\"; \"%shelp\" lists them",
		    shown, sh->source ? "" : "kvsh ");
}

/* The word of the usage that names the argument of that index: "[KEY]..." */
static const char *argument_name(const struct command *command, size_t index, size_t *len)
{
	const char *name = command->usage;

	for (;; index--) {
		*len = strcspn(name, " ");
		if (!index || !name[*len])
			break;
		name += *len + 1;
	}
	if (index && (*len < 3 || strncmp(name + *len - 3, "...", 3)))
		*len = 0;
	name += strspn(name, "[");
	*len = *len ? strcspn(name, " ].") : 0;
	return name;
}

enum argument command_argument(const struct command *command, size_t index)
{
	/* clang-format off */
	static const char *const names[] = {
		[ARGUMENT_KEY] = "KEY",
		[ARGUMENT_PREFIX] = "PREFIX",
		[ARGUMENT_COMMAND] = "COMMAND",
		[ARGUMENT_FILE] = "FILE",
		[ARGUMENT_VALUE] = "VALUE",
	};
	/* clang-format on */
	size_t len;
	const char *name = argument_name(command, index, &len);

	if (!len)
		return ARGUMENT_NONE;
	for (int i = ARGUMENT_KEY; i < ARGUMENT_OTHER; i++) {
		if (strlen(names[i]) == len && !strncmp(names[i], name, len))
			return i;
	}
	return ARGUMENT_OTHER;
}

/*
 * The store refuses a bad key in put only and without saying why, and could not
 * even be asked about one with a NUL byte. Too long a key is left to the store.
 */
static int check_key(struct call *call, const struct word *key, bool may_be_empty)
{
	char shown[ESCAPE_SHORT], message[KEY_MESSAGE];

	if (!key->len && !may_be_empty)
		return fail(call->sh, &key->at, STATUS_USAGE, "%s: a key cannot be empty",
			    call->name->text);
	if (key_check(key->text, key->len, message) == key->len)
		return STATUS_DONE;
	return fail(call->sh, &key->at, STATUS_USAGE, "%s %s: %s", call->name->text,
		    escape_short(shown, key->text, key->len), message);
}

static int fail_usage(struct call *call, const struct place *at, const char *what,
		      const char *detail)
{
	const struct command *command = call->command;

	return fail(call->sh, at, STATUS_USAGE, "%s: %s%s; usage: %s [OPTION]...%s%s",
		    call->name->text, detail, what, command->name, *command->usage ? " " : "",
		    command->usage);
}

static int check_args(struct call *call)
{
	const struct command *command = call->command;
	char shown[ESCAPE_SHORT + sizeof("\"\" ")];
	int status = STATUS_DONE;

	if (call->count < command->min) {
		size_t len;
		const char *name = argument_name(command, call->count, &len);

		snprintf(shown, sizeof(shown), "%.*s ", (int)len, name);
		return fail_usage(call, &call->name->at, "is missing", shown);
	}
	if (call->count > command->max) {
		const struct word *word = call->args[command->max];
		char text[ESCAPE_SHORT];

		snprintf(shown, sizeof(shown), "\"%s\" ",
			 escape_short(text, word->text, word->len));
		return fail_usage(call, &word->at, "is one argument too many", shown);
	}
	for (size_t i = 0; i < call->count && !status; i++) {
		enum argument argument = command_argument(command, i);

		if (argument == ARGUMENT_KEY || argument == ARGUMENT_PREFIX)
			status = check_key(call, call->args[i], argument == ARGUMENT_PREFIX);
	}
	return status;
}

static int run_command(struct call *call, const struct words *words)
{
	const struct command *command = call->command;
	struct options *options = &call->options;
	int status;

	if (options_parse(options, command->options, words->list, words->count, command->verbatim))
		return options_fail(call->sh, options, call->name->text);
	call->args = options->args;
	call->count = options->count;
	call->sh->secret = options_secret(options);
	if (call_option(call, "help")) {
		help_command(stdout, command);
		return STATUS_DONE;
	}
	status = check_args(call);
	if (status)
		return status;
	if (!call->sh->txn)
		return command->run(call);
	return command->queue ? command->queue(call) : txn_refuse(call);
}

int command_run(struct kvsh *sh, const struct words *words)
{
	struct call call = { .sh = sh };
	int status;

	if (!words->count)
		return STATUS_DONE;
	call.name = words->list[0];
	if (strlen(call.name->text) == call.name->len)
		call.command = command_find(call.name->text);
	if (!call.command)
		return command_unknown(sh, call.name);
	status = run_command(&call, words);
	options_free(&call.options);
	return output_check(sh, &call.name->at, status);
}

const struct option_given *call_option(const struct call *call, const char *name)
{
	return options_find(&call->options, name);
}

int call_exclusive(struct call *call, const char *one, const char *other)
{
	const struct option_given *given = call_option(call, other);

	if (!given || !call_option(call, one))
		return STATUS_DONE;
	return fail(call->sh, &given->word->at, STATUS_USAGE,
		    "%s: --%s and --%s exclude each other", call->name->text, one, other);
}

int call_number(struct call *call, const char *name, const char *wanted, uint64_t least,
		uint64_t *number)
{
	const struct option_given *given = call_option(call, name);
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
		    call->name->text, name, wanted,
		    escape_short(shown, given->arg, strlen(given->arg)));
}

int call_revision(struct call *call, const char *name, uint64_t *rev)
{
	return call_number(call, name, "a revision, which is a whole number", 0, rev);
}

int call_open(struct call *call)
{
	int err = call->sh->kv ? 0 : kv_open(&call->sh->kv);

	return err ? fail_key(call, NULL, NULL, err) : STATUS_DONE;
}
