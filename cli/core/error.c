// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * error.c - exit statuses and error messages
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

#include <kv.h>

#include "core/alloc.h"
#include "core/color.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/store.h"

/* clang-format off */
static const char *const meanings[STATUS_COUNT] = {
	[STATUS_DONE]		= "done",
	[STATUS_FAILED]		= "another failure, such as an unreadable file or a refused value",
	[STATUS_USAGE]		= "wrong usage, wrong syntax, or an invalid character in a key",
	[STATUS_NO_KEY]		= "no such key",
	[STATUS_CONDITION]	= "a condition did not hold (--create, --if-rev, ...), or diff found changes",
	[STATUS_PERMISSION]	= "not permitted",
	[STATUS_NO_MODULE]	= "the kvstore module is not loaded, or speaks another protocol",
	[STATUS_FULL]		= "the store is full, or a key, value or transaction is too long",
	[STATUS_TIMEOUT]	= "timed out",
};

static const struct { int err; enum status status; } statuses[] = {
	{ EINVAL,		STATUS_USAGE },
	{ ENOENT,		STATUS_NO_KEY },
	{ EEXIST,		STATUS_CONDITION },
	{ ESTALE,		STATUS_CONDITION },
	{ EPERM,		STATUS_PERMISSION },
	{ EACCES,		STATUS_PERMISSION },
	{ EROFS,		STATUS_PERMISSION },	/* sealed */
	{ ENOPROTOOPT,		STATUS_NO_MODULE },
	{ EPROTONOSUPPORT,	STATUS_NO_MODULE },
	{ EOPNOTSUPP,		STATUS_NO_MODULE },
	{ ENOSPC,		STATUS_FULL },
	{ EDQUOT,		STATUS_FULL },
	{ EMSGSIZE,		STATUS_FULL },
	{ ENAMETOOLONG,		STATUS_FULL },
	{ ETIMEDOUT,		STATUS_TIMEOUT },
};
/* clang-format on */

int status_of(int err)
{
	if (!err)
		return STATUS_DONE;
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		if (statuses[i].err == abs(err))
			return statuses[i].status;
	}
	return STATUS_FAILED;
}

const char *status_meaning(enum status status)
{
	return meanings[status];
}

/* The columns that are shown of a line. */
#define WIDTH 76
/* The columns that are shown before the caret if the beginning is cut. */
#define WIDTH_BEFORE 36

/* The length in bytes of the character at text, and its width in columns. */
static size_t measure_character(const char *text, size_t len, size_t *width)
{
	size_t size = utf8_printable(text, len);

	if (*text == '\t') {
		*width = 8;
		return 1;
	}
	*width = size ? 1 : strlen("\\xNN");
	return size ? size : 1;
}

static size_t width_of(const char *text, size_t len)
{
	size_t total = 0, width;

	for (size_t pos = 0; pos < len;) {
		pos += measure_character(text + pos, len - pos, &width);
		total += width;
	}
	return total;
}

/* Write up to room columns of text, as blanks if hidden; the bytes written. */
static size_t show_text(FILE *out, const char *text, size_t len, size_t room, bool hidden)
{
	size_t pos = 0, size, width;

	for (; pos < len; pos += size) {
		size = measure_character(text + pos, len - pos, &width);
		if (width > room)
			break;
		room -= width;
		if (text[pos] == '\t')
			fputc('\t', out);
		else if (hidden)
			fprintf(out, "%*s", (int)width, "");
		else if (width > 1)
			fprintf(out, "\\x%02x", (unsigned char)text[pos]);
		else
			fwrite(text + pos, 1, size, out);
	}
	return pos;
}

/* The number of bytes to cut at the beginning to show the caret. */
static size_t find_cut(const char *line, size_t len, size_t caret)
{
	size_t excess, start = 0, width;

	if (width_of(line, len) <= WIDTH || width_of(line, caret) <= WIDTH - WIDTH_BEFORE)
		return 0;
	excess = width_of(line, caret) - WIDTH_BEFORE;
	while (start < caret && excess) {
		start += measure_character(line + start, len - start, &width);
		excess -= width < excess ? width : excess;
	}
	return start;
}

