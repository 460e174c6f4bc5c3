// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * edit.c - edit: change the store in an editor
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/commands.h"
#include "config/apply.h"
#include "config/tempfile.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/escape.h"
#include "terminal/ask.h"

enum { EDIT_YES };

static const struct option_spec edit_options[] = {
	[EDIT_YES] = { .name = "yes", .letter = 'y', .help = "do not ask" },
	OPTIONS_END
};

/**
 * struct edit - an edit command that runs
 * @call: the command
 * @prefix: prefix of the keys to edit, or NULL for all
 * @listing: the store before the edit
 * @config: the file after the edit
 * @folder: a temporary folder
 * @file: the file in it
 * @keep: do not remove the file
 */
struct edit {
	struct call *call;
	const struct word *prefix;
	struct listing listing;
	struct config config;
	char *folder;
	char *file;
	bool keep;
};

static int fail_edit(struct edit *edit, int status, const char *what, const char *why)
{
	return fail(edit->call->sh, &edit->call->name->at, status, "%s: %s%s",
		    edit->call->name->text, what, why);
}

/* Keep the edited file if its changes could not be applied. */
static int keep_file(struct edit *edit, int status)
{
	edit->keep = true;
	return fail_edit(edit, status,
			 "nothing was changed; the edited file is kept: ", edit->file);
}

static int write_file(struct edit *edit)
{
	size_t len;
	char *text = config_text(
		&edit->listing,
		"# A line that is deleted deletes its key. Without any text nothing happens.\n",
		&len);
	int fd, err;

	fd = open(edit->file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	err = fd < 0 ? errno : write_all(fd, text, len);
	if (fd >= 0 && close(fd) && !err)
		err = errno;
	explicit_bzero(text, len);
	free(text);
	return err;
}

static int make_file(struct edit *edit)
{
	const char *tmp = getenv("TMPDIR");
	int err;

	edit->folder = alloc_text("%s/kvsh-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(edit->folder)) {
		err = errno;
		free(edit->folder);
		edit->folder = NULL;
		return fail_edit(edit, STATUS_FAILED,
				 "cannot create a temporary directory: ", strerror(err));
	}
	edit->file = alloc_text("%s/kvstore.conf", edit->folder);
	tempfile_register(edit->file, edit->folder);
	err = write_file(edit);
	if (err)
		return fail_edit(edit, STATUS_FAILED,
				 "cannot write the temporary file: ", strerror(err));
	return STATUS_DONE;
}

static int remove_path(const char *path, const struct stat *stat, int type, struct FTW *place)
{
	(void)stat;
	(void)type;
	(void)place;
	remove(path);
	return 0;
}

/* Remove the whole folder: backup files of the editor may contain private values. */
static void remove_file(struct edit *edit)
{
	if (edit->folder && !edit->keep)
		nftw(edit->folder, remove_path, 8, FTW_DEPTH | FTW_PHYS);
	tempfile_unregister();
	free(edit->folder);
	free(edit->file);
}

/* Signals from the terminal, which are meant for the editor. */
static const int terminal_signals[] = { SIGINT, SIGQUIT };
#define TERMINAL_SIGNALS (sizeof(terminal_signals) / sizeof(terminal_signals[0]))

static const char *find_editor(void)
{
	static const char *const names[] = { "VISUAL", "EDITOR" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *editor = getenv(names[i]);

		if (editor && *editor)
			return editor;
	}
	return "$(command -v editor || echo vi)";
}

/* Run the editor in the child, by sh: the command may have arguments and quotes. */
static void exec_editor(const char *editor, const char *file, const struct sigaction *old,
			bool no_stdin)
{
	char *command = alloc_text("%s \"$@\"", editor);
	int null;

	for (size_t i = 0; i < TERMINAL_SIGNALS; i++) {
		if (old[i].sa_handler != SIG_IGN)
			signal(terminal_signals[i], SIG_DFL);
	}
	if (no_stdin) {
		null = open("/dev/null", O_RDONLY);
		dup2(null, STDIN_FILENO);
	}
	execl("/bin/sh", "sh", "-c", command, editor, file, NULL);
	_exit(127);
}

static int check_editor_status(struct call *call, const char *editor, int ended)
{
	const char *name = call->name->text;
	char shown[ESCAPE_SHORT];

	if (WIFEXITED(ended) && !WEXITSTATUS(ended))
		return STATUS_DONE;
	escape_short(shown, editor, strlen(editor));
	if (WIFEXITED(ended))
		return fail(call->sh, &call->name->at, STATUS_FAILED,
			    "%s: the editor (%s) ended with status %d; nothing was changed", name,
			    shown, WEXITSTATUS(ended));
	return fail(call->sh, &call->name->at, STATUS_FAILED,
		    "%s: the editor (%s) was killed by signal %d; nothing was changed", name, shown,
		    WTERMSIG(ended));
}

/* Run $VISUAL or $EDITOR, which may have arguments, or else editor or vi; an enum status. */
static int run_editor(struct call *call, const char *file)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old[TERMINAL_SIGNALS];
	const char *editor = find_editor();
	int ended = 0, err = 0;
	pid_t child;

	fflush(stdout);
	for (size_t i = 0; i < TERMINAL_SIGNALS; i++)
		sigaction(terminal_signals[i], &ignore, &old[i]);
	child = fork();
	/* The editor must not read a script on standard input. */
	if (!child)
		exec_editor(editor, file, old, call->sh->script_on_stdin);
	if (child < 0)
		err = errno;
	while (!err && waitpid(child, &ended, 0) < 0)
		err = errno == EINTR ? 0 : errno;
	for (size_t i = 0; i < TERMINAL_SIGNALS; i++)
		sigaction(terminal_signals[i], &old[i], NULL);
	if (err)
		return fail(call->sh, &call->name->at, STATUS_FAILED,
			    "%s: cannot run the editor: %s", call->name->text, strerror(err));
	return check_editor_status(call, editor, ended);
}

