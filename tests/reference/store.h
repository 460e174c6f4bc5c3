/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A model of a store, according to kv_proto.h and the promises of the design, kept simple */
#ifndef STORE_H
#define STORE_H

#include <kv_proto.h>

#include "operation.h"

#define LOG_MOST 1024

/* One key, whether it exists or not */
struct entry {
	bool there;
	uint8_t flags;
	uint16_t value, value_len;
	uint64_t rev;
};

/* The part of a store that a command changes; it works on a copy until it succeeds. */
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
 * @limits: INFO of the new store
 * @log_entries: number of events in the log
 * @max_watches: maximum number of open watches
 * @state: the keys
 * @rev: revision
 * @sealed: the store is read-only
 * @unlogged: changes of the last commit that are not in the log yet: enum kv_op by key
 * @log: event n is in log[n % log_entries]
 * @next: number of the next event
 * @compacted: revision of the newest event that has been overwritten
 * @watches: all watches; run() uses the last one to check all changes
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

/* Each returns 0 or more, or -errno, as the modelled call does. */
int store_set(struct store *store, const struct operation *operation);
int store_get(const struct store *store, const struct operation *operation, void *reply);
int store_transaction(struct store *store, const struct operation *operation, size_t size,
		      void *reply);
struct kv_info store_info(const struct store *store);
int store_watch(struct store *store, const struct operation *operation);
int store_read(struct store *store, const struct operation *operation, void *reply);
bool store_poll(struct store *store, unsigned int slot);

/* Append the last commit's change of @key to the log: false if it did not change @key. */
bool store_log(struct store *store, unsigned int key, struct event *event);

#endif
