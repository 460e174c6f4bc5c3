// SPDX-License-Identifier: MIT
/* Handles: opening and closing them */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "internal.h"

#define OPT_BASE_FILE "/sys/module/kvstore/parameters/opt_base"

/* Read the module's parameter opt_base; the default if sysfs does not have it. */
static int read_opt_base(void)
{
	char text[16] = "";
	int fd = open(OPT_BASE_FILE, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return KV_SO_BASE;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	return n > 0 ? (int)strtoul(text, NULL, 0) : KV_SO_BASE;
}

/* Check that the module is loaded and has the same KV_ABI. */
static int check_abi(struct kv *kv)
{
	struct kv_info info;
	int err = kv_info(kv, &info);

	if (!err && info.abi != KV_ABI)
		err = -EPROTONOSUPPORT;
	return err;
}

int kv_open(struct kv **kv)
{
	struct kv *new = calloc(1, sizeof(*new));
	int err;

	*kv = NULL;
	if (!new)
		return -ENOMEM;
	new->base = read_opt_base();
	new->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	err = new->fd < 0 ? -errno : check_abi(new);
	if (err) {
		kv_close(new);
		return err;
	}
	*kv = new;
	return 0;
}

void kv_close(struct kv *kv)
{
	if (!kv)
		return;
	while (kv->cached)
		kv_cache_remove(kv->cached);
	if (kv->fd >= 0)
		close(kv->fd);
	explicit_bzero(kv, sizeof(*kv));
	free(kv);
}
