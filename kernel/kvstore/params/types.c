// SPDX-License-Identifier: GPL-2.0-only
/* The types of declared parameters: one row of functions for each, at the end */
#include <linux/bits.h>
#include <linux/inet.h>
#include <linux/kernel.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "params/params.h"
#include "store/entry.h"

/* Values that a field holds itself */

static int store_number(void *field, const struct kv_param *param, const union kv_parsed *parsed,
			const char *text)
{
	const u8 *low = (const u8 *)&parsed->u64;

	if (IS_ENABLED(CONFIG_CPU_BIG_ENDIAN))
		low += sizeof(u64) - param->size;
	memcpy(field, low, param->size);
	return 0;
}

static void publish_number(void *field, const void *next, unsigned int size)
{
	switch (size) {
	case 1:
		WRITE_ONCE(*(u8 *)field, *(u8 *)next);
		break;
	case 2:
		WRITE_ONCE(*(u16 *)field, *(u16 *)next);
		break;
	case 4:
		WRITE_ONCE(*(u32 *)field, *(u32 *)next);
		break;
	case 8:
		WRITE_ONCE(*(u64 *)field, *(u64 *)next);
		break;
	}
}

/* Values in objects of their own. They are wiped, since the value may be private. */

static void free_object(void *field)
{
	kfree_sensitive(*(void **)field);
	*(void **)field = NULL;
}

static void free_object_rcu(struct rcu_head *rcu)
{
	kfree_sensitive(rcu);
}

static void publish_object(void *field, const void *next, unsigned int size)
{
	struct rcu_head *old = *(void **)field;

	BUILD_BUG_ON(offsetof(struct kv_string, rcu) || offsetof(struct kv_ipv6, rcu));
	/* Pairs with the rcu_dereference() of the module's readers. */
	smp_store_release((void **)field, *(void *const *)next);
	if (old)
		call_rcu(old, free_object_rcu);
}

/* Integers */

/* Decimal or, after 0x, hexadecimal. No sign and no blanks; a leading 0 does not mean octal. */
static bool parse_u64(const char *const *choices, const char *text, unsigned int len,
		      union kv_parsed *parsed)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');

	if (hex)
		text += 2;
	/* kstrtoull() would also accept a sign, a newline and another 0x. */
	return *text && !text[strspn(text, hex ? "0123456789abcdefABCDEF" : "0123456789")] &&
	       !kstrtoull(text, hex ? 16 : 10, &parsed->u64);
}

static bool parse_s64(const char *const *choices, const char *text, unsigned int len,
		      union kv_parsed *parsed)
{
	bool negative = *text == '-';
	union kv_parsed size;

	if (!parse_u64(NULL, text + negative, len - negative, &size) ||
	    size.u64 > (u64)S64_MAX + negative)
		return false;
	parsed->s64 = negative ? -size.u64 : size.u64;
	return true;
}

static unsigned int field_bits(const struct kv_param *param)
{
	return 8 * (param->show ? sizeof(u64) : param->size);
}

static bool set_u64_bounds(struct kv_slot *slot)
{
	u64 limit = GENMASK_ULL(field_bits(slot->param) - 1, 0);

	if (!slot->min && !slot->max)
		slot->max = limit;
	return slot->min <= slot->max && slot->max <= limit;
}

static bool set_s64_bounds(struct kv_slot *slot)
{
	s64 limit = GENMASK_ULL(field_bits(slot->param) - 2, 0);

	if (!slot->min && !slot->max) {
		slot->min = ~limit;
		slot->max = limit;
	}
	return ~limit <= (s64)slot->min && (s64)slot->min <= (s64)slot->max &&
	       (s64)slot->max <= limit;
}

static bool is_in_u64_bounds(const struct kv_slot *slot, const union kv_parsed *parsed)
{
	return parsed->u64 >= slot->min && parsed->u64 <= slot->max;
}

static bool is_in_s64_bounds(const struct kv_slot *slot, const union kv_parsed *parsed)
{
	return parsed->s64 >= (s64)slot->min && parsed->s64 <= (s64)slot->max;
}

/* Booleans */

static bool parse_bool(const char *const *choices, const char *text, unsigned int len,
		       union kv_parsed *parsed)
{
	static const char *const words[] = { "0", "1", "off", "on", "false", "true", "no", "yes" };
	int i = match_string(words, ARRAY_SIZE(words), text);

	parsed->u64 = i & 1;
	return i >= 0;
}

/* Choices */

static bool parse_choice(const char *const *choices, const char *text, unsigned int len,
			 union kv_parsed *parsed)
{
	for (parsed->u64 = 0; choices[parsed->u64]; parsed->u64++)
		if (strlen(choices[parsed->u64]) == len &&
		    !memcmp(choices[parsed->u64], text, len))
			return true;
	return false;
}

static const char *choice_text(const struct kv_param *param, const void *field)
{
	return param->choices[*(const unsigned int *)field];
}

/* Strings */

static bool parse_string(const char *const *choices, const char *text, unsigned int len,
			 union kv_parsed *parsed)
{
	parsed->u64 = len;
	return !memchr(text, '\0', len);
}

static const char *string_text(const struct kv_param *param, const void *field)
{
	return (*(struct kv_string *const *)field)->text;
}

static bool set_string_bounds(struct kv_slot *slot)
{
	if (!slot->min && !slot->max)
		slot->max = slot->param->show ? KV_SHOW_MAX : KV_VALUE_MAX;
	return slot->min <= slot->max && slot->max <= KV_VALUE_MAX;
}

