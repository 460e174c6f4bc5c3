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
#include "core/excerpt.h"

/* clang-format off */
static const char *const meanings[STATUS_COUNT] = {
	[STATUS_DONE]		= "done",
	[STATUS_FAILED]		= "another failure: a file that cannot be read, a value that a module refuses",
	[STATUS_USAGE]		= "wrong usage, syntax, or characters in a key",
	[STATUS_NO_KEY]		= "no such key",
	[STATUS_CONDITION]	= "a condition did not hold (--create, --if-rev, require), or diff differs",
	[STATUS_PERMISSION]	= "not permitted",
	[STATUS_NO_MODULE]	= "the kvstore module is not loaded, or speaks another protocol",
	[STATUS_FULL]		= "the store is full, or the key, value or transaction too long",
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

char *error_text(struct kvsh *sh, int err)
{
	char *words = NULL;
	size_t len;
	FILE *out = check_alloc(open_memstream(&words, &len));

	fputs(kv_strerror(err), out);
	if (err == -EDOM && *kv_reason(sh->kv)) {
		fputs(": ", out);
		/* The reason may quote the value, which can contain any byte. */
		escape_message(out, kv_reason(sh->kv));
	}
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
