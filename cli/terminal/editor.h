/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * editor.h - the user's editor
 */
#ifndef EDITOR_H
#define EDITOR_H

#include "core/call.h"

/**
 * editor_run() - let the user edit a file
 * @call: the command
 * @file: the file
 *
 * $VISUAL or $EDITOR, which may be a command with arguments; or else editor or vi.
 * Says what went wrong.
 *
 * Return: an enum status.
 */
int editor_run(struct call *call, const char *file);

#endif /* EDITOR_H */
