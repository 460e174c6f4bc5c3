/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * txn.h - lines that are collected, and then done all or not at all
 *
 * While struct kvsh has a transaction, a line runs its row's queue instead of
 * its run. What a queued line asks for is known when it is queued, its value
 * read and its words checked; whether it can be done, when it is committed.
 */
#ifndef TXN_H
#define TXN_H

#include <stdint.h>

#include "core/kvsh.h"
#include "core/words.h"

struct call;

/**
 * struct txn_record - a record that is to be queued
 * @op: enum kv_op; a KV_OP_GET is of a key that must exist
 * @key: its key
 * @value_word: KV_OP_PUT: where its value stands
 * @value: KV_OP_PUT: @value_len bytes
 * @value_len: may be over the limit
 * @flags: KV_F_*
 * @rev: with KV_F_IF_REV the revision
 * @form: KV_OP_GET: how to print it (get.h)
 */
struct txn_record {
	int op;
	const struct word *key;
	const struct word *value_word;
	const void *value;
	size_t value_len;
	unsigned int flags;
	uint64_t rev;
	unsigned int form;
};

/** txn_begin() - begin a transaction; @at: where its line begins it; NULL with --atomic */
void txn_begin(struct kvsh *sh, const struct place *at);

/** txn_queue() - queue a record of the command that is being run; returns an enum status */
int txn_queue(struct call *call, const struct txn_record *record);

/** txn_refuse() - say that a command cannot be part of a transaction; returns an enum status */
int txn_refuse(struct call *call);

/** txn_spoil() - a line of the transaction failed: it must not be committed */
void txn_spoil(struct kvsh *sh, int status);

/**
 * txn_end() - the lines have ended, perhaps within a transaction
 * @sh: the shell
 * @stopped: they ended at a failure
 *
 * Commits the transaction that --atomic began, and gives up any other.
 *
 * Return: an enum status.
 */
int txn_end(struct kvsh *sh, bool stopped);

#endif /* TXN_H */
