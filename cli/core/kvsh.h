/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kvsh.h - the state of one run of the shell
 */
#ifndef KVSH_H
#define KVSH_H

#include <stdbool.h>
#include <stddef.h>

struct command;
struct kv;
struct txn;

enum way {
	WAY_COMMAND, /* kvsh COMMAND ARGUMENT... */
	WAY_SCRIPT, /* kvsh -f FILE, kvsh < FILE */
	WAY_INTERACTIVE, /* kvsh, on a terminal */
};

/**
 * struct source - the line that is being run
 * @name: of the file, or <stdin>
 * @text: the line as it was written; a continued one holds its newlines
 * @len: bytes of @text
 * @line: number of its first line
 */
struct source {
	const char *name;
	const char *text;
	size_t len;
	unsigned int line;
};

/**
 * struct kvsh - one run of the shell
 * @commands: every command, up to a NULL; in the order of the help
 * @way: how commands come in
 * @kv: the store; NULL until a command needs it, so that help needs no module
 * @source: the line that is being run; NULL where commands are not lines
 * @txn: the transaction that is being written; NULL outside of one
 * @netns: --netns, or NULL
 * @script_on_stdin: the commands themselves come from standard input
 * @stdin_taken: a value was read from standard input, to its end
 * @json: --json
 * @quiet: --quiet
 * @keep_going: --keep-going
 * @atomic: --atomic
 * @color_out: colour standard output
 * @color_err: colour standard error
 * @secret: the line must not reach the history file
 * @quit: no further command is to be run
 */
struct kvsh {
	const struct command *const *commands;
	enum way way;
	struct kv *kv;
	const struct source *source;
	struct txn *txn;
	const char *netns;
	bool script_on_stdin;
	bool stdin_taken;
	bool json;
	bool quiet;
	bool keep_going;
	bool atomic;
	bool color_out;
	bool color_err;
	bool secret;
	bool quit;
};

#ifndef KV_VERSION
#define KV_VERSION "unversioned" /* the Makefile gives the real one */
#endif

#endif /* KVSH_H */
