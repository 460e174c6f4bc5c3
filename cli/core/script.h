/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script.h - runs the commands of a file
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "core/kvsh.h"

/**
 * script_run() - run a script
 * @sh: the shell; without keep_going the first failure ends the script
 * @name: the file; "-" or NULL for standard input
 *
 * Return: the status of the first failure, or 0.
 */
int script_run(struct kvsh *sh, const char *name);

#endif /* SCRIPT_H */
