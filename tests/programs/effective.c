// SPDX-License-Identifier: GPL-2.0-or-later
/* effective KEY: print the value of a declared key that is in effect, and its flags; for scripts */
#include "wire.h"

static const struct {
	unsigned int flag;
	const char *word;
} words[] = {
	{ KV_D_SET, "set" },
	{ KV_D_READONLY, "read-only" },
	{ KV_D_REFUSED, "refused" },
	{ KV_D_PRIVATE, "private" },
};

int main(int argc, char **argv)
{
	static _Alignas(8) unsigned char buf[KV_MSG_MAX];
	struct kv_describe *describe = (void *)buf;
	const struct kv_description *description = (const void *)describe->data;
	int error, len = sizeof(buf);
	const char *key = argv[1];

	if (argc != 2 || strlen(key) > KV_KEY_MAX)
		errx(2, "usage: effective KEY");
	describe->name_len = strlen(key);
	describe->prefix_len = strlen(key);
	memcpy(describe->data, key, strlen(key));
	error = wire_get(wire_socket(), KV_SO_DESCRIBE, buf, &len);
	if (error)
		errx(1, "%s", strerror(-error));
	if (!describe->count || description->key_len != strlen(key))
		errx(1, "%s is not declared", key);
	printf("%.*s", description->value_len, description->data + description->key_len);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (description->flags & words[i].flag)
			printf(" %s", words[i].word);
	putchar('\n');
	return 0;
}