static int store_string(void *field, const struct kv_param *param, const union kv_parsed *parsed,
			const char *text)
{
	struct kv_string *string = kmalloc(struct_size(string, text, parsed->u64 + 1), KV_GFP);

	if (!string)
		return -ENOMEM;
	string->len = parsed->u64;
	memcpy(string->text, text, string->len);
	string->text[string->len] = '\0';
	*(struct kv_string **)field = string;
	return 0;
}

/* Addresses */

static bool parse_ipv4(const char *const *choices, const char *text, unsigned int len,
		       union kv_parsed *parsed)
{
	const char *end;

	return in4_pton(text, -1, (u8 *)&parsed->ipv4, -1, &end) && !*end;
}

static int store_ipv4(void *field, const struct kv_param *param, const union kv_parsed *parsed,
		      const char *text)
{
	*(__be32 *)field = parsed->ipv4;
	return 0;
}

static bool parse_ipv6(const char *const *choices, const char *text, unsigned int len,
		       union kv_parsed *parsed)
{
	const char *end;

	return in6_pton(text, -1, parsed->ipv6.s6_addr, -1, &end) && !*end;
}

static int store_ipv6(void *field, const struct kv_param *param, const union kv_parsed *parsed,
		      const char *text)
{
	struct kv_ipv6 *ipv6 = kmalloc(sizeof(*ipv6), KV_GFP);

	if (!ipv6)
		return -ENOMEM;
	ipv6->addr = parsed->ipv6;
	*(struct kv_ipv6 **)field = ipv6;
	return 0;
}

/* The table */

static const struct kv_type_ops types[] = {
	[KV_TYPE_U64] = {
		.name = "u64", .parse = parse_u64,
		.set_bounds = set_u64_bounds, .in_bounds = is_in_u64_bounds,
		.store = store_number, .publish = publish_number,
		.words = "must be a whole number from %llu to %llu%s%s",
	},
	[KV_TYPE_S64] = {
		.name = "s64", .parse = parse_s64,
		.set_bounds = set_s64_bounds, .in_bounds = is_in_s64_bounds,
		.store = store_number, .publish = publish_number,
		.words = "must be a whole number from %lld to %lld%s%s",
	},
	[KV_TYPE_BOOL] = {
		.name = "bool", .field_size = sizeof(bool), .parse = parse_bool,
		.store = store_number, .publish = publish_number,
		.words = "must be on or off, 1 or 0, true or false, yes or no",
	},
	[KV_TYPE_ENUM] = {
		.name = "enum", .field_size = sizeof(unsigned int), .has_choices = true,
		.parse = parse_choice, .text = choice_text,
		.store = store_number, .publish = publish_number,
		.words = "must be one of ",
	},
	[KV_TYPE_STRING] = {
		.name = "string", .field_size = sizeof(struct kv_string *),
		.parse = parse_string, .text = string_text,
		.set_bounds = set_string_bounds, .in_bounds = is_in_u64_bounds,
		.store = store_string, .publish = publish_object, .free = free_object,
		.words = "must be %llu to %llu bytes without NUL",
	},
	[KV_TYPE_IPV4] = {
		.name = "ipv4", .field_size = sizeof(__be32), .parse = parse_ipv4,
		.store = store_ipv4, .publish = publish_number,
		.words = "must be an IPv4 address, such as 192.0.2.1",
	},
	[KV_TYPE_IPV6] = {
		.name = "ipv6", .field_size = sizeof(struct kv_ipv6 *), .parse = parse_ipv6,
		.store = store_ipv6, .publish = publish_object, .free = free_object,
		.words = "must be an IPv6 address, such as 2001:db8::1",
	},
};

/**
 * kv_type_find() - find the row of a type
 * @type: any number
 *
 * Context: any.
 * Return: the row, or NULL if there is no such type.
 */
const struct kv_type_ops *kv_type_find(enum kv_type type)
{
	return (unsigned int)type < ARRAY_SIZE(types) && types[type].name ? &types[type] : NULL;
}

/**
 * kv_slot_describe() - describe the values of a parameter, as the reason of a refusal
 * @slot: parameter
 * @text: @size bytes
 * @size: bytes of @text, at least 1; the description is truncated to it
 *
 * Context: any.
 */
void kv_slot_describe(const struct kv_slot *slot, char *text, size_t size)
{
	const char *const *choice = slot->param->choices;
	const char *unit = slot->param->unit, *separator = "";
	size_t len = scnprintf(text, size, slot->type->words, slot->min, slot->max,
			       unit ? " " : "", unit ?: "");

	for (; choice && *choice; choice++, separator = "|")
		len += scnprintf(text + len, size - len, "%s%s", separator, *choice);
}

/**
 * kv_value_parse() - parse the text of a value
 * @type: type of the value; must exist
 * @choices: the choices with NULL at the end, if the type has choices
 * @text: @len arbitrary bytes
 * @len: bytes of @text
 * @parsed: out: the value
 *
 * Context: any.
 * Return: true if the text is a value of that type.
 */
bool kv_value_parse(enum kv_type type, const char *const *choices, const char *text,
		    unsigned int len, union kv_parsed *parsed)
{
	char plain[KV_PLAIN_MAX];

	if (!types[type].text) {
		if (len >= sizeof(plain) || memchr(text, '\0', len))
			return false;
		memcpy(plain, text, len);
		plain[len] = '\0';
		text = plain;
	}
	return types[type].parse(choices, text, len, parsed);
}
