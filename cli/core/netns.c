// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netns.c - enters the network namespace of --netns
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/escape.h"
#include "core/netns.h"

static bool is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

/* O_NONBLOCK: do not wait for the writer of a FIFO. */
static int open_path(const char *before, const char *name, const char *after)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s%s%s", before, name, after);

	if (len >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

static int open_namespace(const char *name)
{
	int fd;

	if (strchr(name, '/'))
		return open_path("", name, "");
	if (!*name || !strcmp(name, ".") || !strcmp(name, "..")) {
		errno = EINVAL;
		return -1;
	}
	/* A name may be a number; it precedes the process, as in ip(8). */
	fd = open_path(NETNS_NAMES, name, "");
	if (fd < 0 && errno == ENOENT && is_number(name))
		fd = open_path("/proc/", name, "/ns/net");
	return fd;
}

static int fail_netns(struct kvsh *sh, const char *name, int err)
{
	char shown[ESCAPE_SHORT];

	escape_short(shown, name, strlen(name));
	if (err == ENOENT && !strchr(name, '/'))
		return fail(sh, NULL, STATUS_FAILED, "--netns %s: there is no %s%s%s", shown,
			    NETNS_NAMES, shown, is_number(name) ? ", and no such process" : "");
	if (err == EINVAL)
		return fail(sh, NULL, STATUS_FAILED, "--netns %s: this is not a network namespace",
			    shown);
	if (err == EPERM || err == EACCES)
		return fail(sh, NULL, STATUS_PERMISSION,
			    "--netns %s: not permitted: this needs CAP_SYS_ADMIN", shown);
	return fail(sh, NULL, STATUS_FAILED, "--netns %s: %s", shown, strerror(err));
}

int netns_enter(struct kvsh *sh, const char *name)
{
	int err = 0, fd = open_namespace(name);

	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err = errno;
	if (fd >= 0)
		close(fd);
	if (err)
		return fail_netns(sh, name, err);
	sh->netns = name;
	return STATUS_DONE;
}
