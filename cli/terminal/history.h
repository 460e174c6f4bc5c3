/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * history.h - the lines of earlier sessions
 *
 * They are kept in $KVSH_HISTORY (nowhere, if that is empty), or else in
 * kvsh/history under $XDG_STATE_HOME or ~/.local/state: readable by the owner
 * only, one line after the other as they are run, HISTORY_MAX at most.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/kvsh.h"

#define HISTORY_MAX 1000

/** struct history - where they are kept; @path is NULL if nowhere */
struct history {
	char *path;
};

/** history_open() - find the file, make it safe and read it */
void history_open(struct history *history, struct kvsh *sh);

/**
 * history_keep() - keep a line that was run
 * @history: from history_open()
 * @sh: the shell
 * @text: @len bytes; of a continued line with the newlines inside
 * @len: bytes
 * @secret: for this session only
 *
 * A line that begins with a space, or is the same as the one before, is not kept.
 */
void history_keep(struct history *history, struct kvsh *sh, const char *text, size_t len,
		  bool secret);

/** history_close() - cut the file to its length */
void history_close(struct history *history);

#endif /* HISTORY_H */
