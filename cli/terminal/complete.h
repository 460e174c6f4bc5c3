/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * complete.h - completion of a command line, at the prompt and for other shells
 */
#ifndef COMPLETE_H
#define COMPLETE_H

#include "core/options.h"

/**
 * complete_run() - print the completions of the last operand, one per line
 * @sh: the shell
 * @options: those of kvsh, with --complete; its operands are the arguments of
 *           another kvsh, which may begin with options
 *
 * A line =files, optionally followed by a space and an @, stands for file names
 * and the text before them: no key, option or command contains a =.
 *
 * Return: an enum status.
 */
int complete_run(struct kvsh *sh, const struct options *options);

/**
 * complete_prepare() - let Tab complete commands, options, keys and files at the prompt
 * @sh: the shell; its source holds the earlier lines of a command that is continued
 */
void complete_prepare(struct kvsh *sh);

#endif /* COMPLETE_H */
