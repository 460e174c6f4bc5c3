// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * editor.c - runs the user's editor
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/error.h"
#include "terminal/editor.h"

/* Signals from the terminal, which are meant for the editor. */
static const int keys[] = { SIGINT, SIGQUIT };
#define KEYS (sizeof(keys) / sizeof(keys[0]))

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

	for (size_t i = 0; i < KEYS; i++) {
		if (old[i].sa_handler != SIG_IGN)
			signal(keys[i], SIG_DFL);
	}
	if (no_stdin) {
		null = open("/dev/null", O_RDONLY);
		dup2(null, STDIN_FILENO);
	}
	execl("/bin/sh", "sh", "-c", command, editor, file, NULL);
	_exit(127);
}

static int fail_editor(struct call *call, const char *editor, int ended)
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

int editor_run(struct call *call, const char *file)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old[KEYS];
	const char *editor = find_editor();
	int ended = 0, err = 0;
	pid_t child;

	fflush(stdout);
	for (size_t i = 0; i < KEYS; i++)
		sigaction(keys[i], &ignore, &old[i]);
	child = fork();
	/* The editor must not read a script on standard input. */
	if (!child)
		exec_editor(editor, file, old, call->sh->script_on_stdin);
	if (child < 0)
		err = errno;
	while (!err && waitpid(child, &ended, 0) < 0)
		err = errno == EINTR ? 0 : errno;
	for (size_t i = 0; i < KEYS; i++)
		sigaction(keys[i], &old[i], NULL);
	if (err)
		return fail(call->sh, &call->name->at, STATUS_FAILED,
			    "%s: cannot run the editor: %s", call->name->text, strerror(err));
	return fail_editor(call, editor, ended);
}
