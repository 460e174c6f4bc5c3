/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script.h - commands from a file, one a line
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "core/kvsh.h"

/**
 * script_run() - run a script
 * @sh: the shell; with keep_going it does not stop at the first failure
 * @name: its file; "-" or NULL for standard input
 *
 * Return: the status of the first failure, or 0.
 */
int script_run(struct kvsh *sh, const char *name);

#endif /* SCRIPT_H */
