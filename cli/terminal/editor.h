/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * editor.h - runs the user's editor
 */
#ifndef EDITOR_H
#define EDITOR_H

#include "core/call.h"

/**
 * editor_run() - let the user edit a file
 * @call: the command
 * @file: the file
 *
 * It is $VISUAL or $EDITOR, which may have arguments, or else editor or vi.
 * Reports errors.
 *
 * Return: an enum status.
 */
int editor_run(struct call *call, const char *file);

#endif /* EDITOR_H */
