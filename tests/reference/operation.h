/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be done with a store: drawn, written as a line and read from one */
#ifndef OPERATION_H
#define OPERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Keys are numbers here. The last is one that cannot be put; behind it is the prefix of all. */
#define KEYS 32
#define BAD_KEY (KEYS - 1)
#define ALL KEYS
#define PARTS 10 /* of a transaction, at most */
#define WATCHES 5
#define VALUE_MOST 1025 /* one more than there may be */

enum kind { PUT, DELETE, GET, BEGIN, LIST, PAGE, INFO, WATCH, READ, POLL, CLOSE, SEAL, KINDS };

/**
 * struct part - a record
 * @op: enum kv_op
 * @flags: enum kv_flag
 * @key: the key; of LIST, PAGE and WATCH the prefix
 * @rev: with KV_F_IF_REV: what is expected, less what the key's revision is
 * @value: a number that its value repeats
 * @value_len: bytes of it
 */
struct part {
	uint8_t op, flags, key;
	int8_t rev;
	uint16_t value, value_len;
};

/**
 * struct operation - one call
 * @kind: which
 * @nobody: by a caller without CAP_NET_ADMIN
 * @slot: which watch
 * @back: WATCH: so many revisions ago
 * @room: bytes that the buffer has beyond the request; of READ all of it
 * @count: records
 * @parts: the records; of LIST, PAGE and WATCH one with the prefix
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
