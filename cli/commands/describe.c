// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * describe.c - describe: explain the keys that kernel modules have declared
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "config/listing.h"
#include "core/color.h"
#include "core/error.h"
#include "core/escape.h"
#include "core/json.h"
#include "core/store.h"

enum { DESCRIBE_JSON };

static const struct option_spec describe_options[] = {
	[DESCRIBE_JSON] = { .name = "json", .letter = 'j', .help = "print a JSON array of objects" },
	OPTIONS_END
};

/* clang-format off */
static const struct { const char *name, *words; } types[] = {
	[KV_TYPE_NONE]	 = { "none",   "any value" },
	[KV_TYPE_U64]	 = { "u64",    "whole number" },
	[KV_TYPE_S64]	 = { "s64",    "whole number" },
	[KV_TYPE_BOOL]	 = { "bool",   "on or off" },
	[KV_TYPE_ENUM]	 = { "enum",   "one of " },
	[KV_TYPE_STRING] = { "string", "text" },
	[KV_TYPE_IPV4]	 = { "ipv4",   "IPv4 address" },
	[KV_TYPE_IPV6]	 = { "ipv6",   "IPv6 address" },
};
/* clang-format on */

/* A newer kernel module may have more types. */
static enum kv_type type_of(const struct kv_param *param)
{
	return param->type < sizeof(types) / sizeof(types[0]) ? param->type : KV_TYPE_NONE;
}

static bool has_flag(const struct kv_param *param, enum kv_description_flag flag)
{
	return param->flags & flag;
}

/* True if the type has bounds. */
static bool has_bounds(const struct kv_param *param)
{
	return !has_flag(param, KV_D_READONLY) &&
	       (param->type == KV_TYPE_U64 || param->type == KV_TYPE_S64 ||
		param->type == KV_TYPE_STRING);
}

/* Describe valid values, in the words of an error message of the module. */
static void print_type(const struct kv_param *param)
{
	fputs(types[type_of(param)].words, stdout);
	escape_message(stdout, param->choices);
	if (has_bounds(param) && param->type == KV_TYPE_U64)
		printf(" from %" PRIu64 " to %" PRIu64, param->min, param->max);
	else if (has_bounds(param) && param->type == KV_TYPE_S64)
		printf(" from %" PRId64 " to %" PRId64, (int64_t)param->min, (int64_t)param->max);
	else if (has_bounds(param))
		printf(" of %" PRIu64 " to %" PRIu64 " bytes", param->min, param->max);
	if (*param->unit)
		fputs(has_bounds(param) ? " " : ", in ", stdout);
	escape_message(stdout, param->unit);
}

/* Describe the origin of the effective value. */
static void print_state(const struct kv_param *param)
{
	if (has_flag(param, KV_D_READONLY)) {
		fputs("; read-only", stdout);
		return;
	}
	fputs("; default ", stdout);
	if (*param->fallback)
		escape_write(stdout, param->fallback, strlen(param->fallback));
	else
		fputs("\"\"", stdout);
	if (!has_flag(param, KV_D_SET))
		fputs("; not set", stdout);
	else
		printf("; %sset at revision %" PRIu64 "%s",
		       has_flag(param, KV_D_PRIVATE) ? "private; " : "", param->rev,
		       has_flag(param, KV_D_REFUSED) ? " to a value that was refused" : "");
}

static int print_param(const struct kv_param *param, void *arg)
{
	const struct call *call = arg;
	struct kv_item item = declared_item(param);

	color_begin(stdout, call->sh->color_out, COLOR_KEY);
	fputs(param->key, stdout);
	color_end(stdout, call->sh->color_out);
	fputs(" = ", stdout);
	item_print_value(&item);
	if (*param->text)
		fputs("\n    ", stdout);
	escape_message(stdout, param->text);
	fputs("\n    ", stdout);
	print_type(param);
	print_state(param);
	fputs("; module ", stdout);
	escape_message(stdout, param->module);
	putchar('\n');
	return 0;
}

