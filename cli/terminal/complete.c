// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * complete.c - completion of a command line
 *
 * The words before the cursor are parsed by the code that runs them, and the
 * command's usage and options say what can follow.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <kv.h>
#include <readline/readline.h>

#include "core/alloc.h"
#include "core/dispatch.h"
#include "core/error.h"
#include "core/global.h"
#include "core/netns.h"
#include "core/store.h"
#include "terminal/complete.h"

/**
 * struct completion - completions of one word
 * @text: the beginning of the word
 * @quoted: the word began with a quote
 * @list: @count strings that begin with @text; unordered, may have duplicates
 * @count: number of strings
 * @files: if a file name can stand here, the text before it ("" or "@"); else NULL
 */
struct completion {
	const char *text;
	bool quoted;
	char **list;
	size_t count;
	const char *files;
};

/* Add a string, of two parts, if it begins with the text. */
static void add_match(struct completion *c, const char *before, const char *text)
{
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
	add_match(arg, "", item->key);
	return 0;
}

static int add_declared_key(const struct kv_param *param, void *arg)
{
	add_match(arg, "", param->key);
	return 0;
}

/* Keys that are set or declared; none without the module. */
static void add_keys(struct kvsh *sh, struct completion *c)
{
	if (store_open(sh))
		return;
	kv_list(sh->kv, c->text, add_key, c, NULL);
	kv_describe(sh->kv, c->text, add_declared_key, c);
}

static int add_choices(const struct kv_param *param, void *arg)
{
	const char *all = param->type == KV_TYPE_BOOL ? "on|off" : param->choices;
	char *choices = alloc_copy(all, strlen(all)), *next = choices;

	while (next && *next)
		add_match(arg, "", strsep(&next, "|"));
	free(choices);
	return 0;
}

static void add_commands(const struct kvsh *sh, struct completion *c)
{
	for (const struct command *const *command = sh->commands; *command; command++)
		add_match(c, "", (*command)->name);
}

static void add_options(struct completion *c, const struct option_spec *spec)
{
	const struct option_spec *row;

	for (size_t i = 0; (row = options_row(spec, i)); i++)
		add_match(c, "--", row->name);
}

static void add_namespaces(struct completion *c)
{
	DIR *names = opendir(NETNS_NAMES);
	const struct dirent *name;

	while (names && (name = readdir(names))) {
		if (name->d_name[0] != '.')
			add_match(c, "", name->d_name);
	}
	if (names)
		closedir(names);
}

/* An option's argument, by the name that its table gives it. */
static void add_option_arguments(struct completion *c, const char *arg)
{
	if (!strcmp(arg, "FILE")) {
		c->files = "";
	} else if (!strcmp(arg, "NS")) {
		add_namespaces(c);
	} else if (!strcmp(arg, "WHEN")) {
		add_match(c, "", "auto");
		add_match(c, "", "always");
		add_match(c, "", "never");
	}
}

static void add_arguments(struct kvsh *sh, const struct command *command,
			  const struct options *options, struct completion *c)
{
	bool verbatim = command->verbatim && options->count == (size_t)command->verbatim;

	if (*c->text == '-' && !options->ended && !verbatim) {
		add_options(c, command->options);
		return;
	}
	switch (argument_kind(command, options->count)) {
	case ARGUMENT_KEY:
	case ARGUMENT_PREFIX:
		add_keys(sh, c);
		break;
	case ARGUMENT_COMMAND:
		add_commands(sh, c);
		break;
	case ARGUMENT_FILE:
		c->files = "";
		break;
	case ARGUMENT_VALUE:
		if (verbatim && *c->text == '@' && !c->quoted)
			c->files = "@";
		else if (!store_open(sh))
			declared_one(sh->kv, options->args[0]->text, add_choices, c);
		break;
	default:
		break;
	}
}

/* Complete a word after the words of a command; opens the store to list keys or values. */
static void complete_words(struct kvsh *sh, const struct words *before, struct completion *c)
{
	const struct command *command;
	struct options options;

	if (!before->count) {
		add_commands(sh, c);
		return;
	}
	command = find_command(sh, before->list[0]->text);
	if (!command)
		return;
	if (!options_parse(&options, command->options, before->list, before->count,
			   command->verbatim))
		add_arguments(sh, command, &options, c);
	else if (options.error == OPTIONS_ARG_MISSING)
		add_option_arguments(c, options.which->arg);
	options_free(&options);
}

