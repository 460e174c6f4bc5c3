/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * error.h - exit statuses, and how errors are told
 */
#ifndef ERROR_H
#define ERROR_H

#include "core/kvsh.h"
#include "core/words.h"

/** enum status - what a command and the program end with; never changed */
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

/** status_of() - the status of an error of the library, negative or positive */
int status_of(int err);

/** status_meaning() - a status in words, for the help */
const char *status_meaning(enum status status);

/**
 * fail() - say what went wrong
 * @sh: the shell; standard output is flushed first
 * @at: what is at fault; NULL or without a line if it has no place
 * @status: to end with
 * @fmt: the message: no capital, no full stop, no newline
 *
 * A command's message begins with "kvsh: "; a script's with FILE:LINE:COLUMN
 * and is followed by the line and a caret; an interactive one stands alone.
 *
 * Return: @status.
 */
int fail(struct kvsh *sh, const struct place *at, int status, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * fail_in() - say what is wrong with a file that a command reads
 * @sh: the shell
 * @source: the file, from the line at fault on
 * @at: what is at fault; it and the line are shown whichever way commands come in
 * @status: to end with
 * @fmt: the message, as of fail()
 *
 * Return: @status.
 */
int fail_in(struct kvsh *sh, const struct source *source, const struct place *at, int status,
	    const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/**
 * error_words() - an error in words
 * @sh: the shell
 * @err: negative errno of the library; with -EDOM, of the last change that was tried
 *
 * Return: the words, with the reason where a kernel module gave one; to be freed.
 */
char *error_words(struct kvsh *sh, int err);

/**
 * check_stdout() - flush standard output and report a failure
 * @sh: the shell; it quits, as nothing more can be printed
 * @at: the command
 * @status: of the command so far
 *
 * Return: @status, or STATUS_FAILED where that was 0.
 */
int check_stdout(struct kvsh *sh, const struct place *at, int status);

/** note() - say something that is no error, unless --quiet */
void note(struct kvsh *sh, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif /* ERROR_H */
