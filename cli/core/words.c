// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * words.c - splits a command line into words with their places in it
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/escape.h"
#include "core/words.h"

/**
 * struct splitter - a line that is being split
 * @text: the line
 * @len: its bytes
 * @pos: the next byte
 * @line: number of the current line
 * @line_start: index of its first byte
 * @word: the current word so far; a buffer as large as @text
 * @word_len: bytes of @word
 * @words: the words so far
 * @error: filled with the first error
 */
struct splitter {
	const char *text;
	size_t len;
	size_t pos;
	unsigned int line;
	size_t line_start;
	char *word;
	size_t word_len;
	struct words *words;
	struct words_error *error;
};

static struct place place_of(const struct splitter *s, size_t pos)
{
	return (struct place){ s->line, pos - s->line_start + 1 };
}

static bool is_blank(char c)
{
	/* A newline outside quotes always follows a continuation. */
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool at_end(const struct splitter *s)
{
	return s->pos == s->len;
}

static void next_line(struct splitter *s)
{
	s->line++;
	s->line_start = s->pos;
}

static enum words_result split_error(struct splitter *s, struct place at, const char *message)
{
	s->error->at = at;
	snprintf(s->error->message, sizeof(s->error->message), "%s", message);
	return WORDS_ERROR;
}

static void add_byte(struct splitter *s, char c)
{
	s->word[s->word_len++] = c;
}

/* A backslash outside '...'. */
static enum words_result parse_escape(struct splitter *s)
{
	struct place at = place_of(s, s->pos++);
	size_t used;
	char c;

	/* Accept lines that end in \r\n. */
	if (!at_end(s) && s->text[s->pos] == '\r' &&
	    (s->pos + 1 == s->len || s->text[s->pos + 1] == '\n'))
		s->pos++;
	if (at_end(s)) {
		split_error(s, at, "a backslash continues this line, but no line follows");
		return WORDS_MORE;
	}
	if (s->text[s->pos] == '\n') {
		s->pos++;
		next_line(s);
		return WORDS_DONE;
	}
	used = escape_read(s->text + s->pos, s->len - s->pos, &c, s->error->message);
	if (!used) {
		s->error->at = at;
		return WORDS_ERROR;
	}
	add_byte(s, c);
	s->pos += used;
	return WORDS_DONE;
}

static enum words_result parse_quoted(struct splitter *s)
{
	struct place at = place_of(s, s->pos);
	char quote = s->text[s->pos++];
	enum words_result result;

	while (!at_end(s) && s->text[s->pos] != '\n') {
		char c = s->text[s->pos];

		if (c == quote) {
			s->pos++;
			return WORDS_DONE;
		}
		if (!c)
			return split_error(s, place_of(s, s->pos),
					   "a NUL byte must be written as \"\\x00\"");
		if (c == '\\' && quote == '"') {
			result = parse_escape(s);
			if (result != WORDS_DONE)
				return result;
			continue;
		}
		add_byte(s, c);
		s->pos++;
	}
	return split_error(s, at,
			   quote == '"' ? "this \" is not closed before the end of the line" :
					  "this ' is not closed before the end of the line");
}

static void add_word(struct splitter *s, struct place at, bool quoted)
{
	struct words *words = s->words;
	struct word *word = alloc_zeroed(1, sizeof(*word) + s->word_len + 1);

	word->at = at;
	word->quoted = quoted;
	word->len = s->word_len;
	memcpy(word->text, s->word, s->word_len);
	words->list = alloc_resize(words->list, words->count + 1, sizeof(*words->list));
	words->list[words->count++] = word;
}

static enum words_result parse_word(struct splitter *s)
{
	struct place at = place_of(s, s->pos);
	bool quoted = strchr("\\\"'", s->text[s->pos]) != NULL;
	enum words_result result = WORDS_DONE;

	s->word_len = 0;
	while (!at_end(s) && !is_blank(s->text[s->pos])) {
		char c = s->text[s->pos];

		if (!c)
			return split_error(s, place_of(s, s->pos),
					   "a NUL byte must be written as \"\\x00\"");
		if (c == '\\') {
			result = parse_escape(s);
		} else if (c == '"' || c == '\'') {
			result = parse_quoted(s);
		} else {
			add_byte(s, c);
			s->pos++;
		}
		if (result != WORDS_DONE)
			return result;
	}
	add_word(s, at, quoted);
	return WORDS_DONE;
}

/* True at a backslash that continues the line between words, where it acts as a blank. */
static bool is_continuation(const struct splitter *s)
{
	size_t after = s->pos + 1;

	if (s->text[s->pos] != '\\')
		return false;
	if (after < s->len && s->text[after] == '\r')
		after++;
	return after == s->len || s->text[after] == '\n';
}

static enum words_result skip_blanks(struct splitter *s)
{
	enum words_result result;

	while (!at_end(s)) {
		if (is_continuation(s)) {
			result = parse_escape(s);
			if (result != WORDS_DONE)
				return result;
		} else if (is_blank(s->text[s->pos])) {
			if (s->text[s->pos++] == '\n')
				next_line(s);
		} else if (s->text[s->pos] == '#') {
			while (!at_end(s) && s->text[s->pos] != '\n')
				s->pos++;
		} else {
			break;
		}
	}
	return WORDS_DONE;
}

enum words_result words_split(struct words *words, const char *text, size_t len, unsigned int line,
			      struct words_error *error)
{
	struct splitter s = {
		.text = text,
		.len = len,
		.line = line,
		.words = words,
		.error = error,
	};
	enum words_result result;

	*words = (struct words){ 0 };
	s.word = alloc_zeroed(len + 1, 1);
	for (;;) {
		result = skip_blanks(&s);
		if (result != WORDS_DONE || at_end(&s))
			break;
		result = parse_word(&s);
		if (result != WORDS_DONE)
			break;
	}
	free(s.word);
	if (result != WORDS_DONE)
		words_free(words);
	return result;
}

void words_from_argv(struct words *words, int argc, char *const *argv)
{
	words->count = argc;
	words->list = alloc_zeroed(argc, sizeof(*words->list));
	for (int i = 0; i < argc; i++) {
		size_t len = strlen(argv[i]);
		struct word *word = alloc_zeroed(1, sizeof(*word) + len + 1);

		word->len = len;
		memcpy(word->text, argv[i], len);
		words->list[i] = word;
	}
}

void words_free(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->list[i]);
	free(words->list);
	*words = (struct words){ 0 };
}
