// SPDX-License-Identifier: MIT
/* Error messages: a phrase for each errno of <kv_proto.h> that has a meaning of its own there */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <kv.h>

static const struct {
	int err;
	const char *sentence;
} sentences[] = {
	{ ENOPROTOOPT, "the kvstore module is not loaded" },
	{ EPROTONOSUPPORT, "the kvstore module speaks another version of the protocol" },
	{ EOPNOTSUPP, "the kvstore module does not have this command" },
	{ EPERM, "not permitted: this needs CAP_NET_ADMIN over the network namespace" },
	{ EINVAL, "malformed request" },
	{ ENAMETOOLONG, "the key is too long" },
	{ EMSGSIZE, "the value is too long" },
	{ ENOENT, "no such key" },
	{ EEXIST, "the key exists already" },
	{ ESTALE, "the key has changed: it is not at the expected revision" },
	{ ENOSPC, "the store is full: it has the maximum number of keys" },
	{ EDQUOT, "the store is full: it has the maximum number of bytes" },
	{ ERANGE, "the buffer is too small for the reply" },
	{ EDOM, "the kernel module that declared the key refuses this value" },
	{ EROFS, "the store is sealed: it can only be read" },
	{ EPROTO, "malformed reply: it does not come from the kvstore module" },
	{ ENFILE, "the namespace has the maximum number of watches" },
	{ ENOMEM, "out of memory" },
};

const char *kv_strerror(int err)
{
	err = abs(err);
	for (size_t i = 0; i < sizeof(sentences) / sizeof(*sentences); i++)
		if (sentences[i].err == err)
			return sentences[i].sentence;
	return strerror(err);
}
