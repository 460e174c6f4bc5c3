// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * options.c - parses the options of a command, or of kvsh itself
 */
#include <assert.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/options.h"

/* getopt_long() returns this plus the index of the row for an option without a letter. */
#define LONG_ONLY 256

/**
 * struct scan - one run of getopt_long()
 * @letters: short options
 * @longs: long options
 * @argv: the words
 */
struct scan {
	char letters[2 + 2 * OPTIONS_MAX + 1];
	struct option longs[OPTIONS_MAX + 1];
	char **argv;
};

const struct option_spec *options_row(const struct option_spec *spec, size_t index)
{
	static const struct option_spec help[] = {
		{ .name = "help", .letter = 'h', .help = "show this help" }, OPTIONS_END
	};
	size_t count = 0;

	while (spec && spec[count].name)
		count++;
	assert(count < OPTIONS_MAX);
	return index < count ? &spec[index] : index == count ? help : NULL;
}

static void scan_prepare(struct scan *scan, const struct option_spec *spec,
			 struct word *const *words, size_t count, bool leading)
{
	const struct option_spec *row;
	char *letters = scan->letters;

	/*
	 * '-': operands are returned in order, as option 1, and not moved;
	 * '+': the first one ends the scan. ':': getopt prints no messages.
	 */
	*letters++ = leading ? '+' : '-';
	*letters++ = ':';
	for (size_t i = 0; (row = options_row(spec, i)); i++) {
		scan->longs[i] = (struct option){
			.name = row->name,
			.has_arg = row->arg ? required_argument : no_argument,
			.val = row->letter ? row->letter : LONG_ONLY + (int)i,
		};
		if (row->letter)
			*letters++ = row->letter;
		if (row->letter && row->arg)
			*letters++ = ':';
	}
	scan->argv = alloc_zeroed(count + 1, sizeof(*scan->argv));
	for (size_t i = 0; i < count; i++)
		scan->argv[i] = words[i]->text;
}

/* The row with the code that getopt_long() returned, and its index; NULL if there is none. */
static const struct option_spec *find_row(const struct option_spec *spec, int code, size_t *index)
{
	const struct option_spec *row;

	for (*index = 0; (row = options_row(spec, *index)); ++*index) {
		if (code == (row->letter ? row->letter : LONG_ONLY + (int)*index))
			break;
	}
	return row;
}

static int parse_error(struct options *options, enum options_error error, const struct word *at)
{
	options->error = error;
	options->at = at;
	return -1;
}

/* getopt_long() reports unknown and ambiguous options by the same code. */
static bool is_ambiguous(const struct option_spec *spec, const char *text)
{
	const struct option_spec *row;
	size_t count = 0;

	for (size_t i = 0; (row = options_row(spec, i)); i++)
		count += !strncmp(row->name, text, strcspn(text, "="));
	return count > 1;
}

static int set_refusal(struct options *options, int code, const struct word *at)
{
	bool is_long = !strncmp(at->text, "--", 2);
	size_t index;

	options->letter = optopt < LONG_ONLY ? optopt : 0;
	options->which = find_row(options->spec, optopt, &index);
	if (code == ':')
		return parse_error(options, OPTIONS_ARG_MISSING, at);
	if (is_long && optopt)
		return parse_error(options, OPTIONS_ARG_UNWANTED, at);
	if (is_long && is_ambiguous(options->spec, at->text + 2))
		return parse_error(options, OPTIONS_AMBIGUOUS, at);
	return parse_error(options, OPTIONS_UNKNOWN, at);
}

static bool has_nul(const struct word *word)
{
	return strlen(word->text) != word->len;
}

static int accept_option(struct options *options, int code, const struct word *at,
			 const struct word *last)
{
	size_t index;
	const struct option_spec *which = find_row(options->spec, code, &index);
	const struct word *arg_word;

	assert(which);
	arg_word = which->arg && optarg == last->text ? last : at;
	if (has_nul(at) || has_nul(arg_word))
		return parse_error(options, OPTIONS_NUL, has_nul(at) ? at : arg_word);
	options->given[index] = (struct option_given){
		.word = at,
		.arg_word = arg_word,
		.arg = which->arg ? optarg : NULL,
	};
	/* --help is the last row of every table. */
	options->help |= !options_row(options->spec, index + 1);
	return 0;
}

