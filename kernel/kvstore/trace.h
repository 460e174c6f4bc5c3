/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints. A namespace is identified by its inode number, which `readlink
 * /proc/PID/ns/net` shows. Values are left out, since some are private. Reasons are
 * traced as the module wrote them, but not for a record with KV_F_PRIVATE: a reason
 * may quote the value.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kvstore

#if !defined(KV_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define KV_TRACE_H

#include <linux/tracepoint.h>

#ifndef KV_TRACE_KEY
/* A requested key may contain any byte; one that is not printable is shown as "?". */
static inline void kv_trace_key(char *to, const u8 *key, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		to[i] = key[i] > ' ' && key[i] < 0x7f ? key[i] : '?';
	to[len] = '\0';
}

#define KV_TRACE_KEY(_key, _len) kv_trace_key(__get_str(key), _key, _len)
#endif

/* One key changes; all changes of one commit have the same revision. */
TRACE_EVENT(kv_commit,
	TP_PROTO(unsigned int netns, u64 rev, unsigned int op, const u8 *key, unsigned int len,
		 unsigned int value_len),
	TP_ARGS(netns, rev, op, key, len, value_len),
	TP_STRUCT__entry(
		__field(unsigned int, netns)
		__field(u64, rev)
		__field(unsigned int, op)
		__field(unsigned int, value_len)
		__dynamic_array(char, key, len + 1)
	),
	TP_fast_assign(
		__entry->netns = netns;
		__entry->rev = rev;
		__entry->op = op;
		__entry->value_len = value_len;
		KV_TRACE_KEY(key, len);
	),
	TP_printk("netns=%u rev=%llu op=%s key=%s value_len=%u", __entry->netns, __entry->rev,
		  __print_symbolic(__entry->op, { 2, "put" }, { 3, "delete" }), __get_str(key),
		  __entry->value_len)
);

/* KV_SO_GET or an in-kernel read found no such key. A GET in a transaction is not traced. */
TRACE_EVENT(kv_read_miss,
	TP_PROTO(unsigned int netns, const u8 *key, unsigned int len),
	TP_ARGS(netns, key, len),
	TP_STRUCT__entry(
		__field(unsigned int, netns)
		__dynamic_array(char, key, len + 1)
	),
	TP_fast_assign(
		__entry->netns = netns;
		KV_TRACE_KEY(key, len);
	),
	TP_printk("netns=%u key=%s", __entry->netns, __get_str(key))
);

/* An operation was refused: by a condition, a limit, or the module that declared the key. */
TRACE_EVENT(kv_refuse,
	TP_PROTO(unsigned int netns, const u8 *key, unsigned int len, int error,
		 const char *reason),
	TP_ARGS(netns, key, len, error, reason),
	TP_STRUCT__entry(
		__field(unsigned int, netns)
		__field(int, error)
		__dynamic_array(char, key, len + 1)
		__dynamic_array(char, reason, strlen(reason) + 1)
	),
	TP_fast_assign(
		__entry->netns = netns;
		__entry->error = error;
		KV_TRACE_KEY(key, len);
		strcpy(__get_str(reason), reason);
	),
	TP_printk("netns=%u key=%s error=%d reason=%s", __entry->netns, __get_str(key),
		  __entry->error, __get_str(reason))
);

/* The log has overwritten events that a watch had not read yet. */
TRACE_EVENT(kv_watch_overflow,
	TP_PROTO(unsigned int netns, u64 rev, const u8 *prefix, unsigned int len),
	TP_ARGS(netns, rev, prefix, len),
	TP_STRUCT__entry(
		__field(unsigned int, netns)
		__field(u64, rev)
		__dynamic_array(char, key, len + 1)
	),
	TP_fast_assign(
		__entry->netns = netns;
		__entry->rev = rev;
		KV_TRACE_KEY(prefix, len);
	),
	TP_printk("netns=%u rev=%llu prefix=%s", __entry->netns, __entry->rev, __get_str(key))
);

#endif

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
