/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kvbench: Redis, and the commands of its protocol (RESP) with the replies to them */
#ifndef BENCH_REDIS_H
#define BENCH_REDIS_H

#include "kvbench.h"
#include "server.h"

void redis_start(void);

/* The value is that which the key has been given. */
struct exchange redis_get(const char *key, const char *value);
struct exchange redis_set(const char *key, const char *value);

/* Of the first @row->units keys, which all have that value */
struct exchange redis_mget(const struct row *row, const char *value);

#endif
