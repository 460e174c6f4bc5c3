// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * complete.c - what Tab offers
 *
 * The line before the cursor is split and parsed by what will run it, and the
 * command's row says what stands next.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <readline/readline.h>

#include <kv.h>

#include "alloc.h"
#include "command.h"
#include "complete.h"
#include "declared.h"

/* readline's functions have no argument of ours. */
static struct kvsh *shell;

/**
 * struct candidates - what may stand at the cursor
 * @text: what stands there already
 * @list: @count strings that begin so
 * @count: their number
 * @next: the one that offer() gives next
 */
static struct candidates {
	const char *text;
	char **list;
	size_t count;
	size_t next;
} candidates;

static void add(const char *before, const char *text)
{
	struct candidates *c = &candidates;
	size_t len = strlen(before) + strlen(text) + 1;
	char *whole = alloc_bytes(len);

	snprintf(whole, len, "%s%s", before, text);
	if (strncmp(whole, c->text, strlen(c->text))) {
		free(whole);
		return;
	}
	c->list = alloc_resize(c->list, c->count + 1, sizeof(*c->list));
	c->list[c->count++] = whole;
}

static int add_key(const struct kv_item *item, void *arg)
{
	(void)arg;
	add("", item->key);
	return 0;
}

static int add_declared_key(const struct kv_param *param, void *arg)
{
	(void)arg;
	add("", param->key);
	return 0;
}

/* Without the module there is nothing to offer. */
static bool has_store(void)
{
	return shell->kv || !kv_open(&shell->kv);
}

/* Those that are set and those that are declared; readline offers none twice. */
static void add_keys(void)
{
	if (!has_store())
		return;
	kv_list(shell->kv, candidates.text, add_key, NULL, NULL);
	kv_describe(shell->kv, candidates.text, add_declared_key, NULL);
}

static int add_choices(const struct kv_param *param, void *arg)
{
	const char *all = param->type == KV_TYPE_BOOL ? "on|off" : param->choices;
	char *choices = alloc_copy(all, strlen(all)), *next = choices;

	(void)arg;
	while (next && *next)
		add("", strsep(&next, "|"));
	free(choices);
	return 0;
}

static void add_values(const char *key)
{
	if (has_store())
		declared_one(shell->kv, key, add_choices, NULL);
}

static void add_commands(void)
{
	for (const struct command *command = commands; command->name; command++)
		add("", command->name);
}

static void add_options(const struct command *command)
{
	for (const struct option_spec *spec = command->options; spec->name; spec++)
		add("--", spec->name);
}

/* Names that would have to be quoted are left out. */
static void add_files(const char *before, const char *text)
{
	char *name;

	for (int state = 0; (name = rl_filename_completion_function(text, state)); state = 1) {
		if (!name[strcspn(name, " \t\r\n\\\"'")])
			add(before, name);
		free(name);
	}
	/* The prefix hides from readline what is a folder. */
	if (candidates.count == 1) {
		char **only = &candidates.list[0];
		size_t len = strlen(*only);
		struct stat stat_buf;

		if (!stat(*only + strlen(before), &stat_buf) && S_ISDIR(stat_buf.st_mode)) {
			*only = alloc_resize(*only, len + 2, 1);
			memcpy(*only + len, "/", 2);
			rl_completion_suppress_append = 1;
		}
	}
}

static void add_arguments(const struct command *command, const struct options *options)
{
	const char *text = candidates.text;
	bool verbatim = command->verbatim && options->count == (size_t)command->verbatim;

	if (*text == '-' && !options->ended && !verbatim) {
		add_options(command);
		return;
	}
	switch (command_argument(command, options->count)) {
	case ARGUMENT_KEY:
	case ARGUMENT_PREFIX:
		add_keys();
		break;
	case ARGUMENT_COMMAND:
		add_commands();
		break;
	case ARGUMENT_FILE:
		add_files("", text);
		break;
	case ARGUMENT_VALUE:
		if (verbatim && *text == '@' && !rl_completion_quote_character)
			add_files("@", text + 1);
		else
			add_values(options->args[0]->text);
		break;
	default:
		break;
	}
}

/* What may follow these words. */
static void add_next(const struct words *words)
{
	const struct command *command;
	struct options options;

	if (!words->count) {
		add_commands();
		return;
	}
	command = command_find(words->list[0]->text);
	if (!command)
		return;
	if (!options_parse(&options, command->options, words->list, words->count,
			   command->verbatim))
		add_arguments(command, &options);
	else if (options.error == OPTIONS_ARG_MISSING && !strcmp(options.which->arg, "FILE"))
		add_files("", candidates.text);
	options_free(&options);
}

static char *offer(const char *text, int state)
{
	struct candidates *c = &candidates;

	(void)text;
	if (!state)
		c->next = 0;
	/* readline frees what it is given. */
	return c->next < c->count ? c->list[c->next++] : NULL;
}

static char **complete(const char *text, int start, int end)
{
	const struct source *earlier = shell->source;
	size_t len = earlier ? earlier->len : 0;
	char *line = alloc_bytes(len + start + 1), **matches;
	struct words_error error;
	struct words words;

	(void)end;
	/* Never fall back to the names of files. */
	rl_attempted_completion_over = 1;
	if (len)
		memcpy(line, earlier->text, len);
	/* A quote that is open belongs to the word at the cursor. */
	if (start && rl_completion_quote_character)
		start--;
	memcpy(line + len, rl_line_buffer, start);
	candidates = (struct candidates){ .text = text };
	if (words_split(&words, line, len + start, 1, &error) == WORDS_DONE) {
		add_next(&words);
		words_free(&words);
	}
	free(line);
	matches = rl_completion_matches(text, offer);
	free(candidates.list);
	return matches;
}

void complete_prepare(struct kvsh *sh)
{
	shell = sh;
	rl_attempted_completion_function = complete;
	/* Keys hold : / @ + - and so does @FILE. */
	rl_basic_word_break_characters = " \t\n\"'";
	rl_completer_word_break_characters = " \t\n\"'";
	rl_completer_quote_characters = "\"'";
}
