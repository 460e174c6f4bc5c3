/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Run operations on the kernel and on the model, and compare the results */
#ifndef RUN_H
#define RUN_H

#include "operation.h"

/* Number of results by operation and errno, counted while @counting is true */
#define ERRNOS 140
extern unsigned long results[KINDS][ERRNOS];
extern bool counting;

/* Description of the difference at which run() stopped */
extern char difference[256];

/* Run operations in a new store up to the first difference: the number that agreed. */
unsigned int run(const struct operation *operations, unsigned int count);

#endif
