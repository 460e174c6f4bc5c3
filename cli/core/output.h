/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output.h - colours, and whether the output arrived
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "core/kvsh.h"
#include "core/words.h"

#define COLOR_KEY "36" /* cyan */
#define COLOR_ERROR "31" /* red */
#define COLOR_ADDED "32" /* green */
#define COLOR_REMOVED "31" /* red */

/**
 * output_color() - decide on colours
 * @sh: color_out and color_err are set
 * @when: "auto" (on a terminal, unless NO_COLOR is set), "always" or "never"
 *
 * Return: false if @when is something else.
 */
bool output_color(struct kvsh *sh, const char *when);

void color_begin(FILE *out, bool on, const char *color);
void color_end(FILE *out, bool on);

/**
 * output_check() - flush standard output and say so if that fails
 * @sh: the shell; it quits, as there is no use in going on
 * @at: the command
 * @status: of the command so far
 *
 * Return: @status, or STATUS_FAILED where that was 0.
 */
int output_check(struct kvsh *sh, const struct place *at, int status);

#endif /* OUTPUT_H */
