/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a store is by kv_proto.h and the design's promises, as plainly as can be */
#ifndef STORE_H
#define STORE_H

#include <kv_proto.h>

#include "operation.h"

#define LOG_MOST 1024

/* A key: there or not. */
struct entry {
	bool there;
	uint8_t flags;
	uint16_t value, value_len;
	uint64_t rev;
};

/* What a command may change, and keeps a copy of until it is sure. */
struct state {
	struct entry entries[KEYS];
	uint32_t count;
	uint64_t bytes;
};

struct event {
	uint8_t op, key;
	struct entry entry;
	uint64_t rev;
};

struct watch {
	bool open, shows_private, behind;
	unsigned int prefix;
	uint64_t next; /* number of the event to look at next */
};

/**
 * struct store - the model
 * @limits: what INFO said at first
 * @log_entries: events that are kept
 * @max_watches: watches that may be open
 * @state: what it holds
 * @rev: revision
 * @sealed: it can only be read
 * @unlogged: changes of the last commit that store_log() was not told of: enum kv_op by key
 * @log: event n is in log[n % log_entries]
 * @next: number of the next event
 * @compacted: revision of the newest event that has been overwritten
 * @watches: all; the last is the driver's own
 */
struct store {
	struct kv_info limits;
	unsigned int log_entries, max_watches;
	struct state state;
	uint64_t rev;
	bool sealed;
	uint8_t unlogged[KEYS];
	struct event log[LOG_MOST];
	uint64_t next, compacted;
	struct watch watches[WATCHES + 1];
};

uint64_t store_expected_rev(const struct store *store, const struct operation *operation,
			    unsigned int part);
size_t record_of(void *to, enum kv_op op, unsigned int key, const struct entry *entry, bool shows);

/* Each 0 or more, or a negative errno, as the call that it stands for. */
int store_set(struct store *store, const struct operation *operation);
int store_get(const struct store *store, const struct operation *operation, void *reply);
int store_transaction(struct store *store, const struct operation *operation, size_t size,
		      void *reply);
struct kv_info store_info(const struct store *store);
int store_watch(struct store *store, const struct operation *operation);
int store_read(struct store *store, const struct operation *operation, void *reply);
bool store_poll(struct store *store, unsigned int slot);

/* The commit's change of a key comes next in the log: false if there is none such. */
bool store_log(struct store *store, unsigned int key, struct event *event);

#endif