/* Split the choices, which are separated by |. */
static json_t *json_choices(const char *choices)
{
	json_t *array = json_array();

	while (*choices) {
		size_t len = strcspn(choices, "|");

		json_array_append_new(array, json_text(choices, len));
		choices += len + (choices[len] == '|');
	}
	return array;
}

static json_t *json_bound(const struct kv_param *param, uint64_t bound)
{
	if (!has_bounds(param))
		return json_null();
	return param->type == KV_TYPE_S64 ? json_sprintf("%" PRId64, (int64_t)bound) :
					    json_sprintf("%" PRIu64, bound);
}

/* The members have the names of <kv_proto.h>. */
static int add_param_json(const struct kv_param *param, void *arg)
{
	struct kv_item item = declared_item(param);
	json_t *object = json_item(&item, JSON_KEY | JSON_VALUE | JSON_REST);

	json_object_set_new(object, "set", json_boolean(has_flag(param, KV_D_SET)));
	json_object_set_new(object, "readonly", json_boolean(has_flag(param, KV_D_READONLY)));
	json_object_set_new(object, "refused", json_boolean(has_flag(param, KV_D_REFUSED)));
	json_object_set_new(object, "type", json_string(types[type_of(param)].name));
	json_object_set_new(object, "min", json_bound(param, param->min));
	json_object_set_new(object, "max", json_bound(param, param->max));
	json_object_set_new(object, "default",
			    has_flag(param, KV_D_READONLY) ?
				    json_null() :
				    json_text(param->fallback, strlen(param->fallback)));
	json_object_set_new(object, "unit", json_text(param->unit, strlen(param->unit)));
	json_object_set_new(object, "choices", json_choices(param->choices));
	json_object_set_new(object, "module", json_text(param->module, strlen(param->module)));
	json_object_set_new(object, "text", json_text(param->text, strlen(param->text)));
	json_array_append_new(arg, object);
	return 0;
}

static int run_describe(struct call *call)
{
	const struct word *prefix = call->count ? call->args[0] : NULL;
	bool json = call->sh->json || call_option(call, DESCRIBE_JSON);
	int err, status = call_open(call);
	json_t *array;

	if (status)
		return status;
	array = json ? json_array() : NULL;
	err = kv_describe(call->sh->kv, prefix ? prefix->text : "",
			  json ? add_param_json : print_param, json ? (void *)array : call);
	if (json && !err)
		json_print(array);
	else
		json_decref(array);
	return err ? fail_key(call, prefix, prefix, err) : STATUS_DONE;
}

const struct command command_describe = {
	.name = "describe",
	.aliases = { "desc" },
	.usage = "[PREFIX]",
	.options = describe_options,
	.run = run_describe,
	.summary = "explain the keys that kernel modules have declared",
	.help = "Prints these lines for each declared key, sorted by the bytes of the keys. With\n"
		"PREFIX, only keys that start with it are described. Nothing is printed if there\n"
		"are none, which is not an error. The second line is missing if the module gives\n"
		"no description.\n"
		"\n"
		"  KEY = VALUE\n"
		"      description\n"
		"      valid values; default VALUE; state; module NAME\n"
		"\n"
		"The VALUE of the first line is the value in effect. The state is one of\n"
		"\n"
		"  not set             the default is in effect\n"
		"  set at revision N   VALUE was put; \"private;\" stands before this if\n"
		"                      VALUE is private\n"
		"  set at revision N to a value that was refused\n"
		"                      the value was put before the module was loaded,\n"
		"                      which refused it: the default is in effect\n"
		"  read-only           the module computes VALUE when it is read; there\n"
		"                      is no default\n"
		"\n"
		"Each JSON object has the members of \"list --declared\" and: set, readonly and\n"
		"refused; type (u64, s64, bool, enum, string, ipv4, ipv6, or none if this kvsh\n"
		"does not know the type); min and max, the bounds of a number or of the length of\n"
		"a string in bytes, as strings or null; default, or null; unit; choices, an\n"
		"array; module and text.\n"
		"\n"
		"Example:\n"
		"  describe net.\n",
};
