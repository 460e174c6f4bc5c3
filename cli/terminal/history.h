/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * history.h - keeps the lines of earlier sessions
 *
 * The file is $KVSH_HISTORY (none if that is empty), or else kvsh/history in
 * $XDG_STATE_HOME or ~/.local/state. Only its owner can read it. A line is
 * appended when it is run; HISTORY_MAX lines are kept.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/kvsh.h"

#define HISTORY_MAX 1000

/** struct history - the history file; @path is NULL if there is none */
struct history {
	char *path;
};

/** history_open() - find the file, restrict its mode and read it */
void history_open(struct history *history, struct kvsh *sh);

/**
 * history_keep() - add a line that was run
 * @history: from history_open()
 * @sh: the shell
 * @text: @len bytes; a continued line contains newlines
 * @len: bytes
 * @secret: keep the line out of the file
 *
 * Ignores a line that begins with a space or equals the previous one.
 */
void history_keep(struct history *history, struct kvsh *sh, const char *text, size_t len,
		  bool secret);

/** history_close() - truncate the file to HISTORY_MAX lines */
void history_close(struct history *history);

#endif /* HISTORY_H */
