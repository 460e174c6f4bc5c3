/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operations done in the kernel and on the model, and compared */
#ifndef RUN_H
#define RUN_H

#include "operation.h"

/* Results that came up, by operation and errno, while @counting. */
#define ERRNOS 140
extern unsigned long results[KINDS][ERRNOS];
extern bool counting;

/* How the operation differed that run() ended with. */
extern char difference[256];

/* Do them in a store that is new: the number of those that did the same on both. */
unsigned int run(const struct operation *operations, unsigned int count);

#endif
