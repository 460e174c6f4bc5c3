/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * txn.h - the transaction that a script or the user is writing: its lines are
 *         queued, and then committed as a whole or not at all
 *
 * While struct kvsh has a transaction, a line runs its command's queue instead
 * of its run. Arguments are checked and values are read when a line is queued;
 * the store checks conditions and limits at commit.
 */
#ifndef TXN_H
#define TXN_H

#include <stdint.h>

#include <kv.h>

#include "core/call.h"

/**
 * struct txn_record - a record to queue
 * @op: enum kv_op; the key of a KV_OP_GET must exist
 * @key: its key
 * @value_word: KV_OP_PUT: the word that gave the value
 * @value: KV_OP_PUT: @value_len bytes
 * @value_len: may be over the limit
 * @flags: KV_F_*
 * @rev: with KV_F_IF_REV the revision
 * @print: KV_OP_GET: prints the value at commit
 * @form: KV_OP_GET: passed to @print
 */
struct txn_record {
	int op;
	const struct word *key;
	const struct word *value_word;
	const void *value;
	size_t value_len;
	unsigned int flags;
	uint64_t rev;
	void (*print)(const struct kv_item *item, unsigned int form);
	unsigned int form;
};

/** txn_begin() - begin a transaction; @at: the word txn in the current line; NULL with --atomic */
void txn_begin(struct kvsh *sh, const struct place *at);

/** txn_queue() - queue a record of the command that is being run; returns an enum status */
int txn_queue(struct call *call, const struct txn_record *record);

/** txn_refuse() - report that a command is not allowed in a transaction; returns an enum status */
int txn_refuse(struct call *call);

/** txn_spoil() - a line of the transaction failed: it must not be committed */
void txn_spoil(struct kvsh *sh, int status);

/**
 * txn_commit() - commit the transaction, print the values that it read, and end it
 * @sh: the shell
 * @name: the word commit in the current line; NULL with --atomic
 *
 * Return: an enum status.
 */
int txn_commit(struct kvsh *sh, const struct word *name);

/** txn_drop() - end the transaction without committing it */
void txn_drop(struct kvsh *sh);

/**
 * txn_end() - there are no more lines, which may be inside a transaction
 * @sh: the shell
 * @stopped: a failure ended them
 *
 * Commits the transaction that --atomic began; drops any other one.
 *
 * Return: an enum status.
 */
int txn_end(struct kvsh *sh, bool stopped);

#endif /* TXN_H */
