// SPDX-License-Identifier: MIT
/* Watches: opening a descriptor, and reading records from it */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

int kv_watch(struct kv *kv, const char *prefix, uint64_t rev)
{
	struct kv_watch *watch = &kv->buf.watch;
	size_t len = prefix ? strlen(prefix) : 0;
	int err;

	if (len > KV_KEY_MAX)
		return -ENAMETOOLONG;
	*watch = (struct kv_watch){ .rev = rev, .prefix_len = len };
	memcpy(watch->data, prefix ? prefix : "", len);
	err = kv_get_word(kv, KV_SO_WATCH, watch, sizeof(*watch) + len);
	return err < 0 ? err : watch->fd;
}

int kv_watch_read(int fd, kv_watch_fn *fn, void *arg)
{
	_Alignas(struct kv_record) unsigned char buf[PAGE_BYTES];
	ssize_t len = read(fd, buf, sizeof(buf));
	struct kv_unpacked unpacked;
	int count = 0, err = 0;

	if (len < 0)
		return -errno;
	for (ssize_t at = 0; at < len && err >= 0; count++) {
		int used = kv_unpack(&unpacked, buf + at, len - at);

		at += used;
		err = used < 0 ? used : fn(unpacked.op, &unpacked.item, arg);
	}
	explicit_bzero(buf, len);
	explicit_bzero(&unpacked, sizeof(unpacked));
	return err < 0 ? err : count;
}
