// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tempfile.c - temporary files, and replacing a file as a whole
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/tempfile.h"
#include "core/alloc.h"

static const int fatal_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
#define FATAL_SIGNALS (sizeof(fatal_signals) / sizeof(fatal_signals[0]))

/* Global: a signal handler takes no argument. */
static const char *volatile temporary_file, *volatile temporary_folder;
static bool handled[FATAL_SIGNALS];

static void on_signal(int sig)
{
	if (temporary_file)
		unlink(temporary_file);
	if (temporary_folder)
		rmdir(temporary_folder);
	/* SA_RESETHAND: this has the default effect. */
	raise(sig);
}

void tempfile_register(const char *file, const char *folder)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND };
	struct sigaction now;

	temporary_file = file;
	temporary_folder = folder;
	for (size_t i = 0; i < FATAL_SIGNALS; i++) {
		handled[i] = !sigaction(fatal_signals[i], NULL, &now) && now.sa_handler == SIG_DFL;
		if (handled[i])
			sigaction(fatal_signals[i], &action, NULL);
	}
}

void tempfile_unregister(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };

	for (size_t i = 0; i < FATAL_SIGNALS; i++) {
		if (handled[i])
			sigaction(fatal_signals[i], &action, NULL);
		handled[i] = false;
	}
	temporary_file = NULL;
	temporary_folder = NULL;
}

/* The number of symbolic links in a row that the kernel follows. */
#define LINKS_MAX 40

/* The length of the path up to and including the last slash. */
static int folder_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 - path : 0;
}

/* The path that a chain of symbolic links leads to, which need not exist; NULL and errno. */
static char *follow_links(const char *name)
{
	char *path = alloc_copy(name, strlen(name));

	for (int links = 0; links < LINKS_MAX; links++) {
		char target[PATH_MAX];
		ssize_t len = readlink(path, target, sizeof(target) - 1);
		char *next;

		/* EINVAL: not a link. Other errors are reported when the file is written. */
		if (len < 0)
			return path;
		target[len] = '\0';
		next = alloc_text("%.*s%s", *target == '/' ? 0 : folder_len(path), path, target);
		free(path);
		path = next;
	}
	free(path);
	errno = ELOOP;
	return NULL;
}

int write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t written = write(fd, text, len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return errno;
		text += written;
		len -= written;
	}
	return 0;
}

static int check_kind(const char *path)
{
	struct stat stat_buf;

	if (stat(path, &stat_buf) || S_ISREG(stat_buf.st_mode))
		return 0;
	return S_ISDIR(stat_buf.st_mode) ? REPLACE_FOLDER : REPLACE_SPECIAL;
}

/* Make the rename survive a power failure, where the filesystem supports fsync() of a folder. */
static int sync_folder(const char *path)
{
	char *folder = alloc_text("%.*s.", folder_len(path), path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int err = fd >= 0 && fsync(fd) ? errno : 0;

	if (fd >= 0)
		close(fd);
	free(folder);
	return err == EINVAL ? 0 : err;
}

static int write_beside(const char *path, char *beside, const char *text, size_t len)
{
	int fd, err;

	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return errno;
	tempfile_register(beside, NULL);
	err = write_all(fd, text, len);
	if (!err && fsync(fd))
		err = errno;
	if (close(fd) && !err)
		err = errno;
	if (!err && rename(beside, path))
		err = errno;
	if (err)
		unlink(beside);
	tempfile_unregister();
	return err ? err : sync_folder(path);
}

int replace_file(const char *name, const char *text, size_t len)
{
	char *path = follow_links(name), *beside;
	int err;

	if (!path)
		return errno;
	err = check_kind(path);
	if (!err) {
		beside = alloc_text("%s.XXXXXX", path);
		err = write_beside(path, beside, text, len);
		free(beside);
	}
	free(path);
	return err;
}
