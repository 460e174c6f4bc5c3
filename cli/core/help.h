/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * help.h - what the tables say, to be read
 */
#ifndef HELP_H
#define HELP_H

#include <stdio.h>

#include "core/command.h"

/** help_all() - how kvsh is used: commands, options and exit statuses */
void help_all(FILE *out);

/** help_command() - how one command is used */
void help_command(FILE *out, const struct command *command);

/** global_options - the options of kvsh itself (main.c) */
extern const struct option_spec global_options[];

#endif /* HELP_H */
