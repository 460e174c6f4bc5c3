/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * excerpt.h - prints the line with an error, and a caret under its place
 */
#ifndef EXCERPT_H
#define EXCERPT_H

#include <stdio.h>

#include "core/kvsh.h"
#include "core/words.h"

/**
 * excerpt_show() - write the physical line of a place, and a caret
 * @out: output
 * @source: the line; a long one is cut around the caret
 * @at: a place in it
 */
void excerpt_show(FILE *out, const struct source *source, const struct place *at);

#endif /* EXCERPT_H */
