/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * complete.h - what Tab offers
 */
#ifndef COMPLETE_H
#define COMPLETE_H

#include "kvsh.h"

/**
 * complete_prepare() - complete commands, options, keys and files
 * @sh: the shell; its source is what was typed in the lines before, of a
 *      command that is continued
 */
void complete_prepare(struct kvsh *sh);

#endif /* COMPLETE_H */
