// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dispatch.c - finds the command that a line names, checks its arguments and runs it
 */
#include <stdio.h>
#include <string.h>

#include "core/dispatch.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/key.h"
#include "core/txn.h"

/* Longer words are not similar to any command. */
#define SIMILAR_MAX 16

const struct command *find_command(const struct kvsh *sh, const char *name)
{
	for (const struct command *const *command = sh->commands; *command; command++) {
		if (!strcmp((*command)->name, name))
			return *command;
		for (const char *const *alias = (*command)->aliases; *alias; alias++) {
			if (!strcmp(*alias, name))
				return *command;
		}
	}
	return NULL;
}

static unsigned int min(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* The edits (insert, delete, replace a letter, swap two neighbours) that turn a into b. */
static unsigned int edit_distance(const char *a, const char *b)
{
	unsigned int rows[SIMILAR_MAX + 1][SIMILAR_MAX + 1];
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len > SIMILAR_MAX || b_len > SIMILAR_MAX)
		return SIMILAR_MAX;
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

/* The name of the most similar command, or NULL. */
static const char *find_similar(const struct kvsh *sh, const char *name)
{
	unsigned int best = strlen(name) < 4 ? 2 : 3;
	const char *found = NULL;

	for (const struct command *const *command = sh->commands; *command; command++) {
		const char *candidate = (*command)->name;
		unsigned int edits = edit_distance(name, candidate);

		if (edits < best && edits < strlen(candidate) - 1) {
			best = edits;
			found = candidate;
		}
	}
	return found;
}

int fail_unknown_command(struct kvsh *sh, const struct word *name)
{
	const char *found = find_similar(sh, name->text);
	char shown[ESCAPE_SHORT];

	escape_short(shown, name->text, name->len);
	if (found)
		return fail(sh, &name->at, STATUS_USAGE,
			    "unknown command \"%s\"; did you mean \"%s\"?", shown, found);
	return fail(sh, &name->at, STATUS_USAGE,
		    "unknown command \"%s\"; \"%shelp\" lists the commands", shown,
		    sh->source ? "" : "kvsh ");
}

/*
 * The word of the usage, without [] and ..., for the argument with that index;
 * NULL if the command takes no such argument.
 */
static const char *argument_name(const struct command *command, size_t index, size_t *len,
				 bool *required)
{
	const char *name = command->usage;

	for (;; index--) {
		*len = strcspn(name, " ");
		if (!index || !name[*len])
			break;
		name += *len + 1;
	}
	/* Beyond the last word: only "..." takes more arguments. */
	if (!*len || (index && (*len < 3 || strncmp(name + *len - 3, "...", 3))))
		return NULL;
	*required = !index && *name != '[';
	name += strspn(name, "[");
	*len = strcspn(name, " ].");
	return name;
}

enum argument argument_kind(const struct command *command, size_t index)
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
	bool required;
	size_t len;
	const char *name = argument_name(command, index, &len, &required);

	if (!name)
		return ARGUMENT_NONE;
	for (int i = ARGUMENT_KEY; i < ARGUMENT_OTHER; i++) {
		if (strlen(names[i]) == len && !strncmp(names[i], name, len))
			return i;
	}
	return ARGUMENT_OTHER;
}

/*
 * The store refuses an invalid key only in put, without a reason, and a key with
 * a NUL byte cannot be passed to it. The store itself checks the length.
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
	bool required;
	size_t len;
	const char *name = argument_name(command, call->count, &len, &required);

	if (name && required) {
		snprintf(shown, sizeof(shown), "%.*s ", (int)len, name);
		return fail_usage(call, &call->name->at, "is missing", shown);
	}
	for (size_t i = 0; i < call->count; i++) {
		const struct word *word = call->args[i];
		char text[ESCAPE_SHORT];

		if (argument_kind(command, i) != ARGUMENT_NONE)
			continue;
		snprintf(shown, sizeof(shown), "\"%s\" ",
			 escape_short(text, word->text, word->len));
		return fail_usage(call, &word->at, "is one argument too many", shown);
	}
	for (size_t i = 0; i < call->count && !status; i++) {
		enum argument kind = argument_kind(command, i);

		if (kind == ARGUMENT_KEY || kind == ARGUMENT_PREFIX)
			status = check_key(call, call->args[i], kind == ARGUMENT_PREFIX);
	}
	return status;
}

void print_command_help(FILE *out, const struct command *command)
{
	fprintf(out, "Usage: %s [OPTION]...%s%s\n", command->name, *command->usage ? " " : "",
		command->usage);
	if (command->aliases[0]) {
		fputs("Also:  ", out);
		for (const char *const *alias = command->aliases; *alias; alias++)
			fprintf(out, "%s%s", alias == command->aliases ? "" : ", ", *alias);
		fputc('\n', out);
	}
	fprintf(out, "\n%s\n\nOptions:\n", command->summary);
	options_help(out, command->options);
	fprintf(out, "\n%s", command->help);
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
	if (options->help) {
		print_command_help(stdout, command);
		return STATUS_DONE;
	}
	status = check_args(call);
	if (status)
		return status;
	if (!call->sh->txn)
		return command->run(call);
	return command->queue ? command->queue(call) : txn_refuse(call);
}

int run_line(struct kvsh *sh, const struct words *words)
{
	struct call call = { .sh = sh };
	int status;

	if (!words->count)
		return STATUS_DONE;
	call.name = words->list[0];
	if (strlen(call.name->text) == call.name->len)
		call.command = find_command(sh, call.name->text);
	if (!call.command)
		return fail_unknown_command(sh, call.name);
	status = run_command(&call, words);
	options_free(&call.options);
	return check_stdout(sh, &call.name->at, status);
}