/* Run the editor until the file is valid, or the user gives up. */
static int edit_file(struct edit *edit)
{
	struct call *call = edit->call;
	struct words words;
	int status;

	words_from_argv(&words, 1, &edit->file);
	for (;;) {
		status = run_editor(call, edit->file);
		if (status)
			break;
		config_free(&edit->config);
		status = config_read(&edit->config, call, words.list[0], edit->prefix, false);
		if (!status)
			break;
		if (!ask_possible(call) || !ask_yes("edit again")) {
			status = keep_file(edit, status);
			break;
		}
	}
	words_free(&words);
	return status;
}

static int apply_edit(struct edit *edit, const struct changes *changes)
{
	struct apply apply = { .call = edit->call, .config = &edit->config, .atomic = true };
	int err = apply_changes(&apply, changes);

	if (!err)
		return STATUS_DONE;
	if (!apply_is_conflict(err))
		return keep_file(edit, apply_fail(&apply, changes, err));
	fail_edit(edit, STATUS_CONDITION, apply.failed ? changes_key(apply.failed) : "the store",
		  " was changed by another program during the edit");
	return keep_file(edit, STATUS_CONDITION);
}

static int confirm_edit(struct edit *edit, const struct changes *changes)
{
	struct call *call = edit->call;

	changes_print(changes, call->sh->color_out);
	if (call_option(call, EDIT_YES) || !ask_possible(call) ||
	    ask_yes("apply %zu change%s", changes->count, changes->count == 1 ? "" : "s"))
		return STATUS_DONE;
	return fail_edit(edit, STATUS_FAILED, "nothing was changed", "");
}

static int apply_file(struct edit *edit)
{
	struct changes changes;
	int status = STATUS_DONE;

	/* An empty file means a cancelled edit or a full disk, not the deletion of all keys. */
	if (!edit->config.len)
		return fail_edit(edit, STATUS_FAILED, "the file is empty; nothing was changed", "");
	changes_find(&changes, &edit->listing, &edit->config.entries);
	if (!changes.count)
		note(edit->call->sh, "%s: nothing was changed", edit->call->name->text);
	else
		status = confirm_edit(edit, &changes);
	if (changes.count && !status)
		status = apply_edit(edit, &changes);
	changes_free(&changes);
	return status;
}

static int run_edit(struct call *call)
{
	struct edit edit = { .call = call, .prefix = call->count ? call->args[0] : NULL };
	int status = config_snapshot(&edit.listing, call, edit.prefix, NULL);

	if (!status)
		status = make_file(&edit);
	if (!status)
		status = edit_file(&edit);
	if (!status)
		status = apply_file(&edit);
	remove_file(&edit);
	config_free(&edit.config);
	listing_free(&edit.listing);
	return status;
}

const struct command command_edit = {
	.name = "edit",
	.usage = "[PREFIX]",
	.options = edit_options,
	.run = run_edit,
	.summary = "change keys and values in an editor",
	.help = "Opens all keys, or those that start with PREFIX, in the format of\n"
		"kvstore.conf(5). The editor is $VISUAL or $EDITOR, or else editor or vi. When it\n"
		"exits, the differences are printed and applied by one change, or not at all. On\n"
		"a terminal kvsh asks before that, unless --yes is given.\n"
		"\n"
		"If the editor fails or leaves an empty file, nothing is changed. If the file has\n"
		"errors, kvsh asks on a terminal whether to edit it again. If its changes cannot\n"
		"be applied, the edited file is kept, and a message has its name. The exit status\n"
		"is 4 if another program changed one of these keys during the edit.\n"
		"\n"
		"Example:\n"
		"  edit net.\n",
};
