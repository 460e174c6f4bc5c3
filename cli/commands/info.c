// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * info.c - info: print what the store holds and its limits
 */
#include <inttypes.h>
#include <stdio.h>

#include <kv.h>

#include "commands/commands.h"
#include "core/error.h"
#include "core/json.h"

enum { INFO_JSON };

static const struct option_spec info_options[] = {
	[INFO_JSON] = { .name = "json", .letter = 'j', .help = "print a JSON object" },
	OPTIONS_END
};

static void print_info(const struct kv_info *info)
{
	printf("protocol         %u\n", info->abi);
	printf("revision         %" PRIu64 "\n", (uint64_t)info->rev);
	printf("oldest revision  %" PRIu64 "\n", (uint64_t)info->oldest_rev);
	printf("sealed           %s\n", info->flags & KV_INFO_SEALED ? "yes" : "no");
	printf("watches          %u\n", info->watches);
	printf("keys             %u of %u\n", info->entries, info->max_entries);
	printf("bytes            %" PRIu64 " of %" PRIu64 "\n", (uint64_t)info->bytes,
	       (uint64_t)info->max_bytes);
	printf("buckets          %u\n", info->buckets);
	printf("key limit        %u bytes\n", info->key_max);
	printf("value limit      %u bytes\n", info->value_max);
	printf("message limit    %u bytes\n", info->msg_max);
}

/* The members have the names of <kv_proto.h>. */
static void print_info_json(const struct kv_info *info)
{
	json_t *object = json_object();

	json_object_set_new(object, "abi", json_integer(info->abi));
	json_object_set_new(object, "rev", json_revision(info->rev));
	json_object_set_new(object, "oldest_rev", json_revision(info->oldest_rev));
	json_object_set_new(object, "sealed", json_boolean(info->flags & KV_INFO_SEALED));
	json_object_set_new(object, "watches", json_integer(info->watches));
	json_object_set_new(object, "entries", json_integer(info->entries));
	json_object_set_new(object, "max_entries", json_integer(info->max_entries));
	json_object_set_new(object, "bytes", json_integer(info->bytes));
	json_object_set_new(object, "max_bytes", json_integer(info->max_bytes));
	json_object_set_new(object, "buckets", json_integer(info->buckets));
	json_object_set_new(object, "key_max", json_integer(info->key_max));
	json_object_set_new(object, "value_max", json_integer(info->value_max));
	json_object_set_new(object, "msg_max", json_integer(info->msg_max));
	json_print(object);
}

static int run_info(struct call *call)
{
	int err, status = call_open(call);
	struct kv_info info;

	if (status)
		return status;
	err = kv_info(call->sh->kv, &info);
	if (err)
		return fail_key(call, NULL, NULL, err);
	if (call->sh->json || call_option(call, INFO_JSON))
		print_info_json(&info);
	else
		print_info(&info);
	return STATUS_DONE;
}

const struct command command_info = {
	.name = "info",
	.usage = "",
	.options = info_options,
	.run = run_info,
	.summary = "print the size and the limits of the store",
	.help = "The store is that of the network namespace that kvsh uses. The members of the\n"
		"JSON object have the names of struct kv_info in kv_proto.h; sealed is the flag\n"
		"KV_INFO_SEALED. Revisions are strings.\n"
		"\n"
		"Example:\n"
		"  info --json\n",
};
