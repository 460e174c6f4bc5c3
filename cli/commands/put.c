// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * put.c - put: store a value under a key
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kv.h>

#include "commands/commands.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/txn.h"

/* A limit of <kv_proto.h> as text. */
#define TEXT(number) TEXT_(number)
#define TEXT_(number) #number
#define KEY_LIMIT TEXT(KV_KEY_MAX)
#define VALUE_LIMIT TEXT(KV_VALUE_MAX)

enum { PUT_CREATE, PUT_REPLACE, PUT_IF_REV, PUT_PRIVATE, PUT_LITERAL };

static const struct option_spec put_options[] = {
	[PUT_CREATE] = { .name = "create", .help = "only if KEY does not exist (else status 4)" },
	[PUT_REPLACE] = { .name = "replace", .help = "only if KEY exists (else status 3)" },
	[PUT_IF_REV] = { .name = "if-rev",
			 .arg = "N",
			 .help = "only if KEY's revision is N (else status 4,\nor 3 if there is no KEY)" },
	[PUT_PRIVATE] = { .name = "private",
			  .secret = true,
			  .help = "only callers with CAP_NET_ADMIN can read VALUE" },
	[PUT_LITERAL] = { .name = "literal",
			  .letter = 'l',
			  .help = "store VALUE itself, even if it is - or @FILE" },
	OPTIONS_END
};

/**
 * struct value - the value to store
 * @data: @len bytes
 * @len: at most one more than the limit, which is then refused
 * @buf: buffer for a value from a file or standard input
 */
struct value {
	const char *data;
	size_t len;
	char buf[KV_VALUE_MAX + 1];
};

/* Read a file, up to one byte more than the limit; 0 or a negative errno. */
static int read_all(int fd, struct value *value)
{
	value->data = value->buf;
	value->len = 0;
	while (value->len < sizeof(value->buf)) {
		ssize_t got = read(fd, value->buf + value->len, sizeof(value->buf) - value->len);

		if (got < 0)
			return -errno;
		if (!got)
			break;
		value->len += got;
	}
	return 0;
}

static int fail_value(struct call *call, int status, const char *what)
{
	char shown[ESCAPE_SHORT];

	return fail(call->sh, &call->args[1]->at, status, "%s %s: %s", call->name->text,
		    escape_short(shown, call->args[0]->text, call->args[0]->len), what);
}

static int fail_read(struct call *call, const char *name, size_t len, int err)
{
	char shown[ESCAPE_SHORT], what[ESCAPE_SHORT + 100];

	snprintf(what, sizeof(what), "cannot read %s: %s", escape_short(shown, name, len),
		 strerror(-err));
	return fail_value(call, STATUS_FAILED, what);
}

static int value_from_stdin(struct call *call, struct value *value)
{
	struct kvsh *sh = call->sh;
	int err;

	if (sh->mode == MODE_INTERACTIVE)
		return fail_value(call, STATUS_USAGE,
				  "cannot read VALUE from the terminal, where the commands are "
				  "typed; write '-' for a literal -, or use @FILE");
	if (sh->script_on_stdin)
		return fail_value(call, STATUS_USAGE,
				  "cannot read VALUE from standard input, where the commands come "
				  "from; write '-' for a literal -, or run the script with -f");
	if (sh->stdin_taken)
		return fail_value(call, STATUS_USAGE, "standard input has already been read");
	sh->stdin_taken = true;
	err = read_all(STDIN_FILENO, value);
	return err ? fail_read(call, "standard input", strlen("standard input"), err) : STATUS_DONE;
}

static int value_from_file(struct call *call, struct value *value)
{
	const struct word *word = call->args[1];
	const char *name = word->text + 1;
	int err, fd;

	if (!*name || strlen(name) != word->len - 1)
		return fail_value(call, STATUS_USAGE,
				  "no valid file name after @; use --literal for a VALUE that "
				  "begins with @");
	fd = open(name, O_RDONLY | O_CLOEXEC);
	err = fd < 0 ? -errno : read_all(fd, value);
	if (fd >= 0)
		close(fd);
	return err ? fail_read(call, name, word->len - 1, err) : STATUS_DONE;
}

