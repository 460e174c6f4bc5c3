// SPDX-License-Identifier: GPL-2.0-only
/* The tracepoints of kvstore_kunit.ko. Their events belong to kvstore.ko. */
#include <linux/string.h>

#include "trace.h"

#undef TRACE_EVENT
#define TRACE_EVENT(_name, _proto, _args, ...) DEFINE_TRACE(_name, PARAMS(_proto), PARAMS(_args))
#define TRACE_HEADER_MULTI_READ
#include "trace.h"
