// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * txn.c - the transaction that a script or the user is writing
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kv.h>

#include "core/alloc.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/store.h"
#include "core/txn.h"

/**
 * struct queued - a record of the transaction, and its place for messages
 * @what: the command and the key, for messages
 * @key: the key
 * @op: enum kv_op
 * @print: KV_OP_GET: prints the value
 * @form: KV_OP_GET: passed to @print
 * @line: index of its line
 * @key_at: place of its key
 * @value_at: place of its value, or else of its key
 */
struct queued {
	char *what;
	char *key;
	int op;
	void (*print)(const struct kv_item *item, unsigned int form);
	unsigned int form;
	size_t line;
	struct place key_at;
	struct place value_at;
};

/**
 * struct txn - a transaction that is being written
 * @records: the request
 * @list: one for each record
 * @count: number of records
 * @lines: copies of their lines; the line with txn is the first one
 * @line_count: number of lines
 * @begin: place of the word txn
 * @spoiled: status of the first line that failed; forbids the commit
 */
struct txn {
	struct kv_transaction *records;
	struct queued *list;
	size_t count;
	struct source *lines;
	size_t line_count;
	struct place begin;
	int spoiled;
};

/* Copy the line that is being run, once; its index. */
static size_t save_line(struct txn *txn, const struct source *source)
{
	struct source *last = txn->line_count ? &txn->lines[txn->line_count - 1] : NULL;

	if (last && last->line == source->line && last->len == source->len &&
	    !memcmp(last->text, source->text, source->len))
		return txn->line_count - 1;
	txn->lines = alloc_resize(txn->lines, txn->line_count + 1, sizeof(*txn->lines));
	txn->lines[txn->line_count] = *source;
	txn->lines[txn->line_count].text = alloc_copy(source->text, source->len);
	return txn->line_count++;
}

void txn_begin(struct kvsh *sh, const struct place *at)
{
	struct txn *txn = alloc_zeroed(1, sizeof(*txn));

	txn->records = check_alloc(kv_transaction_new());
	if (at)
		save_line(txn, sh->source);
	if (at)
		txn->begin = *at;
	sh->txn = txn;
}

/* Wipe the lines: they may contain private values. */
void txn_drop(struct kvsh *sh)
{
	struct txn *txn = sh->txn;

	sh->txn = NULL;
	for (size_t i = 0; i < txn->line_count; i++) {
		explicit_bzero((void *)txn->lines[i].text, txn->lines[i].len);
		free((void *)txn->lines[i].text);
	}
	for (size_t i = 0; i < txn->count; i++) {
		free(txn->list[i].what);
		free(txn->list[i].key);
	}
	free(txn->lines);
	free(txn->list);
	kv_transaction_free(txn->records);
	free(txn);
}

void txn_spoil(struct kvsh *sh, int status)
{
	if (!sh->txn->spoiled)
		sh->txn->spoiled = status;
}

static int fail_length(struct call *call, const struct word *key)
{
	char shown[ESCAPE_SHORT];

	txn_spoil(call->sh, STATUS_FULL);
	return fail(call->sh, &key->at, STATUS_FULL,
		    "%s %s: the transaction is too long (limit: %d bytes)", call->name->text,
		    escape_short(shown, key->text, key->len), KV_MSG_MAX);
}

static int add_record(struct txn *txn, const struct txn_record *record)
{
	const char *key = record->key->text;
	int index = 0;

	/* A get of a missing key does not fail a transaction, so check it first. */
	if (record->op == KV_OP_GET)
		index = kv_transaction_add(txn->records, KV_OP_CHECK, key, NULL, 0, KV_F_REPLACE,
					   0);
	if (index < 0)
		return index;
	return kv_transaction_add(txn->records, record->op, key, record->value, record->value_len,
				  record->flags, record->rev);
}

int txn_queue(struct call *call, const struct txn_record *record)
{
	const struct word *key = record->key;
	const struct word *value = record->value_word ? record->value_word : key;
	struct txn *txn = call->sh->txn;
	char shown[ESCAPE_SHORT], what[ESCAPE_SHORT + 40];
	struct queued queued;
	int last;

	if (record->value_len > KV_VALUE_MAX)
		return fail_key(call, key, value, -EMSGSIZE);
	last = add_record(txn, record);
	if (last == -EMSGSIZE)
		return fail_length(call, key);
	if (last < 0)
		return fail_key(call, key, key, last);

	snprintf(what, sizeof(what), "%s %s", call->name->text,
		 escape_short(shown, key->text, key->len));
	queued = (struct queued){
		.op = record->op,
		.print = record->print,
		.form = record->form,
		.line = save_line(txn, call->sh->source),
		.key_at = key->at,
		.value_at = value->at,
	};
	/* One for each record that was added. */
	while (txn->count <= (size_t)last) {
		txn->list = alloc_resize(txn->list, txn->count + 1, sizeof(*txn->list));
		queued.what = alloc_copy(what, strlen(what));
		queued.key = alloc_copy(key->text, key->len);
		txn->list[txn->count++] = queued;
	}
	return STATUS_DONE;
}