static int parse_value(struct call *call, struct value *value)
{
	const struct word *word = call->args[1];

	value->data = word->text;
	value->len = word->len;
	if (word->quoted || call_option(call, PUT_LITERAL))
		return STATUS_DONE;
	if (!strcmp(word->text, "-") && word->len == 1)
		return value_from_stdin(call, value);
	if (word->text[0] == '@')
		return value_from_file(call, value);
	return STATUS_DONE;
}

static unsigned int put_flags(const struct call *call)
{
	return (call_option(call, PUT_CREATE) ? KV_F_CREATE : 0) |
	       (call_option(call, PUT_REPLACE) ? KV_F_REPLACE : 0) |
	       (call_option(call, PUT_IF_REV) ? KV_F_IF_REV : 0) |
	       (call_option(call, PUT_PRIVATE) ? KV_F_PRIVATE : 0);
}

/* Parse the value and the condition; an enum status. */
static int parse_arguments(struct call *call, struct value *value, uint64_t *rev)
{
	int status = call_exclusive(call, PUT_CREATE, PUT_REPLACE);

	if (!status)
		status = call_exclusive(call, PUT_CREATE, PUT_IF_REV);
	if (!status)
		status = call_revision(call, PUT_IF_REV, rev);
	return status ? status : parse_value(call, value);
}

static int run_put(struct call *call)
{
	const struct word *key = call->args[0];
	struct value value;
	uint64_t rev;
	int err, status;

	status = parse_arguments(call, &value, &rev);
	if (!status)
		status = call_open(call);
	if (status)
		return status;

	err = kv_put(call->sh->kv, key->text, value.data, value.len, put_flags(call), rev);
	/* The value may be private. */
	explicit_bzero(value.buf, sizeof(value.buf));
	if (!err)
		return STATUS_DONE;
	return fail_key(call, key, err == -EMSGSIZE || err == -EDOM ? call->args[1] : key, err);
}

static int queue_put(struct call *call)
{
	struct value value;
	uint64_t rev;
	int status = parse_arguments(call, &value, &rev);

	if (status)
		return status;
	status = txn_queue(call, &(struct txn_record){
					 .op = KV_OP_PUT,
					 .key = call->args[0],
					 .value_word = call->args[1],
					 .value = value.data,
					 .value_len = value.len,
					 .flags = put_flags(call),
					 .rev = rev,
				 });
	explicit_bzero(value.buf, sizeof(value.buf));
	return status;
}

const struct command command_put = {
	.name = "put",
	.aliases = { "set" },
	.usage = "KEY VALUE",
	.verbatim = 1,
	.options = put_options,
	.run = run_put,
	.queue = queue_put,
	.summary = "store VALUE under KEY",
	.help = "A KEY is 1 to " KEY_LIMIT
		" bytes of A-Z a-z 0-9 _ . : / @ + -. A VALUE is 0 to " VALUE_LIMIT "\n"
		"bytes of any kind.\n"
		"\n"
		"A VALUE of - is read from standard input, and a VALUE of @FILE from that file.\n"
		"All bytes are stored, including a newline at the end. Standard input can be\n"
		"read only once, and not if the commands come from it. To store a VALUE that\n"
		"is - or begins with @, use --literal, or quote it in a script or at the prompt:\n"
		"put a '-'.\n"
		"\n"
		"The word after KEY is always VALUE, even if it looks like an option, as in\n"
		"put temp -5. Options go before KEY or after VALUE. --create cannot be combined\n"
		"with --replace or --if-rev.\n"
		"\n"
		"The arguments of a command can be seen in the list of processes and are kept in\n"
		"the history of the calling shell: read a private VALUE from standard input or\n"
		"from a file. The history file of kvsh leaves out commands with --private. A\n"
		"later put without --private makes the value public.\n"
		"\n"
		"The exit status is 1 if the kernel module that declared KEY refuses VALUE\n"
		"(\"describe KEY\" shows the valid values).\n"
		"\n"
		"Example:\n"
		"  put net.eth0.mtu 1500\n"
		"  put web.cert @/etc/web/cert.pem\n"
		"  put lock.owner host7 --create\n",
};
