// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Operations, drawn at random or read from lines such as these:
 *
 *    put a.b 17*40 create private	a value of 40 bytes, "17." repeated
 *    nobody get a.b 100		without CAP_NET_ADMIN; optlen is the request's length + 100
 *    begin 0				a transaction up to "commit"; optlen is its length + 0
 *    put a.b 3*3 rev+0			if-revision with the key's revision plus 0
 *    check a create
 *    commit
 *    watch 2 '' 5			in slot 2, all keys, from 5 revisions ago
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include <kv_proto.h>

#include "operation.h"

#define LONG16 "0123456789abcdef"
#define LONG LONG16 LONG16 LONG16 LONG16 LONG16 LONG16 LONG16

static const char *const keys[KEYS + 1] = {
	"a",
	"a.",
	"a.a",
	"a.a.a",
	"a.a.b",
	"a.b",
	"a.b.a",
	"aa",
	"aaa",
	"ab",
	"b",
	"b.a",
	"b.b",
	"ba",
	"b/",
	"b/a",
	"c",
	"c:0",
	"c:1",
	"c:2",
	"c:3",
	"d",
	"d@0",
	"d+0",
	"d-0",
	"E",
	"F_",
	"a.long.key.of.some.bytes",
	"a." LONG "0123456789abcd",
	"b." LONG "0123456789abcd",
	"b." LONG "0123456789abce",
	[BAD_KEY] = "a!",
	[ALL] = "",
};

/* k: key or prefix, v: value, f: flags, r: room, w: watch, b: revisions back */
static const struct {
	const char *name, *fields;
	unsigned int weight; /* relative frequency in random operations */
} kinds[KINDS] = {
	[PUT] = { "put", "kvf", 24 },  [DELETE] = { "delete", "kf", 10 },
	[GET] = { "get", "kr", 14 },   [BEGIN] = { "begin", "r", 16 },
	[LIST] = { "list", "kr", 4 },  [PAGE] = { "page", "kr", 10 },
	[INFO] = { "info", "", 4 },    [WATCH] = { "watch", "wkb", 5 },
	[READ] = { "read", "wr", 9 },  [POLL] = { "poll", "w", 4 },
	[CLOSE] = { "close", "w", 1 }, [SEAL] = { "seal", "", 0 },
};

/* The records of a transaction, by op */
static const struct {
	const char *name, *fields;
} ops[] = {
	[KV_OP_GET] = { "get", "k" },
	[KV_OP_PUT] = { "put", "kvf" },
	[KV_OP_DELETE] = { "delete", "kf" },
	[KV_OP_CHECK] = { "check", "kf" },
};

