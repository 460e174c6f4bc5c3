// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * history.c - keeps the lines of earlier sessions
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>

#include "core/alloc.h"
#include "core/error.h"
#include "terminal/history.h"

static char *find_path(void)
{
	const char *own = getenv("KVSH_HISTORY");
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	if (own)
		return *own ? alloc_text("%s", own) : NULL;
	/* The XDG specification says to ignore a relative path. */
	if (state && *state == '/')
		return alloc_text("%s/kvsh/history", state);
	return home && *home ? alloc_text("%s/.local/state/kvsh/history", home) : NULL;
}

/* Errors are reported when the file is opened. */
static void make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
}

/* Open the file for appending, and let only the owner read it. */
static int open_safe(const char *path)
{
	int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
	struct stat stat;

	if (fd < 0 || fstat(fd, &stat))
		return fd;
	/* Not for devices: KVSH_HISTORY may be /dev/null. */
	if (S_ISREG(stat.st_mode) && stat.st_mode & 07177 && fchmod(fd, 0600)) {
		int err = errno;

		close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

static void disable_history(struct history *history, struct kvsh *sh)
{
	note(sh, "the history is not saved: %s: %s", history->path, strerror(errno));
	free(history->path);
	history->path = NULL;
}

/* history_truncate_file() creates a new file: restrict its mode again. */
static void truncate_history(const struct history *history)
{
	int fd;

	history_truncate_file(history->path, HISTORY_MAX);
	fd = open_safe(history->path);
	if (fd >= 0)
		close(fd);
}

void history_open(struct history *history, struct kvsh *sh)
{
	int fd;

	stifle_history(HISTORY_MAX);
	history->path = find_path();
	if (!history->path)
		return;
	make_folders(history->path);
	fd = open_safe(history->path);
	if (fd < 0) {
		disable_history(history, sh);
		return;
	}
	close(fd);
	truncate_history(history);
	read_history(history->path);
}

/* Join a continued line: readline recalls single lines. */
static char *one_line(const char *text, size_t len)
{
	char *line = alloc_zeroed(len + 1, 1), *out = line;

	for (size_t i = 0; i < len; i++) {
		if (text[i] != '\n') {
			*out++ = text[i];
			continue;
		}
		while (out > line && (out[-1] == '\r' || out[-1] == '\\'))
			if (*--out == '\\')
				break;
		*out = '\0';
	}
	*out = '\0';
	return line;
}

void history_keep(struct history *history, struct kvsh *sh, const char *text, size_t len,
		  bool secret)
{
	char *line = one_line(text, len);
	HIST_ENTRY *last = history_length ? history_get(history_base + history_length - 1) : NULL;
	int fd;

	if (*line == ' ' || !line[strspn(line, " \t")] || (last && !strcmp(last->line, line)))
		goto out;
	add_history(line);
	if (secret || !history->path)
		goto out;
	fd = open_safe(history->path);
	if (fd < 0 || dprintf(fd, "%s\n", line) < 0)
		disable_history(history, sh);
	if (fd >= 0)
		close(fd);
out:
	free(line);
}

void history_close(struct history *history)
{
	if (!history->path)
		return;
	truncate_history(history);
	free(history->path);
	history->path = NULL;
}
