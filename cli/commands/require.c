// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * require.c - require: fail unless a condition on a key holds
 */
#include <errno.h>

#include <kv.h>

#include "commands/commands.h"
#include "core/error.h"
#include "core/txn.h"

enum { REQUIRE_ABSENT, REQUIRE_REV };

static const struct option_spec require_options[] = {
	[REQUIRE_ABSENT] = { .name = "absent", .help = "KEY must not exist (else status 4)" },
	[REQUIRE_REV] = { .name = "rev",
			  .arg = "N",
			  .help = "KEY's revision must be N (else status 4,\nor 3 if there is no KEY)" },
	OPTIONS_END
};

static int parse_condition(struct call *call, unsigned int *flags, uint64_t *rev)
{
	int status = call_exclusive(call, REQUIRE_ABSENT, REQUIRE_REV);

	if (!status)
		status = call_revision(call, REQUIRE_REV, rev);
	*flags = call_option(call, REQUIRE_ABSENT) ? KV_F_CREATE :
		 call_option(call, REQUIRE_REV)	   ? KV_F_IF_REV :
						     KV_F_REPLACE;
	return status;
}

/* Commit a transaction with only the condition, which needs no capability. */
static int check_condition(struct kv *kv, const char *key, unsigned int flags, uint64_t rev)
{
	struct kv_transaction *txn = kv_transaction_new();
	int err;

	if (!txn)
		return -ENOMEM;
	err = kv_transaction_add(txn, KV_OP_CHECK, key, NULL, 0, flags, rev);
	if (err >= 0)
		err = kv_transaction_commit(kv, txn, NULL, NULL, NULL, NULL);
	kv_transaction_free(txn);
	return err;
}

static int run_require(struct call *call)
{
	const struct word *key = call->args[0];
	unsigned int flags;
	uint64_t rev;
	int err, status;

	status = parse_condition(call, &flags, &rev);
	if (!status)
		status = call_open(call);
	if (status)
		return status;
	err = check_condition(call->sh->kv, key->text, flags, rev);
	return err ? fail_key(call, key, key, err) : STATUS_DONE;
}

static int queue_require(struct call *call)
{
	unsigned int flags;
	uint64_t rev;
	int status = parse_condition(call, &flags, &rev);

	if (status)
		return status;
	return txn_queue(call, &(struct txn_record){
				       .op = KV_OP_CHECK,
				       .key = call->args[0],
				       .flags = flags,
				       .rev = rev,
			       });
}

const struct command command_require = {
	.name = "require",
	.usage = "KEY",
	.options = require_options,
	.run = run_require,
	.queue = queue_require,
	.summary = "fail unless KEY exists, or meets another condition",
	.help = "In a transaction, this is a condition for the whole transaction. --absent and\n"
		"--rev cannot be combined.\n"
		"\n"
		"The exit status is 3 if KEY does not exist but should, and 4 if it has another\n"
		"revision, or exists with --absent.\n"
		"\n"
		"Example:\n"
		"  require net.eth0.mtu --rev 17\n",
};
