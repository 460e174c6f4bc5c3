/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operations on a store: drawn at random, printed as lines and read from lines */
#ifndef OPERATION_H
#define OPERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Keys are numbers here. BAD_KEY cannot be put; ALL is the empty prefix. */
#define KEYS 32
#define BAD_KEY (KEYS - 1)
#define ALL KEYS
#define PARTS 10 /* maximum records of a transaction */
#define WATCHES 5
#define VALUE_MOST 1025 /* one more than KV_VALUE_MAX */

enum kind { PUT, DELETE, GET, BEGIN, LIST, PAGE, INFO, WATCH, READ, POLL, CLOSE, SEAL, KINDS };

/**
 * struct part - one record
 * @op: enum kv_op
 * @flags: enum kv_flag
 * @key: the key; the prefix of LIST, PAGE and WATCH
 * @rev: with KV_F_IF_REV: the expected revision minus the key's revision
 * @value: a number that the value repeats
 * @value_len: length of the value
 */
struct part {
	uint8_t op, flags, key;
	int8_t rev;
	uint16_t value, value_len;
};

/**
 * struct operation - one call
 * @kind: the kind of call
 * @nobody: the caller lacks CAP_NET_ADMIN
 * @slot: number of the watch
 * @back: WATCH: starts this many revisions ago
 * @room: length of the buffer beyond the request; READ: its whole length
 * @count: number of records
 * @parts: the records; LIST, PAGE and WATCH have one with the prefix
 */
struct operation {
	enum kind kind;
	bool nobody;
	uint8_t slot;
	int16_t back;
	uint16_t room;
	uint8_t count;
	struct part parts[PARTS];
};

const char *key_name(unsigned int key);
const char *kind_name(enum kind kind);
bool key_starts_with(unsigned int key, unsigned int prefix);
void value_fill(void *to, unsigned int value, size_t len);

void operation_draw(struct operation *operation, uint64_t *random);
void operation_print(const struct operation *operation, FILE *to);
bool operation_read(struct operation *operation, FILE *from, unsigned int *line);

#endif
