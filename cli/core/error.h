/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * error.h - exit statuses and error messages
 */
#ifndef ERROR_H
#define ERROR_H

#include <stdio.h>

#include "core/kvsh.h"
#include "core/words.h"

/** enum status - exit statuses of commands and of kvsh; their numbers never change */
enum status {
	STATUS_DONE,
	STATUS_FAILED,
	STATUS_USAGE,
	STATUS_NO_KEY,
	STATUS_CONDITION,
	STATUS_PERMISSION,
	STATUS_NO_MODULE,
	STATUS_FULL,
	STATUS_TIMEOUT,
	STATUS_COUNT
};

/** status_of() - the status for an errno, negative or positive */
int status_of(int err);

/** status_meaning() - the description of a status in the help */
const char *status_meaning(enum status status);

/**
 * excerpt_show() - write the physical line of a place, and a caret
 * @out: output
 * @source: the line; a long one is cut around the caret
 * @at: a place in it
 *
 * Bytes that are not printable become \xNN, so that the line cannot control the
 * terminal. Tabs are kept and repeated before the caret to align both lines.
 */
void excerpt_show(FILE *out, const struct source *source, const struct place *at);

/**
 * fail() - print an error message
 * @sh: the shell; standard output is flushed first
 * @at: the place of the error in the line; NULL, or line 0, if it has none
 * @status: the exit status
 * @fmt: the message: no capital, no full stop, no newline
 *
 * The message of a single command begins with "kvsh: ". In a script it begins
 * with FILE:LINE:COLUMN, and the line follows with a caret. At the prompt
 * nothing is added.
 *
 * Return: @status.
 */
int fail(struct kvsh *sh, const struct place *at, int status, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * fail_in() - print an error message about a file that a command reads
 * @sh: the shell
 * @source: the file, from the line with the error
 * @at: the place of the error; always shown, with the line
 * @status: the exit status
 * @fmt: the message, as for fail()
 *
 * Return: @status.
 */
int fail_in(struct kvsh *sh, const struct source *source, const struct place *at, int status,
	    const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/**
 * error_text() - the message for an error of the library
 * @sh: the shell
 * @err: negative errno; -EDOM must be the result of the last request
 * @key: the key in question, or NULL
 *
 * For -EDOM, the message is the reason that the kernel module gave, followed by
 * the name of the module that declared @key.
 *
 * Return: the message; free it.
 */
char *error_text(struct kvsh *sh, int err, const char *key);

/**
 * check_stdout() - flush standard output and report a failure
 * @sh: the shell; it quits, as nothing more can be printed
 * @at: the place of the command
 * @status: the status of the command so far
 *
 * Return: @status; STATUS_FAILED instead of 0 on failure.
 */
int check_stdout(struct kvsh *sh, const struct place *at, int status);

/** note() - print a message that is no error, unless --quiet was given */
void note(struct kvsh *sh, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif /* ERROR_H */
