// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wait.c - wait: until a key exists, or has a value
 */
#include <errno.h>
#include <string.h>

#include <kv.h>

#include "commands/commands.h"
#include "commands/follow.h"
#include "core/error.h"

enum { WAIT_TIMEOUT };

static const struct option_spec wait_options[] = {
	[WAIT_TIMEOUT] = { .name = "timeout",
			   .arg = "S",
			   .help = "give up after S seconds, with status 8" },
	OPTIONS_END
};

/**
 * struct wish - what is waited for
 * @kv: the store
 * @key: the key
 * @value: its value, or NULL for any
 */
struct wish {
	struct kv *kv;
	const struct word *key;
	const struct word *value;
};

static bool is_value(const struct wish *wish, const void *value, size_t len)
{
	return !wish->value || (wish->value->len == len && !memcmp(wish->value->text, value, len));
}

/* Look at the key: -ECANCELED if it is as wished, 0 if not yet, or another negative errno. */
static int look(const struct wish *wish)
{
	char buf[KV_VALUE_MAX + 1];
	ssize_t len = kv_get(wish->kv, wish->key->text, buf, sizeof(buf), NULL);
	bool granted = len >= 0 && is_value(wish, buf, len);

	explicit_bzero(buf, sizeof(buf));
	if (len == -ENOENT)
		return 0;
	/* A value that may not be read is a value all the same. */
	if (len == -EPERM && !wish->value)
		return -ECANCELED;
	if (len < 0)
		return len;
	return granted ? -ECANCELED : 0;
}

static int on_change(enum kv_op op, const struct kv_item *item, void *arg)
{
	const struct wish *wish = arg;

	if (op == KV_OP_COMPACTED)
		return look(wish);
	if (op != KV_OP_PUT || strcmp(item->key, wish->key->text))
		return 0;
	/* It may have been left out. */
	if (item->flags & KV_F_PRIVATE && !item->value_len)
		return look(wish);
	return is_value(wish, item->value, item->value_len) ? -ECANCELED : 0;
}

static int run_wait(struct call *call)
{
	struct wish wish = { .key = call->args[0] };
	struct follow follow;
	struct kv_info info;
	int err, status;

	status = follow_start(&follow, call, call_option(call, WAIT_TIMEOUT));
	if (!status)
		status = call_open(call);
	if (status)
		return status;
	wish.kv = call->sh->kv;
	wish.value = call->count > 1 ? call->args[1] : NULL;
	/* The revision first: what comes after the look is watched. */
	err = kv_info(wish.kv, &info);
	if (!err)
		err = look(&wish);
	if (err == -ECANCELED)
		return STATUS_DONE;
	if (err)
		return fail_key(call, wish.key, wish.key, err);
	follow.prefix = wish.key->text;
	follow.rev = info.rev;
	follow.change = on_change;
	follow.arg = &wish;
	return follow_run(&follow);
}

const struct command command_wait = {
	.name = "wait",
	.usage = "KEY [VALUE]",
	.options = wait_options,
	.run = run_wait,
	.summary = "wait until KEY exists, or has exactly VALUE",
	.help = "It ends at once where that is so already; --timeout 0 only looks. Nothing is\n"
		"printed; the status is 8 when the time is over. A VALUE that begins with - goes\n"
		"after --.\n"
		"\n"
		"Example:\n"
		"  wait net.eth0.state up --timeout 30\n",
};
