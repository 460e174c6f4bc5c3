// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * interactive.c - runs the commands that are entered at the prompt
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kv.h>

#include "core/alloc.h"
#include "core/dispatch.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/store.h"
#include "core/txn.h"
#include "terminal/complete.h"
#include "terminal/history.h"
#include "terminal/interactive.h"
#include "terminal/prompt.h"

#define PROMPT_MAX (ESCAPE_SHORT + sizeof("kvsh  txn> "))

/**
 * struct session - a session at the prompt
 * @sh: the shell
 * @history: its history
 * @entered: the last input; several lines if text was pasted
 * @left: the lines of @entered that were not read yet, or NULL
 * @source: the command so far, with its continued lines
 * @text: the buffer of @source
 */
struct session {
	struct kvsh *sh;
	struct history history;
	char *entered;
	char *left;
	struct source source;
	char *text;
};

/* Read the next line, from the pasted text or the terminal. */
static enum prompt_result next_line(struct session *session, const char *prompt, const char **line,
				    size_t *len)
{
	if (!session->left) {
		enum prompt_result result;

		free(session->entered);
		result = prompt_read(prompt, &session->entered);
		if (result != PROMPT_LINE)
			return result;
		session->left = session->entered;
	}
	*line = session->left;
	*len = strcspn(session->left, "\n");
	session->left = (*line)[*len] ? session->left + *len + 1 : NULL;
	return PROMPT_LINE;
}

static void append_line(struct session *session, const char *text, size_t len)
{
	struct source *source = &session->source;

	session->text = alloc_resize(session->text, source->len + len + 1, 1);
	memcpy(session->text + source->len, text, len);
	source->len += len;
	source->text = session->text;
}

static void run_command(struct session *session, enum words_result result, struct words *words,
			const struct words_error *error)
{
	struct kvsh *sh = session->sh;
	const struct source *source = &session->source;
	char *text = alloc_copy(source->text, source->len);

	/* Assume --private until the options are parsed. */
	sh->secret = strstr(text, "-p") || strstr(text, "private");
	free(text);
	if (result == WORDS_DONE) {
		run_line(sh, words);
		words_free(words);
	} else {
		fail(sh, &error->at, STATUS_USAGE, "%s", error->message);
		excerpt_show(stderr, source, &error->at);
	}
	history_keep(&session->history, sh, source->text, source->len, sh->secret);
}

/* "kvsh NAMESPACE txn> ", without the parts that do not apply. */
static void make_prompt(const struct session *session, char prompt[PROMPT_MAX])
{
	const struct kvsh *sh = session->sh;
	const char *netns = sh->netns ? sh->netns : "";
	char shown[ESCAPE_SHORT];

	if (session->source.len)
		snprintf(prompt, PROMPT_MAX, "> ");
	else
		snprintf(prompt, PROMPT_MAX, "kvsh%s%s%s> ", *netns ? " " : "",
			 escape_short(shown, netns, strlen(netns)), sh->txn ? " txn" : "");
}

/* Read one command and run it; the result of reading its last line. */
static enum prompt_result read_and_run(struct session *session)
{
	enum words_result split;
	struct words_error error;
	struct words words;
	const char *line;
	size_t len;

	session->source = (struct source){ .name = "<terminal>", .line = 1 };
	for (;;) {
		char prompt[PROMPT_MAX];
		enum prompt_result result;

		make_prompt(session, prompt);

		session->sh->source = &session->source;
		result = next_line(session, prompt, &line, &len);
		if (result != PROMPT_LINE)
			return result;
		append_line(session, line, len);
		split = words_split(&words, session->source.text, session->source.len, 1, &error);
		if (split != WORDS_MORE)
			break;
		append_line(session, "\n", 1);
	}
	run_command(session, split, &words, &error);
	return PROMPT_LINE;
}

int interactive_run(struct kvsh *sh)
{
	struct session session = { .sh = sh };
	int err;

	sh->mode = MODE_INTERACTIVE;
	err = store_open(sh);
	if (err)
		return fail(sh, NULL, status_of(err), "%s", kv_strerror(err));
	/* readline needs the character set; messages are not translated. */
	setlocale(LC_CTYPE, "");
	prompt_prepare();
	complete_prepare(sh);
	history_open(&session.history, sh);
	if (!sh->quiet)
		fputs("kvstore shell: \"help\" lists the commands, Tab completes, Ctrl-D ends\n",
		      stderr);
	while (!sh->quit) {
		if (read_and_run(&session) == PROMPT_END) {
			fputc('\n', stderr);
			break;
		}
	}
	txn_end(sh, false);
	history_close(&session.history);
	free(session.entered);
	free(session.text);
	return STATUS_DONE;
}
