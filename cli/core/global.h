/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * global.h - the options and the help of kvsh itself
 */
#ifndef GLOBAL_H
#define GLOBAL_H

#include <stdio.h>

#include "core/options.h"

/** enum global_option - indices of global_options */
enum global_option {
	GLOBAL_FILE,
	GLOBAL_ATOMIC,
	GLOBAL_KEEP_GOING,
	GLOBAL_JSON,
	GLOBAL_QUIET,
	GLOBAL_NETNS,
	GLOBAL_COLOR,
	GLOBAL_COMPLETE,
	GLOBAL_VERSION,
};

/** global_options - the options of kvsh itself */
extern const struct option_spec global_options[];

/** print_help() - print how kvsh is used: commands, options and exit statuses */
void print_help(FILE *out, const struct kvsh *sh);

#endif /* GLOBAL_H */
