/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_THREADS_H
#define BENCH_THREADS_H

#include <stdbool.h>

/* Print the GETs per second of 1, 2, 4, ... @most processors. */
void threads_run(bool tsv, unsigned int most);

#endif