int txn_refuse(struct call *call)
{
	struct kvsh *sh = call->sh;

	return fail(sh, &call->name->at, STATUS_USAGE, "%s cannot be part of a transaction%s",
		    call->command->name,
		    sh->atomic ? "; with --atomic the whole script is one" :
				 "; \"commit\" or \"abort\" ends it");
}

/**
 * struct printing - prints the values that a transaction read
 * @txn: the transaction
 * @next: search for the next get from this record on
 */
struct printing {
	const struct txn *txn;
	size_t next;
};

static int print_get(const struct kv_item *item, void *arg)
{
	struct printing *printing = arg;
	const struct queued *list = printing->txn->list, *get;

	/* A get is two records: a check, then the get itself. */
	while (list[printing->next].op != KV_OP_GET)
		printing->next++;
	get = &list[printing->next + 1];
	get->print(item, get->form);
	printing->next += 2;
	return 0;
}

/* The record that was refused; NULL if the error belongs to none. */
static const struct queued *find_fault(const struct txn *txn, int err, int failed)
{
	if (failed >= 0)
		return &txn->list[failed];
	/* These errors concern any write; report the first one. */
	for (size_t i = 0; i < txn->count && (err == -EPERM || err == -EROFS); i++) {
		if (txn->list[i].op == KV_OP_PUT || txn->list[i].op == KV_OP_DELETE)
			return &txn->list[i];
	}
	return NULL;
}

/* Report the record that the store refused, with its line. */
static int fail_commit(struct kvsh *sh, const struct word *name, int err, int failed)
{
	const struct queued *fault = find_fault(sh->txn, err, failed);
	const struct source *earlier = sh->source;
	const struct place *at = name ? &name->at : NULL;
	const char *what = name ? name->text : "--atomic";
	int status = err == -ERANGE ? STATUS_FULL : status_of(err);
	char *words = error_text(sh, err, fault ? fault->key : NULL);

	if (fault) {
		sh->source = &sh->txn->lines[fault->line];
		at = err == -EDOM ? &fault->value_at : &fault->key_at;
		what = fault->what;
	}
	fail(sh, at, status, "%s: %s; nothing was committed", what,
	     err == -ERANGE ? "the values that it reads are too long for one reply" : words);
	free(words);
	/* Show the line again: it was entered before others. */
	if (fault && sh->mode == MODE_INTERACTIVE)
		excerpt_show(stderr, sh->source, at);
	sh->source = earlier;
	return status;
}

int txn_commit(struct kvsh *sh, const struct word *name)
{
	struct printing printing = { .txn = sh->txn };
	int err = 0, failed = -1, status = STATUS_DONE;

	if (sh->txn->spoiled) {
		status = fail(sh, name ? &name->at : NULL, sh->txn->spoiled,
			      "%s: a line of the transaction failed; nothing was committed",
			      name ? name->text : "--atomic");
	} else if (sh->txn->count) {
		err = store_open(sh);
		if (!err)
			err = kv_transaction_commit(sh->kv, sh->txn->records, print_get, &printing,
						    NULL, &failed);
		if (err)
			status = fail_commit(sh, name, err, failed);
		if (err)
			store_forget(sh, err);
	}
	txn_drop(sh);
	return status;
}

int txn_end(struct kvsh *sh, bool stopped)
{
	int status = STATUS_DONE;

	if (!sh->txn)
		return STATUS_DONE;
	if (sh->atomic && !stopped)
		return check_stdout(sh, NULL, txn_commit(sh, NULL));
	if (!stopped) {
		sh->source = &sh->txn->lines[0];
		status = fail(sh, &sh->txn->begin, STATUS_USAGE,
			      "the transaction%s ends without \"commit\"; nothing was committed",
			      sh->mode == MODE_SCRIPT ? " that begins here" : "");
		sh->source = NULL;
	}
	txn_drop(sh);
	return status;
}
