// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tab.c - what Tab offers at the prompt
 *
 * The line before the cursor is split by what will run it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <readline/readline.h>

#include "core/alloc.h"
#include "terminal/complete.h"
#include "terminal/tab.h"

/* readline's functions have no argument of ours. */
static struct kvsh *shell;

/* What may stand at the cursor, and which of it offer() gives next. */
static struct completion completion;
static size_t next;

/* Names that would have to be quoted are left out. */
static void add_files(struct completion *c)
{
	const char *before = c->files, *text = c->text + strlen(before);
	char *name;

	for (int state = 0; (name = rl_filename_completion_function(text, state)); state = 1) {
		if (!name[strcspn(name, " \t\r\n\\\"'")])
			complete_add(c, before, name);
		free(name);
	}
	/* The prefix hides from readline what is a folder. */
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

static char *offer(const char *text, int state)
{
	(void)text;
	if (!state)
		next = 0;
	/* readline frees what it is given, and offers none twice. */
	return next < completion.count ? completion.list[next++] : NULL;
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
	completion = (struct completion){ .text = text, .quoted = rl_completion_quote_character };
	/* A quote that is open belongs to the word at the cursor. */
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
	matches = rl_completion_matches(text, offer);
	free(completion.list);
	return matches;
}

void tab_prepare(struct kvsh *sh)
{
	shell = sh;
	rl_attempted_completion_function = complete;
	/* Keys hold : / @ + - and so does @FILE. */
	rl_basic_word_break_characters = " \t\n\"'";
	rl_completer_word_break_characters = " \t\n\"'";
	rl_completer_quote_characters = "\"'";
}
