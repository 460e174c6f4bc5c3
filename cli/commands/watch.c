// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * watch.c - watch: report each change as it happens
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kv.h>

#include "commands/commands.h"
#include "commands/follow.h"
#include "config/listing.h"
#include "core/color.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/json.h"

enum { WATCH_FROM, WATCH_COUNT, WATCH_TIMEOUT, WATCH_EXEC, WATCH_JSON };

static const struct option_spec watch_options[] = {
	[WATCH_FROM] = { .name = "from",
			 .arg = "REV",
			 .help = "start with the changes after revision REV" },
	[WATCH_COUNT] = { .name = "count", .arg = "N", .help = "end after N changes" },
	[WATCH_TIMEOUT] = { .name = "timeout",
			    .arg = "S",
			    .help = "end after S seconds, with status 8" },
	[WATCH_EXEC] = { .name = "exec",
			 .arg = "CMD",
			 .help = "print nothing, and run CMD for each change" },
	[WATCH_JSON] = { .name = "json",
			 .letter = 'j',
			 .help = "print a JSON object for each change, one per line" },
	OPTIONS_END
};

/**
 * struct watcher - a watch command that runs
 * @call: the command
 * @follow: waits for changes
 * @exec: --exec, or NULL
 * @json: print JSON
 * @left: number of changes until it ends; 0 for no end
 * @listed: revision of the listing that replaced missed changes
 */
struct watcher {
	struct call *call;
	struct follow follow;
	const char *exec;
	bool json;
	uint64_t left;
	uint64_t listed;
};

static const char *op_name(enum kv_op op)
{
	return op == KV_OP_PUT ? "put" : op == KV_OP_DELETE ? "delete" : "compacted";
}

static void print_change(const struct watcher *watcher, enum kv_op op, const struct kv_item *item)
{
	bool color = watcher->call->sh->color_out;

	printf("%" PRIu64 " %s", item->rev, op_name(op));
	if (op != KV_OP_COMPACTED) {
		putchar(' ');
		color_begin(stdout, color, COLOR_KEY);
		fputs(item->key, stdout);
		color_end(stdout, color);
	}
	if (op == KV_OP_PUT) {
		fputs(" = ", stdout);
		item_print_value(item);
	}
	putchar('\n');
}

static void print_change_json(enum kv_op op, const struct kv_item *item)
{
	unsigned int members = JSON_KEY | JSON_VALUE | JSON_REST;
	json_t *object = json_object();

	json_object_set_new(object, "rev", json_revision(item->rev));
	json_object_set_new(object, "op", json_string(op_name(op)));
	if (op == KV_OP_DELETE)
		members = JSON_KEY;
	if (op != KV_OP_COMPACTED) {
		json_t *rest = json_item(item, members);

		json_object_update_missing(object, rest);
		json_decref(rest);
	}
	json_print(object);
}

/* Values that are hidden or contain a NUL byte are not set. */
static void set_environment(enum kv_op op, const struct kv_item *item)
{
	char rev[24];

	snprintf(rev, sizeof(rev), "%" PRIu64, item->rev);
	setenv("KV_OP", op_name(op), 1);
	setenv("KV_REV", rev, 1);
	unsetenv("KV_KEY");
	unsetenv("KV_VALUE");
	if (op != KV_OP_COMPACTED)
		setenv("KV_KEY", item->key, 1);
	if (op == KV_OP_PUT && !item_is_hidden(item) && !memchr(item->value, '\0', item->value_len))
		setenv("KV_VALUE", item->value, 1);
}

/* Run the command in the child, without standard input: kvsh may read a script there. */
static _Noreturn void exec_command(const struct watcher *watcher)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (null >= 0)
		dup2(null, STDIN_FILENO);
	sigprocmask(SIG_SETMASK, &watcher->follow.mask, NULL);
	execl("/bin/sh", "sh", "-c", watcher->exec, (char *)NULL);
	_exit(127);
}

static void note_exit(const struct watcher *watcher, int status)
{
	char shown[ESCAPE_SHORT];

	escape_short(shown, watcher->exec, strlen(watcher->exec));
	if (WIFSIGNALED(status))
		note(watcher->call->sh, "watch: \"%s\" was killed by signal %d", shown,
		     WTERMSIG(status));
	else if (WEXITSTATUS(status))
		note(watcher->call->sh, "watch: \"%s\" ended with status %d", shown,
		     WEXITSTATUS(status));
}

static void run_exec(const struct watcher *watcher, enum kv_op op, const struct kv_item *item)
{
	int status;
	pid_t pid;

	/* Keep the child from writing buffered output again. */
	fflush(stdout);
	pid = fork();
	if (!pid) {
		set_environment(op, item);
		exec_command(watcher);
	}
	if (pid < 0) {
		note(watcher->call->sh, "watch: cannot run a command: %s", strerror(errno));
		return;
	}
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return;
	}
	note_exit(watcher, status);
}

