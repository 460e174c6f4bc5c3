/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * color.h - colours on a terminal
 */
#ifndef COLOR_H
#define COLOR_H

#include <stdbool.h>
#include <stdio.h>

#include "core/kvsh.h"

#define COLOR_KEY "36" /* cyan */
#define COLOR_ERROR "31" /* red */
#define COLOR_ADDED "32" /* green */
#define COLOR_REMOVED "31" /* red */

/**
 * color_choose() - decide whether to use colours
 * @sh: color_out and color_err are set
 * @when: "auto" (on a terminal, unless NO_COLOR is set), "always" or "never"
 *
 * Return: false if @when is something else.
 */
bool color_choose(struct kvsh *sh, const char *when);

/** color_begin() - switch to a colour, if @on */
void color_begin(FILE *out, bool on, const char *color);

/** color_end() - switch back to the default colour, if @on */
void color_end(FILE *out, bool on);

#endif /* COLOR_H */