static const struct {
	unsigned int flag;
	const char *name;
} flags[] = {
	{ KV_F_CREATE, "create" },
	{ KV_F_REPLACE, "replace" },
	{ KV_F_PRIVATE, "private" },
	{ KV_F_PREFIX, "prefix" },
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

const char *key_name(unsigned int key)
{
	return keys[key];
}

const char *kind_name(enum kind kind)
{
	return kinds[kind].name;
}

bool key_starts_with(unsigned int key, unsigned int prefix)
{
	return !strncmp(keys[key], keys[prefix], strlen(keys[prefix]));
}

void value_fill(void *to, unsigned int value, size_t len)
{
	char text[8];
	int n = snprintf(text, sizeof(text), "%u.", value);

	for (size_t i = 0; i < len; i++)
		((char *)to)[i] = text[i % n];
}

/* Drawing */

/* A number from 0 to @limit - 1 by xorshift64*, which is the same on all machines */
static unsigned int draw(uint64_t *random, unsigned int limit)
{
	*random ^= *random >> 12;
	*random ^= *random << 25;
	*random ^= *random >> 27;
	return (*random * 0x2545f4914f6cdd1d >> 33) % limit;
}

static bool one_in(uint64_t *random, unsigned int n)
{
	return !draw(random, n);
}

static unsigned int draw_key(uint64_t *random)
{
	return one_in(random, 60) ? BAD_KEY : draw(random, BAD_KEY);
}

/* Draw flags for @op, which mostly do not contradict each other. */
static unsigned int draw_flags(uint64_t *random, enum kv_op op)
{
	static const uint8_t conditions[] = {
		0, 0, 0, KV_F_CREATE, KV_F_REPLACE, KV_F_IF_REV, KV_F_REPLACE | KV_F_IF_REV
	};
	unsigned int drawn = conditions[draw(random, COUNT(conditions))];

	if (op == KV_OP_GET)
		return 0;
	if (op == KV_OP_DELETE)
		drawn = one_in(random, 2) ? KV_F_IF_REV : 0;
	if (op == KV_OP_CHECK && !drawn)
		drawn = KV_F_REPLACE;
	if (op == KV_OP_PUT && one_in(random, 4))
		drawn |= KV_F_PRIVATE;
	if (one_in(random, 200))
		drawn |= 1 << draw(random, 5);
	return drawn;
}

static void draw_part(struct part *part, uint64_t *random, enum kv_op op)
{
	*part = (struct part){ .op = op, .key = draw_key(random) };
	part->flags = draw_flags(random, op);
	if (part->flags & KV_F_IF_REV && one_in(random, 2))
		part->rev = (int)draw(random, 5) - 2;
	if (op != KV_OP_PUT)
		return;
	part->value = draw(random, 1000);
	part->value_len = draw(random, one_in(random, 3) ? VALUE_MOST : 30);
	if (one_in(random, 60))
		part->value_len = VALUE_MOST;
}

static void draw_transaction(struct operation *operation, uint64_t *random)
{
	static const uint8_t mixed[] = { KV_OP_GET, KV_OP_PUT, KV_OP_PUT, KV_OP_DELETE,
					 KV_OP_CHECK };
	bool reads_only = one_in(random, 3);
	struct part *part;

	operation->count = 1 + draw(random, PARTS);
	for (part = operation->parts; part < operation->parts + operation->count; part++) {
		draw_part(part, random, reads_only ? KV_OP_GET : mixed[draw(random, COUNT(mixed))]);
		/* Often use the key of the record before. */
		if (part > operation->parts && one_in(random, 3) && part->key != BAD_KEY)
			part->key = part[-1].key;
	}
}

/* Draw the length of the buffer: too small, medium, or enough for any reply. */
static unsigned int draw_room(uint64_t *random)
{
	static const uint16_t limits[] = { 100, 200, 400, 2000, 2000, 16384 };

	return draw(random, limits[draw(random, COUNT(limits))]);
}

void operation_draw(struct operation *operation, uint64_t *random)
{
	struct part *part = operation->parts;
	unsigned int at = draw(random, 101);
	enum kind kind = PUT;

	while (at >= kinds[kind].weight)
		at -= kinds[kind++].weight;
	*operation = (struct operation){
		.kind = kind,
		.nobody = one_in(random, 8),
		.slot = draw(random, WATCHES),
		.back = one_in(random, 3) ? (int)draw(random, 60) - 3 : 0,
		.room = draw_room(random),
		.count = 1,
	};
	switch (kind) {
	case PUT:
		draw_part(part, random, KV_OP_PUT);
		break;
	case DELETE:
		draw_part(part, random, KV_OP_DELETE);
		if (one_in(random, 4))
			part->flags = one_in(random, 10) ? KV_F_PREFIX | KV_F_IF_REV : KV_F_PREFIX;
		break;
	case BEGIN:
		draw_transaction(operation, random);
		break;
	default:
		draw_part(part, random, KV_OP_GET);
		if (kind != GET && one_in(random, 2))
			part->key = ALL;
	}
}

/* Writing */

static void print_flags(const struct part *part, FILE *to)
{
	for (size_t i = 0; i < COUNT(flags); i++)
		if (part->flags & flags[i].flag)
			fprintf(to, " %s", flags[i].name);
	if (part->flags & KV_F_IF_REV)
		fprintf(to, " rev%+d", part->rev);
}

static void print_fields(const struct operation *operation, const struct part *part,
			 const char *fields, FILE *to)
{
	for (; *fields; fields++) {
		switch (*fields) {
		case 'k':
			fprintf(to, " %s", part->key == ALL ? "''" : keys[part->key]);
			break;
		case 'v':
			fprintf(to, " %u*%u", part->value, part->value_len);
			break;
		case 'f':
			print_flags(part, to);
			break;
		case 'r':
			fprintf(to, " %u", operation->room);
			break;
		case 'w':
			fprintf(to, " %u", operation->slot);
			break;
		case 'b':
			fprintf(to, " %d", operation->back);
			break;
		}
	}
	putc('\n', to);
}

void operation_print(const struct operation *operation, FILE *to)
{
	const struct part *part = operation->parts;

	fprintf(to, "%s%s", operation->nobody ? "nobody " : "", kinds[operation->kind].name);
	print_fields(operation, part, kinds[operation->kind].fields, to);
	if (operation->kind != BEGIN)
		return;
	for (; part < operation->parts + operation->count; part++) {
		fputs(ops[part->op].name, to);
		print_fields(operation, part, ops[part->op].fields, to);
	}
	fputs("commit\n", to);
}

/* Reading */

static bool read_number(const char *word, long low, long high, long *number)
{
	char *end;

	*number = strtol(word, &end, 10);
	return *word && !*end && *number >= low && *number <= high;
}

static bool read_key(struct part *part, const char *word)
{
	if (!strcmp(word, "''"))
		word = "";
	for (part->key = 0; part->key <= ALL; part->key++)
		if (!strcmp(keys[part->key], word))
			return true;
	return false;
}

static bool read_value(struct part *part, char *word)
{
	char *star = strchr(word, '*');
	long value, len;

	if (!star)
		return false;
	*star = '\0';
	if (!read_number(word, 0, 65535, &value) || !read_number(star + 1, 0, VALUE_MOST, &len))
		return false;
	part->value = value;
	part->value_len = len;
	return true;
}

static bool read_flag(struct part *part, const char *word)
{
	long rev;

	if (!strncmp(word, "rev", 3)) {
		part->flags |= KV_F_IF_REV;
		if (!read_number(word + 3, -128, 127, &rev))
			return false;
		part->rev = rev;
		return true;
	}
	for (size_t i = 0; i < COUNT(flags); i++) {
		if (strcmp(flags[i].name, word))
			continue;
		part->flags |= flags[i].flag;
		return true;
	}
	return false;
}

/* Parse the rest of the line that strtok() is splitting. */
static bool read_fields(struct operation *operation, struct part *part, const char *fields)
{
	bool fine = true;
	long number = 0;
	char *word;

	for (; fine && *fields && *fields != 'f'; fields++) {
		word = strtok(NULL, " \n");
		if (!word)
			return false;
		if (*fields == 'k')
			fine = read_key(part, word);
		else if (*fields == 'v')
			fine = read_value(part, word);
		else if (*fields == 'w')
			fine = read_number(word, 0, WATCHES - 1, &number);
		else
			fine = read_number(word, *fields == 'b' ? -32768 : 0, 32767, &number);
		if (*fields == 'r')
			operation->room = number;
		if (*fields == 'w')
			operation->slot = number;
		if (*fields == 'b')
			operation->back = number;
	}
	while (fine && (word = strtok(NULL, " \n")))
		fine = *fields == 'f' && read_flag(part, word);
	return fine;
}

/* Read the next line that is not a comment: its first word, or NULL at the end of the file. */
static char *read_line(char *text, int size, FILE *from, unsigned int *line)
{
	char *word = NULL;

	while (!word && fgets(text, size, from)) {
		++*line;
		word = *text == '#' ? NULL : strtok(text, " \n");
	}
	return word;
}

static bool read_parts(struct operation *operation, FILE *from, unsigned int *line)
{
	char text[512], *word;
	unsigned int op;

	while ((word = read_line(text, sizeof(text), from, line)) && strcmp(word, "commit")) {
		for (op = KV_OP_GET; op < COUNT(ops) && strcmp(ops[op].name, word);)
			op++;
		if (op == COUNT(ops) || operation->count == PARTS)
			return false;
		operation->parts[operation->count].op = op;
		if (!read_fields(operation, &operation->parts[operation->count++], ops[op].fields))
			return false;
	}
	return word && operation->count;
}

/* Read the next operation: false at the end of the file. Exits at an invalid line. */
bool operation_read(struct operation *operation, FILE *from, unsigned int *line)
{
	static const uint8_t op_of[KINDS] = { [PUT] = KV_OP_PUT, [DELETE] = KV_OP_DELETE };
	char text[512], *word = read_line(text, sizeof(text), from, line);
	enum kind kind;

	if (!word)
		return false;
	*operation = (struct operation){ 0 };
	operation->nobody = !strcmp(word, "nobody");
	if (operation->nobody)
		word = strtok(NULL, " \n");
	for (kind = 0; word && kind < KINDS && strcmp(kinds[kind].name, word);)
		kind++;
	if (!word || kind == KINDS)
		errx(2, "line %u: unknown operation", *line);
	operation->kind = kind;
	operation->parts[0].op = op_of[kind] ? op_of[kind] : KV_OP_GET;
	if (!read_fields(operation, operation->parts, kinds[kind].fields) ||
	    (kind == BEGIN && !read_parts(operation, from, line)))
		errx(2, "line %u: expected '%s' with the fields %s", *line, kinds[kind].name,
		     kinds[kind].fields);
	if (kind != BEGIN)
		operation->count = 1;
	return true;
}
