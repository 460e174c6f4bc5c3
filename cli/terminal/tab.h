/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tab.h - what Tab offers at the prompt
 */
#ifndef TAB_H
#define TAB_H

#include "core/kvsh.h"

/**
 * tab_prepare() - complete commands, options, keys and files
 * @sh: the shell; its source is what was typed in the lines before, of a
 *      command that is continued
 */
void tab_prepare(struct kvsh *sh);

#endif /* TAB_H */
