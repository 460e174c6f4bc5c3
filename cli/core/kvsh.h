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

enum mode {
	MODE_COMMAND, /* kvsh COMMAND ARGUMENT... */
	MODE_SCRIPT, /* kvsh -f FILE, kvsh < FILE */
	MODE_INTERACTIVE, /* kvsh, on a terminal */
};

/**
 * struct source - the line that is being run
 * @name: name of the file, or <stdin>
 * @text: the line; a continued line contains newlines
 * @len: bytes of @text
 * @line: number of the first line
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
 * @mode: the source of the commands
 * @kv: the store; NULL until a command needs it, so that help works without the module
 * @source: the line that is being run; NULL in MODE_COMMAND
 * @txn: the transaction that is being written, or NULL
 * @netns: --netns, or NULL
 * @script_on_stdin: the commands are read from standard input
 * @stdin_taken: a command has read standard input to its end
 * @json: --json
 * @quiet: --quiet
 * @keep_going: --keep-going
 * @atomic: --atomic
 * @color_out: colour standard output
 * @color_err: colour standard error
 * @secret: the line must not reach the history file
 * @quit: run no further command
 */
struct kvsh {
	const struct command *const *commands;
	enum mode mode;
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
#define KV_VERSION "unversioned" /* set by the Makefile */
#endif

#endif /* KVSH_H */
