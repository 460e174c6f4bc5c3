// SPDX-License-Identifier: MIT
/* libkv: a kv.h call is one or more system calls, made here and nowhere else */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "internal.h"

#define OPT_BASE_FILE "/sys/module/kvstore/parameters/opt_base"

/* A word where the module has it: opt_base moves all of them. */
static int moved(const struct kv *kv, int word)
{
	return word - KV_SO_BASE + kv->base;
}

/*
 * The unloading of any netfilter module makes the kernel answer ENOPROTOOPT
 * for a moment, when it fails to take hold of that module on its way to ours.
 * So the answer is asked for once more.
 */
int kv_set_word(struct kv *kv, int word, const void *buf, size_t len)
{
	int tries = 2;

	while (tries--) {
		if (!setsockopt(kv->fd, IPPROTO_IP, moved(kv, word), buf, len))
			return 0;
		if (errno != ENOPROTOOPT)
			break;
	}
	return -errno;
}

int kv_get_word(struct kv *kv, int word, void *buf, size_t size)
{
	socklen_t len = size;
	int tries = 2;

	while (tries--) {
		if (!getsockopt(kv->fd, IPPROTO_IP, moved(kv, word), buf, &len))
			return len;
		if (errno != ENOPROTOOPT)
			break;
		len = size;
	}
	return -errno;
}

/* opt_base of the module, or the usual one where sysfs does not tell. */
static int read_base(void)
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

static int handshake(struct kv *kv)
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
	new->base = read_base();
	new->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	err = new->fd < 0 ? -errno : handshake(new);
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

int kv_unpack(struct kv_unpacked *to, const void *record, size_t left)
{
	struct kv_record head;
	const char *data = (const char *)record + sizeof(head);

	if (left < sizeof(head))
		return -EPROTO;
	memcpy(&head, record, sizeof(head));
	if (head.key_len > KV_KEY_MAX || head.value_len > KV_VALUE_MAX ||
	    sizeof(head) + head.key_len + head.value_len > left)
		return -EPROTO;
	memcpy(to->key, data, head.key_len);
	to->key[head.key_len] = '\0';
	memcpy(to->value, data + head.key_len, head.value_len);
	to->value[head.value_len] = '\0';
	to->op = head.op;
	to->item = (struct kv_item){
		.key = to->key,
		.value = to->value,
		.value_len = head.value_len,
		.flags = head.flags,
		.rev = head.rev,
	};
	return kv_padded(sizeof(head) + head.key_len + head.value_len);
}

int kv_each_record(const unsigned char *at, size_t left, uint32_t count, kv_list_fn *fn, void *arg)
{
	struct kv_unpacked unpacked;
	int err = 0;

	for (uint32_t i = 0; i < count && !err; i++) {
		int len = kv_unpack(&unpacked, at, left);

		err = len < 0 ? len : fn(&unpacked.item, arg);
		at += len;
		left -= len;
	}
	explicit_bzero(&unpacked, sizeof(unpacked));
	return err;
}

/* Put a record's head and key into the buffer; its length or a negative errno. */
static int make_record(struct kv *kv, const char *key, size_t value_len, unsigned int flags,
		       uint64_t rev)
{
	size_t key_len = strlen(key);

	if (key_len > KV_KEY_MAX)
		return -ENAMETOOLONG;
	if (value_len > KV_VALUE_MAX)
		return -EMSGSIZE;
	if (flags > UINT8_MAX)
		return -EINVAL;
	kv->buf.record = (struct kv_record){
		.flags = flags,
		.key_len = key_len,
		.value_len = value_len,
		.rev = rev,
	};
	memcpy(kv->buf.record.data, key, key_len);
	return sizeof(kv->buf.record) + key_len;
}

int kv_put(struct kv *kv, const char *key, const void *value, size_t len, unsigned int flags,
	   uint64_t rev)
{
	int head = make_record(kv, key, len, flags, rev);
	int err;

	kv_forget_reason(kv);
	if (head < 0)
		return head;
	if (len)
		memcpy(kv->buf.bytes + head, value, len);
	err = kv_set_word(kv, KV_SO_PUT, &kv->buf, head + len);
	if (err == -EDOM)
		err = kv_ask_why(kv, KV_OP_PUT, head + len);
	/* Asking why has moved it. */
	if (flags & KV_F_PRIVATE)
		explicit_bzero(kv->buf.bytes + head, sizeof(struct kv_txn) + len);
	return err;
}

