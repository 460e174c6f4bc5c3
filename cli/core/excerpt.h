/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * excerpt.h - the line at fault, and a caret under the place
 */
#ifndef EXCERPT_H
#define EXCERPT_H

#include <stdio.h>

#include "core/kvsh.h"
#include "core/words.h"

/**
 * excerpt_show() - write the physical line of a place, and a caret
 * @out: where to
 * @source: the line; a long one is cut around the caret
 * @at: a place in it
 */
void excerpt_show(FILE *out, const struct source *source, const struct place *at);

#endif /* EXCERPT_H */
