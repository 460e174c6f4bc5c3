// SPDX-License-Identifier: MIT
/* System calls, and packing and unpacking of records */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "internal.h"

/* The socket option of a command word; the module parameter opt_base moves the range. */
static int optname(const struct kv *kv, int word)
{
	return word - KV_SO_BASE + kv->base;
}

/*
 * While another netfilter module is being unloaded, the kernel may return ENOPROTOOPT without
 * calling kvstore, so each call is tried twice.
 */
#define TRIES 2

int kv_set_word(struct kv *kv, int word, const void *buf, size_t len)
{
	for (int i = 0; i < TRIES; i++) {
		if (!setsockopt(kv->fd, IPPROTO_IP, optname(kv, word), buf, len))
			return 0;
		if (errno != ENOPROTOOPT)
			break;
	}
	return -errno;
}

int kv_get_word(struct kv *kv, int word, void *buf, size_t size)
{
	for (int i = 0; i < TRIES; i++) {
		socklen_t len = size;

		if (!getsockopt(kv->fd, IPPROTO_IP, optname(kv, word), buf, &len))
			return len;
		if (errno != ENOPROTOOPT)
			break;
	}
	return -errno;
}

ssize_t kv_pack(void *to, size_t room, enum kv_op op, const char *key, const void *value,
		size_t value_len, unsigned int flags, uint64_t rev)
{
	struct kv_record head = { .op = op, .flags = flags, .value_len = value_len, .rev = rev };
	unsigned char *data = (unsigned char *)to + sizeof(head);
	size_t key_len = strlen(key), len;

	if (key_len > KV_KEY_MAX)
		return -ENAMETOOLONG;
	if (value_len > KV_VALUE_MAX)
		return -EMSGSIZE;
	if (flags > UINT8_MAX)
		return -EINVAL;
	len = sizeof(head) + key_len + value_len;
	if (kv_padded(len) > room)
		return -EMSGSIZE;
	head.key_len = key_len;
	memcpy(to, &head, sizeof(head));
	memcpy(data, key, key_len);
	if (value_len)
		memcpy(data + key_len, value, value_len);
	memset(data + key_len + value_len, 0, kv_padded(len) - len);
	return len;
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