static int scan_words(struct options *options, struct scan *scan, struct word *const *words,
		      size_t count, int verbatim)
{
	optind = 0; /* restart (glibc) */
	opterr = 0;
	for (;;) {
		size_t at = optind ? optind : 1;
		int code;

		if (verbatim > 0 && options->count == (size_t)verbatim && at < count) {
			options->args[options->count++] = words[at];
			optind = at + 1;
			continue;
		}
		code = getopt_long(count, scan->argv, scan->letters, scan->longs, NULL);
		if (code < 0)
			break;
		if (code == 1)
			options->args[options->count++] = words[at];
		else if (code == '?' || code == ':')
			return set_refusal(options, code, words[at]);
		else if (accept_option(options, code, words[at], words[optind - 1]))
			return -1;
	}
	options->ended = optind > 1 && !strcmp(scan->argv[optind - 1], "--");
	while ((size_t)optind < count)
		options->args[options->count++] = words[optind++];
	return 0;
}

int options_parse(struct options *options, const struct option_spec *spec,
		  struct word *const *words, size_t count, int verbatim)
{
	struct scan scan = { 0 };
	int err;

	*options = (struct options){ .spec = spec };
	options->args = alloc_zeroed(count, sizeof(*options->args));
	scan_prepare(&scan, spec, words, count, verbatim == OPTIONS_LEADING);
	err = scan_words(options, &scan, words, count, verbatim);
	free(scan.argv);
	return err;
}

void options_free(struct options *options)
{
	free(options->args);
	options->args = NULL;
}

const struct option_given *options_given(const struct options *options, unsigned int index)
{
	assert(options_row(options->spec, index + 1));
	return options->given[index].word ? &options->given[index] : NULL;
}

bool options_secret(const struct options *options)
{
	const struct option_spec *row;

	for (size_t i = 0; (row = options_row(options->spec, i)); i++) {
		if (row->secret && options->given[i].word)
			return true;
	}
	return false;
}

int options_fail(struct kvsh *sh, const struct options *options, const char *who)
{
	const struct option_spec *which = options->which;
	const struct word *at = options->at;
	const char *colon = who ? ": " : "";
	const char *space = who ? " " : "";
	const char *run = sh->source ? "" : "kvsh ";
	char shown[ESCAPE_SHORT];
	char letter[] = { '-', options->letter, '\0' };
	bool is_long = !strncmp(at->text, "--", 2);

	who = who ? who : "";
	/* In -xyz, show only the wrong letter. */
	escape_short(shown, is_long ? at->text : letter, is_long ? at->len : strlen(letter));
	switch (options->error) {
	case OPTIONS_ARG_MISSING:
		return fail(sh, &at->at, STATUS_USAGE, "%s%soption %s needs an argument (%s)", who,
			    colon, shown, which->arg);
	case OPTIONS_ARG_UNWANTED:
		return fail(sh, &at->at, STATUS_USAGE, "%s%soption --%s takes no argument", who,
			    colon, which->name);
	case OPTIONS_AMBIGUOUS:
		return fail(sh, &at->at, STATUS_USAGE,
			    "%s%soption \"%s\" is ambiguous; \"%shelp%s%s\" lists the options", who,
			    colon, shown, run, space, who);
	case OPTIONS_NUL:
		return fail(sh, &at->at, STATUS_USAGE, "%s%san option cannot contain a NUL byte",
			    who, colon);
	default:
		return fail(sh, &at->at, STATUS_USAGE,
			    "%s%sunknown option \"%s\"; \"%shelp%s%s\" lists the options, and "
			    "words after -- are not options",
			    who, colon, shown, run, space, who);
	}
}

/* The lines of the help begin in one column. */
static void print_row(FILE *out, const char *names, const char *help)
{
	for (const char *end; (end = strchr(help, '\n')); help = end + 1, names = "")
		fprintf(out, "  %-22s %.*s\n", names, (int)(end - help), help);
	fprintf(out, "  %-22s %s\n", names, help);
}

void options_help(FILE *out, const struct option_spec *spec)
{
	const struct option_spec *row;

	for (size_t i = 0; (row = options_row(spec, i)); i++) {
		char names[40];

		snprintf(names, sizeof(names), "%c%c%c --%s%s%s", row->letter ? '-' : ' ',
			 row->letter ? row->letter : ' ', row->letter ? ',' : ' ', row->name,
			 row->arg ? " " : "", row->arg ? row->arg : "");
		print_row(out, names, row->help);
	}
}
