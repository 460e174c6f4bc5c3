// SPDX-License-Identifier: GPL-2.0-only
/* The tracepoints of trace.h for kvstore_kunit.ko, without the events, which kvstore.ko has */
#include <linux/string.h>

#include "trace.h"

#undef TRACE_EVENT
#define TRACE_EVENT(_name, _proto, _args, ...) DEFINE_TRACE(_name, PARAMS(_proto), PARAMS(_args))
#define TRACE_HEADER_MULTI_READ
#include "trace.h"
