// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wait.c - wait: wait until a key exists or has a value
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
			   .help = "end after S seconds, with status 8" },
	OPTIONS_END
};

/**
 * struct wanted - the key and value to wait for
 * @kv: the store
 * @key: the key
 * @value: its value, or NULL for any
 */
struct wanted {
	struct kv *kv;
	const struct word *key;
	const struct word *value;
};

static bool value_matches(const struct wanted *wanted, const void *value, size_t len)
{
	return !wanted->value ||
	       (wanted->value->len == len && !memcmp(wanted->value->text, value, len));
}

/* Read the key: -ECANCELED if the condition holds, 0 if not, or another negative errno. */
static int check_key(const struct wanted *wanted)
{
	char buf[KV_VALUE_MAX + 1];
	ssize_t len = kv_get(wanted->kv, wanted->key->text, buf, sizeof(buf), NULL);
	bool holds = len >= 0 && value_matches(wanted, buf, len);

	explicit_bzero(buf, sizeof(buf));
	if (len == -ENOENT)
		return 0;
	/* The key exists; its value is private. */
	if (len == -EPERM && !wanted->value)
		return -ECANCELED;
	if (len < 0)
		return len;
	return holds ? -ECANCELED : 0;
}

static int check_change(enum kv_op op, const struct kv_item *item, void *arg)
{
	const struct wanted *wanted = arg;

	if (op == KV_OP_COMPACTED)
		return check_key(wanted);
	if (op != KV_OP_PUT || strcmp(item->key, wanted->key->text))
		return 0;
	if (wanted->value && item->flags & KV_F_WITHHELD)
		return -EPERM;
	return value_matches(wanted, item->value, item->value_len) ? -ECANCELED : 0;
}

static int run_wait(struct call *call)
{
	struct wanted wanted = { .key = call->args[0] };
	struct follow follow;
	struct kv_info info;
	int err, status;

	status = follow_start(&follow, call, call_option(call, WAIT_TIMEOUT));
	if (!status)
		status = call_open(call);
	if (status)
		return status;
	wanted.kv = call->sh->kv;
	wanted.value = call->count > 1 ? call->args[1] : NULL;
	/* Get the revision first, to watch all changes after the key was read. */
	err = kv_info(wanted.kv, &info);
	if (!err)
		err = check_key(&wanted);
	if (err == -ECANCELED)
		return STATUS_DONE;
	if (err)
		return fail_key(call, wanted.key, wanted.key, err);
	follow.prefix = wanted.key->text;
	follow.rev = info.rev;
	follow.change = check_change;
	follow.arg = &wanted;
	return follow_run(&follow);
}

const struct command command_wait = {
	.name = "wait",
	.usage = "KEY [VALUE]",
	.options = wait_options,
	.run = run_wait,
	.summary = "wait until KEY exists, or has exactly VALUE",
	.help = "Returns at once if the condition holds already; --timeout 0 only checks it.\n"
		"Nothing is printed. S may have a fraction. A VALUE that begins with - must\n"
		"follow --.\n"
		"\n"
		"The exit status is 8 if --timeout expires first. It is 5 if VALUE is given, but\n"
		"KEY has a private value that you may not read.\n"
		"\n"
		"Example:\n"
		"  wait net.eth0.state up --timeout 30\n",
};
