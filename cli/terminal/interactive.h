/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interactive.h - runs the commands that are entered at the prompt
 */
#ifndef INTERACTIVE_H
#define INTERACTIVE_H

#include "core/kvsh.h"

/** interactive_run() - read and run commands up to quit or Ctrl-D; returns an enum status */
int interactive_run(struct kvsh *sh);

#endif /* INTERACTIVE_H */
