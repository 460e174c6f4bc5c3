/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kvbench: Redis, and commands of its protocol (RESP) with the expected replies */
#ifndef BENCH_REDIS_H
#define BENCH_REDIS_H

#include "kvbench.h"
#include "server.h"

void redis_start(void);

/* For redis_get(), @value is the expected value. */
struct exchange redis_get(const char *key, const char *value);
struct exchange redis_set(const char *key, const char *value);

/* Get the first @row->units keys, which all have the value @value. */
struct exchange redis_mget(const struct row *row, const char *value);

#endif
