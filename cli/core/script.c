// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * script.c - runs the commands of a file
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/dispatch.h"
#include "core/error.h"
#include "core/script.h"
#include "core/txn.h"
#include "core/words.h"

/*
 * The maximum length of a command with its continued lines: each further line
 * splits it again, and a device that is read by mistake must not fill the memory.
 */
#define COMMAND_MAX 65536

enum got {
	GOT_LINE,
	GOT_END,
	GOT_ERROR, /* see errno; EMSGSIZE: the command is too long */
};

/**
 * struct reader - a script that is being read
 * @file: the file
 * @name: its name in messages
 * @text: the command that is being read: COMMAND_MAX bytes
 * @len: bytes of @text
 * @line: number of the command's first line
 * @next: number of the next line
 */
struct reader {
	FILE *file;
	const char *name;
	char *text;
	size_t len;
	unsigned int line;
	unsigned int next;
};

/* Append the next physical line, without its newline, to the command. */
static enum got read_line(struct reader *reader)
{
	bool any = false;
	int c;

	errno = 0;
	while ((c = getc_unlocked(reader->file)) != EOF) {
		any = true;
		if (c == '\n')
			break;
		if (reader->len == COMMAND_MAX) {
			errno = EMSGSIZE;
			return GOT_ERROR;
		}
		reader->text[reader->len++] = c;
	}
	if (c == EOF && ferror(reader->file))
		return GOT_ERROR;
	if (!any)
		return GOT_END;
	reader->next++;
	return GOT_LINE;
}

static void skip_bom(struct reader *reader)
{
	static const char bom[] = "\xef\xbb\xbf";

	if (reader->next == 2 && reader->len >= strlen(bom) &&
	    !memcmp(reader->text, bom, strlen(bom))) {
		reader->len -= strlen(bom);
		memmove(reader->text, reader->text + strlen(bom), reader->len);
	}
}

/* Read one command with its continued lines, and split it. */
static enum got read_command(struct reader *reader, struct words *words, enum words_result *result,
			     struct words_error *error)
{
	enum got got;

	reader->len = 0;
	reader->line = reader->next;
	got = read_line(reader);
	if (got != GOT_LINE)
		return got;
	skip_bom(reader);
	for (;;) {
		*result = words_split(words, reader->text, reader->len, reader->line, error);
		if (*result != WORDS_MORE)
			return GOT_LINE;
		if (reader->len < COMMAND_MAX)
			reader->text[reader->len++] = '\n';
		got = read_line(reader);
		if (got == GOT_ERROR)
			return got;
		if (got == GOT_END) {
			reader->len--;
			return GOT_LINE;
		}
	}
}

static int fail_read(struct kvsh *sh, const struct reader *reader, int err)
{
	sh->source = NULL;
	sh->quit = true;
	if (err == EMSGSIZE)
		return fail(sh, NULL, STATUS_USAGE, "%s:%u: a command is longer than %d bytes",
			    reader->name, reader->line, COMMAND_MAX);
	return fail(sh, NULL, STATUS_FAILED, "cannot read %s: %s", reader->name, strerror(err));
}

/* Run the next command and return its status; set sh->quit at the end. */
static int run_next(struct kvsh *sh, struct reader *reader)
{
	enum words_result result = WORDS_DONE;
	struct words_error error;
	struct source source;
	struct words words;
	int status;

	switch (read_command(reader, &words, &result, &error)) {
	case GOT_ERROR:
		return fail_read(sh, reader, errno);
	case GOT_END:
		sh->quit = true;
		return STATUS_DONE;
	case GOT_LINE:
		break;
	}
	source = (struct source){ reader->name, reader->text, reader->len, reader->line };
	sh->source = &source;
	if (result == WORDS_DONE) {
		status = run_line(sh, &words);
		words_free(&words);
	} else {
		status = fail(sh, &error.at, STATUS_USAGE, "%s", error.message);
	}
	sh->source = NULL;
	return status;
}

int script_run(struct kvsh *sh, const char *name)
{
	struct reader reader = { .name = name, .line = 1, .next = 1 };
	int status, first = STATUS_DONE;

	sh->mode = MODE_SCRIPT;
	if (!name || !strcmp(name, "-")) {
		sh->script_on_stdin = true;
		reader.name = "<stdin>";
		reader.file = stdin;
	} else {
		reader.file = fopen(name, "re");
	}
	if (!reader.file)
		return fail_read(sh, &reader, errno);

	reader.text = alloc_bytes(COMMAND_MAX);
	if (sh->atomic)
		txn_begin(sh, NULL);
	while (!sh->quit && (!first || sh->keep_going)) {
		status = run_next(sh, &reader);
		if (status && sh->txn)
			txn_spoil(sh, status);
		if (!first)
			first = status;
	}
	status = txn_end(sh, first && !sh->keep_going);
	if (!first)
		first = status;
	free(reader.text);
	if (reader.file != stdin)
		fclose(reader.file);
	return first;
}
