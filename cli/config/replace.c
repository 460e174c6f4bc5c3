// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * replace.c - a file is written whole, or stays as it was
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/litter.h"
#include "config/replace.h"
#include "core/alloc.h"

/* As many links one after another as the kernel follows. */
#define LINKS_MAX 40

/* Bytes of the path up to the last slash, with it. */
static int folder_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 - path : 0;
}

/* Where a name leads to in the end, which need not be there; NULL and errno. */
static char *follow_links(const char *name)
{
	char *path = alloc_copy(name, strlen(name));

	for (int links = 0; links < LINKS_MAX; links++) {
		char target[PATH_MAX];
		ssize_t len = readlink(path, target, sizeof(target) - 1);
		char *next;

		/* EINVAL: no link. Any other failure shows again when it is written. */
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

/* So that the new name too is there after a power failure, where the folder can be asked. */
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
	litter_begin(beside, NULL);
	err = write_all(fd, text, len);
	if (!err && fsync(fd))
		err = errno;
	if (close(fd) && !err)
		err = errno;
	if (!err && rename(beside, path))
		err = errno;
	if (err)
		unlink(beside);
	litter_end();
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