/* Report one change; 0, or -ECANCELED on failure. */
static int report_change(struct watcher *watcher, enum kv_op op, const struct kv_item *item)
{
	struct call *call = watcher->call;

	if (watcher->exec)
		run_exec(watcher, op, item);
	else if (watcher->json)
		print_change_json(op, item);
	else
		print_change(watcher, op, item);
	watcher->follow.status = check_stdout(call->sh, &call->name->at, STATUS_DONE);
	return watcher->follow.status ? -ECANCELED : 0;
}

/* Changes were missed: report all current keys instead. */
static int report_all(struct watcher *watcher)
{
	struct listing listing;
	int err = listing_take(&listing, watcher->call->sh->kv, watcher->follow.prefix,
			       LISTING_TRIES, NULL);

	for (size_t i = 0; i < listing.count && !err; i++) {
		const struct kv_item *item = &listing.list[i];

		err = report_change(watcher, KV_OP_PUT, item);
	}
	/* Skip pending changes that the listing includes. */
	if (!err && listing.is_snapshot)
		watcher->listed = listing.rev;
	listing_free(&listing);
	return err;
}

static int handle_change(enum kv_op op, const struct kv_item *item, void *arg)
{
	struct watcher *watcher = arg;
	int err;

	if (op != KV_OP_COMPACTED && item->rev <= watcher->listed)
		return 0;
	err = report_change(watcher, op, item);
	if (!err && op == KV_OP_COMPACTED)
		err = report_all(watcher);
	if (!err && watcher->left && !--watcher->left)
		err = -ECANCELED;
	return err;
}

/* Parse --from; without it, start at the current revision. */
static int parse_start(struct call *call, uint64_t *rev)
{
	struct kv_info info;
	int err, status = call_revision(call, WATCH_FROM, rev);

	if (!status)
		status = call_open(call);
	if (status || call_option(call, WATCH_FROM))
		return status;
	err = kv_info(call->sh->kv, &info);
	if (err)
		return fail_key(call, NULL, NULL, err);
	*rev = info.rev;
	return STATUS_DONE;
}

static int run_watch(struct call *call)
{
	const struct option_given *exec = call_option(call, WATCH_EXEC);
	struct watcher watcher = {
		.call = call,
		.exec = exec ? exec->arg : NULL,
		.json = call->sh->json || call_option(call, WATCH_JSON),
	};
	struct follow *follow = &watcher.follow;
	int status = follow_start(follow, call, call_option(call, WATCH_TIMEOUT));

	if (!status)
		status = call_number(call, WATCH_COUNT, "a whole number of at least 1", 1,
				     &watcher.left);
	if (!status)
		status = parse_start(call, &follow->rev);
	if (status)
		return status;
	follow->prefix = call->count ? call->args[0]->text : "";
	follow->change = handle_change;
	follow->arg = &watcher;
	follow->prints = true;
	return follow_run(follow);
}

const struct command command_watch = {
	.name = "watch",
	.usage = "[PREFIX]",
	.options = watch_options,
	.run = run_watch,
	.summary = "print each change as it happens",
	.help = "Prints one line for each change, in order, until Ctrl-C. With PREFIX, only\n"
		"changes of keys that start with it are printed.\n"
		"\n"
		"  REV put KEY = VALUE   KEY was set to VALUE, escaped as in list\n"
		"  REV delete KEY        KEY was deleted\n"
		"  REV compacted         changes up to REV were missed\n"
		"\n"
		"Changes are missed if the store no longer keeps them, or if the store has not\n"
		"reached the revision of --from. After a compacted line, all current keys, or\n"
		"those that start with PREFIX, follow as put lines, each with the revision of its\n"
		"own last change; --count counts the compacted line and these lines as one\n"
		"change.\n"
		"\n"
		"The lines of one transaction have the same REV; there is one line for each key,\n"
		"with its final value. Without --from, only changes from now on are printed. N is\n"
		"at least 1. S may have a fraction. The exit status is 8 if --timeout expires\n"
		"first.\n"
		"\n"
		"JSON objects have the members rev (a string), op, key, value, private and\n"
		"declared, as far as they apply to the change.\n"
		"\n"
		"With --exec, CMD is run by sh for one change after the other, with standard\n"
		"input from /dev/null and these variables in its environment:\n"
		"\n"
		"  KV_OP                 put, delete or compacted\n"
		"  KV_REV                the revision\n"
		"  KV_KEY                the key; not set for compacted\n"
		"  KV_VALUE              the value; set for put only, and not if it\n"
		"                        contains a NUL byte or you may not read it\n"
		"\n"
		"A CMD that fails is reported on standard error and does not end the watch.\n"
		"\n"
		"Example:\n"
		"  watch net. --count 1 --timeout 60\n"
		"  watch net. --exec 'logger \"$KV_KEY is now $KV_VALUE\"'\n",
};