/* A whole command line, with the options of kvsh before the command. */
static int complete_line(struct kvsh *sh, const struct words *line, struct completion *c)
{
	const struct option_given *netns;
	struct options options;
	int status = STATUS_DONE;

	if (options_parse(&options, global_options, line->list, line->count, OPTIONS_LEADING)) {
		if (options.error == OPTIONS_ARG_MISSING)
			add_option_arguments(c, options.which->arg);
	} else if (!options.count && !options.ended && *c->text == '-') {
		add_options(c, global_options);
	} else if (!options_given(&options, GLOBAL_FILE)) {
		struct words words = { (struct word **)options.args, options.count };

		netns = options_given(&options, GLOBAL_NETNS);
		if (netns)
			status = netns_enter(sh, netns->arg);
		if (!status)
			complete_words(sh, &words, c);
	}
	options_free(&options);
	return status;
}

static int compare_strings(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

int complete_run(struct kvsh *sh, const struct options *options)
{
	size_t count = options->count;
	struct completion c = { .text = count ? options->args[count - 1]->text : "" };
	/* The first word is the name of the program, which options_parse() skips. */
	struct words line = { alloc_bytes((count + 1) * sizeof(*line.list)), count ? count : 1 };
	int status;

	line.list[0] = (struct word *)options_given(options, GLOBAL_COMPLETE)->word;
	for (size_t i = 1; i < count; i++)
		line.list[i] = (struct word *)options->args[i - 1];
	status = complete_line(sh, &line, &c);
	qsort(c.list, c.count, sizeof(*c.list), compare_strings);
	for (size_t i = 0; i < c.count; i++) {
		if (!i || strcmp(c.list[i - 1], c.list[i]))
			puts(c.list[i]);
	}
	for (size_t i = 0; i < c.count; i++)
		free(c.list[i]);
	if (c.files)
		printf("=files%s%s\n", *c.files ? " " : "", c.files);
	free(c.list);
	free(line.list);
	return check_stdout(sh, NULL, status);
}

/* Global: readline's callbacks take no argument. */
static struct kvsh *shell;

/* The completions at the cursor, and the index of the one that next_match() returns next. */
static struct completion completion;
static size_t next;

/* Leave out names that would need quotes. */
static void add_files(struct completion *c)
{
	const char *before = c->files, *text = c->text + strlen(before);
	char *name;

	for (int state = 0; (name = rl_filename_completion_function(text, state)); state = 1) {
		if (!name[strcspn(name, " \t\r\n\\\"'")])
			add_match(c, before, name);
		free(name);
	}
	/* readline does not recognize a folder after the "@". */
	if (c->count == 1) {
		char **only = &c->list[0];
		size_t len = strlen(*only);
		struct stat stat_buf;

		if (!stat(*only + strlen(before), &stat_buf) && S_ISDIR(stat_buf.st_mode)) {
			*only = alloc_resize(*only, len + 2, 1);
			memcpy(*only + len, "/", 2);
			rl_completion_suppress_append = 1;
		}
	}
}

static char *next_match(const char *text, int state)
{
	(void)text;
	if (!state)
		next = 0;
	/* readline frees the strings and removes duplicates. */
	return next < completion.count ? completion.list[next++] : NULL;
}

static char **complete_at_cursor(const char *text, int start, int end)
{
	const struct source *earlier = shell->source;
	size_t len = earlier ? earlier->len : 0;
	char *line = alloc_bytes(len + start + 1), **matches;
	struct words_error error;
	struct words words;

	(void)end;
	/* Do not fall back to file names. */
	rl_attempted_completion_over = 1;
	if (len)
		memcpy(line, earlier->text, len);
	completion = (struct completion){ .text = text, .quoted = rl_completion_quote_character };
	/* An open quote belongs to the word at the cursor. */
	if (start && completion.quoted)
		start--;
	memcpy(line + len, rl_line_buffer, start);
	if (words_split(&words, line, len + start, 1, &error) == WORDS_DONE) {
		complete_words(shell, &words, &completion);
		words_free(&words);
	}
	free(line);
	if (completion.files)
		add_files(&completion);
	matches = rl_completion_matches(text, next_match);
	free(completion.list);
	return matches;
}

void complete_prepare(struct kvsh *sh)
{
	shell = sh;
	rl_attempted_completion_function = complete_at_cursor;
	/* Keys and @FILE contain : / @ + -, which are no word breaks. */
	rl_basic_word_break_characters = " \t\n\"'";
	rl_completer_word_break_characters = " \t\n\"'";
	rl_completer_quote_characters = "\"'";
}
