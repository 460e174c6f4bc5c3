// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * complete.c - what may stand at a place of a command line
 *
 * The words before it are parsed by what will run them, and the command's row
 * says what stands next.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kv.h>

#include "core/alloc.h"
#include "core/command.h"
#include "core/declared.h"
#include "core/error.h"
#include "core/help.h"
#include "core/netns.h"
#include "core/output.h"
#include "terminal/complete.h"

void complete_add(struct completion *c, const char *before, const char *text)
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
	complete_add(arg, "", item->key);
	return 0;
}

static int add_declared_key(const struct kv_param *param, void *arg)
{
	complete_add(arg, "", param->key);
	return 0;
}

/* Without the module there is nothing to offer. */
static bool has_store(struct kvsh *sh)
{
	return sh->kv || !kv_open(&sh->kv);
}

/* Those that are set and those that are declared. */
static void add_keys(struct kvsh *sh, struct completion *c)
{
	if (!has_store(sh))
		return;
	kv_list(sh->kv, c->text, add_key, c, NULL);
	kv_describe(sh->kv, c->text, add_declared_key, c);
}

static int add_choices(const struct kv_param *param, void *arg)
{
	const char *all = param->type == KV_TYPE_BOOL ? "on|off" : param->choices;
	char *choices = alloc_copy(all, strlen(all)), *next = choices;

	while (next && *next)
		complete_add(arg, "", strsep(&next, "|"));
	free(choices);
	return 0;
}

static void add_commands(struct completion *c)
{
	for (const struct command *command = commands; command->name; command++)
		complete_add(c, "", command->name);
}

static void add_options(struct completion *c, const struct option_spec *options)
{
	for (const struct option_spec *spec = options; spec->name; spec++)
		complete_add(c, "--", spec->name);
}

static void add_namespaces(struct completion *c)
{
	DIR *names = opendir(NETNS_NAMES);
	const struct dirent *name;

	while (names && (name = readdir(names))) {
		if (name->d_name[0] != '.')
			complete_add(c, "", name->d_name);
	}
	if (names)
		closedir(names);
}

/* What an option takes: its table gives that a name, as a command's usage does. */
static void add_option_arguments(struct completion *c, const char *arg)
{
	if (!strcmp(arg, "FILE")) {
		c->files = "";
	} else if (!strcmp(arg, "NS")) {
		add_namespaces(c);
	} else if (!strcmp(arg, "WHEN")) {
		complete_add(c, "", "auto");
		complete_add(c, "", "always");
		complete_add(c, "", "never");
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
	switch (command_argument(command, options->count)) {
	case ARGUMENT_KEY:
	case ARGUMENT_PREFIX:
		add_keys(sh, c);
		break;
	case ARGUMENT_COMMAND:
		add_commands(c);
		break;
	case ARGUMENT_FILE:
		c->files = "";
		break;
	case ARGUMENT_VALUE:
		if (verbatim && *c->text == '@' && !c->quoted)
			c->files = "@";
		else if (has_store(sh))
			declared_one(sh->kv, options->args[0]->text, add_choices, c);
		break;
	default:
		break;
	}
}

void complete_words(struct kvsh *sh, const struct words *before, struct completion *c)
{
	const struct command *command;
	struct options options;

	if (!before->count) {
		add_commands(c);
		return;
	}
	command = command_find(before->list[0]->text);
	if (!command)
		return;
	if (!options_parse(&options, command->options, before->list, before->count,
			   command->verbatim))
		add_arguments(sh, command, &options, c);
	else if (options.error == OPTIONS_ARG_MISSING)
		add_option_arguments(c, options.which->arg);
	options_free(&options);
}

/* Behind kvsh itself, where its own options may stand before a command. */
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
	} else if (!options_find(&options, "file")) {
		struct words words = { (struct word **)options.args, options.count };

		netns = options_find(&options, "netns");
		if (netns)
			status = netns_enter(sh, netns->arg);
		if (!status)
			complete_words(sh, &words, c);
	}
	options_free(&options);
	return status;
}

static int compare(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

int complete_run(struct kvsh *sh, const struct options *options)
{
	size_t count = options->count;
	struct completion c = { .text = count ? options->args[count - 1]->text : "" };
	/* A line begins with the name of the program: any word does. */
	struct words line = { alloc_bytes((count + 1) * sizeof(*line.list)), count ? count : 1 };
	int status;

	line.list[0] = (struct word *)options_find(options, "complete")->word;
	for (size_t i = 1; i < count; i++)
		line.list[i] = (struct word *)options->args[i - 1];
	status = complete_line(sh, &line, &c);
	qsort(c.list, c.count, sizeof(*c.list), compare);
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
	return output_check(sh, NULL, status);
}