void excerpt_show(FILE *out, const struct source *source, const struct place *at)
{
	const char *line = source->text, *end = line + source->len, *newline;
	size_t len, start, caret, shown;

	for (unsigned int i = source->line; i < at->line; i++) {
		newline = memchr(line, '\n', end - line);
		if (!newline)
			return;
		line = newline + 1;
	}
	newline = memchr(line, '\n', end - line);
	len = (newline ? newline : end) - line;
	if (len && line[len - 1] == '\r')
		len--;
	caret = at->column - 1 < len ? at->column - 1 : len;
	start = find_cut(line, len, caret);

	fputs(start ? "  ..." : "  ", out);
	shown = show_text(out, line + start, len - start, WIDTH, false);
	fputs(start + shown < len ? "...\n  " : "\n  ", out);
	fputs(start ? "   " : "", out);
	show_text(out, line + start, caret - start, WIDTH, true);
	fputs("^\n", out);
}

static void print_message(struct kvsh *sh, const struct source *source, const struct place *at,
			  const char *fmt, va_list args)
{
	/* Keep the order of output and errors. */
	fflush(stdout);
	color_begin(stderr, sh->color_err, COLOR_ERROR);
	if (source)
		fprintf(stderr, "%s:%u:%u: ", source->name, at->line, at->column);
	else if (!sh->source)
		fputs("kvsh: ", stderr);
	vfprintf(stderr, fmt, args);
	color_end(stderr, sh->color_err);
	fputc('\n', stderr);
	if (source)
		excerpt_show(stderr, source, at);
}

int fail(struct kvsh *sh, const struct place *at, int status, const char *fmt, ...)
{
	bool placed = sh->source && at && at->line && sh->mode == MODE_SCRIPT;
	va_list args;

	va_start(args, fmt);
	print_message(sh, placed ? sh->source : NULL, at, fmt, args);
	va_end(args);
	return status;
}

int fail_in(struct kvsh *sh, const struct source *source, const struct place *at, int status,
	    const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_message(sh, source, at, fmt, args);
	va_end(args);
	return status;
}

static int write_module(const struct kv_param *param, void *arg)
{
	FILE *out = arg;

	fputs(" (module ", out);
	escape_message(out, param->module);
	fputs(")", out);
	return 0;
}

char *error_text(struct kvsh *sh, int err, const char *key)
{
	const char *reason = err == -EDOM ? kv_reason(sh->kv) : "";
	char *words = NULL;
	size_t len;
	FILE *out = check_alloc(open_memstream(&words, &len));

	/* The reason may quote the value, which can contain any byte. */
	escape_message(out, *reason ? reason : kv_strerror(err));
	/* The message stands without the name of the module if that cannot be read. */
	if (err == -EDOM && key)
		declared_one(sh->kv, key, write_module, out);
	fclose(out);
	return check_alloc(words);
}

void note(struct kvsh *sh, const char *fmt, ...)
{
	va_list args;

	if (sh->quiet)
		return;
	fflush(stdout);
	fputs("kvsh: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

int check_stdout(struct kvsh *sh, const struct place *at, int status)
{
	bool failed = ferror(stdout);
	int err;

	errno = 0;
	if (fflush(stdout))
		failed = true;
	if (!failed)
		return status;
	err = errno;
	/* Unwritten output must not precede the output of a later command. */
	__fpurge(stdout);
	clearerr(stdout);
	/* Ctrl-C at the prompt: the rest of the output is not wanted. */
	if (err == EINTR && sh->mode == MODE_INTERACTIVE)
		return status ? status : STATUS_FAILED;
	if (sh->mode != MODE_INTERACTIVE)
		sh->quit = true;
	fail(sh, at, STATUS_FAILED, "cannot write to standard output%s%s", err ? ": " : "",
	     err ? strerror(err) : "");
	return status ? status : STATUS_FAILED;
}