/* The value of a reply, which stands behind the key as it was asked for. */
static ssize_t take_value(const struct kv_record *record, const char *key, void *buf, size_t size,
			  struct kv_item *item)
{
	size_t len = record->value_len;

	if (len > size)
		return -ERANGE;
	memcpy(buf, record->data + strlen(key), len);
	if (len < size)
		((char *)buf)[len] = '\0';
	if (item)
		*item = (struct kv_item){
			.key = key,
			.value = buf,
			.value_len = len,
			.flags = record->flags,
			.rev = record->rev,
		};
	return len;
}

ssize_t kv_get(struct kv *kv, const char *key, void *buf, size_t size, struct kv_item *item)
{
	const struct kv_record *record = &kv->buf.record;
	int head = make_record(kv, key, 0, 0, 0);
	ssize_t taken;
	int len;

	if (head < 0)
		return head;
	len = kv_get_word(kv, KV_SO_GET, &kv->buf, sizeof(kv->buf));
	if (len < 0)
		return len;
	if (head + record->value_len != len)
		return -EPROTO;
	taken = take_value(record, key, buf, size, item);
	if (record->flags & KV_F_PRIVATE)
		explicit_bzero(kv->buf.bytes + head, record->value_len);
	return taken;
}

int kv_delete(struct kv *kv, const char *key, unsigned int flags, uint64_t rev)
{
	int len = make_record(kv, key, 0, flags, rev);
	int err;

	kv_forget_reason(kv);
	if (len < 0)
		return len;
	err = kv_set_word(kv, KV_SO_DELETE, &kv->buf, len);
	/* A transaction deletes keys, and no prefix. */
	if (err == -EDOM && !(flags & KV_F_PREFIX))
		err = kv_ask_why(kv, KV_OP_DELETE, len);
	return err;
}

int kv_list(struct kv *kv, const char *prefix, kv_list_fn *fn, void *arg, uint64_t *rev)
{
	struct kv_list *page = &kv->buf.list;
	size_t prefix_len = prefix ? strlen(prefix) : 0;
	uint64_t cursor[2] = { 0, 0 }, first = 0;
	bool started = false, snapshot = true;
	int err;

	if (prefix_len > KV_KEY_MAX)
		return -ENAMETOOLONG;
	do {
		*page = (struct kv_list){
			.cursor = { cursor[0], cursor[1] },
			.prefix_len = prefix_len,
		};
		memcpy(page->data, prefix ? prefix : "", prefix_len);
		err = kv_get_word(kv, KV_SO_LIST, &kv->buf, sizeof(kv->buf));
		if (err < 0)
			return err;
		if (err < (int)sizeof(*page))
			return -EPROTO;
		memcpy(cursor, page->cursor, sizeof(cursor));
		if (!started)
			first = page->rev;
		started = true;
		snapshot &= page->rev == first;
		err = kv_each_record(page->data, err - sizeof(*page), page->count, fn, arg);
	} while (!err && page->more);
	if (rev)
		*rev = snapshot ? first : UINT64_MAX;
	return err;
}

int kv_info(struct kv *kv, struct kv_info *info)
{
	int len;

	memset(info, 0, sizeof(*info));
	len = kv_get_word(kv, KV_SO_INFO, info, sizeof(*info));
	return len < 0 ? len : 0;
}

int kv_seal(struct kv *kv)
{
	kv->buf.record = (struct kv_record){ 0 };
	return kv_set_word(kv, KV_SO_SEAL, &kv->buf, sizeof(kv->buf.record));
}

int kv_update(struct kv *kv, const char *key, kv_update_fn *fn, void *arg)
{
	char old[KV_VALUE_MAX + 1], value[KV_VALUE_MAX];
	struct kv_item item;
	ssize_t len;
	int err;

	do {
		unsigned int flags = KV_F_CREATE;

		item.rev = 0;
		len = kv_get(kv, key, old, sizeof(old), &item);
		if (len < 0 && len != -ENOENT)
			return len;
		if (len >= 0)
			flags = KV_F_IF_REV | (item.flags & KV_F_PRIVATE);
		len = len < 0 ? fn(NULL, 0, value, arg) : fn(old, len, value, arg);
		err = len < 0 ? len : kv_put(kv, key, value, len, flags, item.rev);
		/* Of these three, each means that another change came in between. */
	} while (len >= 0 && (err == -ESTALE || err == -EEXIST || err == -ENOENT));
	explicit_bzero(old, sizeof(old));
	explicit_bzero(value, sizeof(value));
	return err;
}
