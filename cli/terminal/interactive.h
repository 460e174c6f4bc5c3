/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interactive.h - commands at a prompt
 */
#ifndef INTERACTIVE_H
#define INTERACTIVE_H

#include "core/kvsh.h"

/** interactive_run() - read and run commands until quit or Ctrl-D; returns an enum status */
int interactive_run(struct kvsh *sh);

#endif /* INTERACTIVE_H */
