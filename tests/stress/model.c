// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random operations on the kernel and on the model; a difference is reduced to few operations
 *
 * The limits are small, so that they are reached.
 * guest: KV_MODULE_PARAMS='buckets=8 max_entries=16 max_bytes=3000 log_entries=32 max_watches=4'
 */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <kv_proto.h>

#include "run.h"
#include "tap.h"

#define ROUND 1000 /* operations in one store */
#define AFTER_SEAL 50 /* the last operations of a round, after a seal */
#define PROGRESS 100000
#define ENOUGH 10000 /* operations that produce every result, whatever the seed */
#define SCRIPT_MOST 100000

static const char usage[] =
	"usage: stress-model [--seed S] [--operations N] | --script FILE\n"
	"\n"
	"Runs N random operations (default 10000) from the seed S (default: the time) on\n"
	"the kernel and on a model, and compares the results. If they differ, prints a\n"
	"minimal list of operations that shows the difference to stderr; --script FILE\n"
	"runs such a list. Needs root; creates network namespaces. Needs kvstore.ko with\n"
	"small limits and with log_entries from 32 to 1024.\n";

static struct operation operations[SCRIPT_MOST], fewer[SCRIPT_MOST];

/* Run the first @of of fewer[]. If they differ, they replace operations[], up to the difference. */
static bool take_if_different(unsigned int *count, unsigned int of)
{
	unsigned int same = run(fewer, of);

	if (same == of)
		return false;
	*count = same + 1;
	memcpy(operations, fewer, *count * sizeof(*operations));
	return true;
}

/* Remove operations, many at once and then fewer, while the rest still differs. */
static void shrink(unsigned int *count)
{
	for (unsigned int leave = *count / 2; leave; leave /= 2) {
		for (unsigned int at = 0; at + leave <= *count;) {
			unsigned int rest = *count - at - leave;

			memcpy(fewer, operations, at * sizeof(*fewer));
			memcpy(fewer + at, operations + at + leave, rest * sizeof(*fewer));
			if (!take_if_different(count, at + rest))
				at += leave;
		}
	}
}

/* Remove records of transactions while the rest still differs. */
static void shrink_parts(unsigned int *count)
{
	for (unsigned int at = 0; at < *count; at++) {
		for (unsigned int i = 0; at < *count && i < operations[at].count;) {
			struct operation *one = &fewer[at];

			memcpy(fewer, operations, *count * sizeof(*fewer));
			memmove(one->parts + i, one->parts + i + 1,
				(--one->count - i) * sizeof(*one->parts));
			if (operations[at].kind != BEGIN || !one->count ||
			    !take_if_different(count, *count))
				i++;
		}
	}
}

static void report(unsigned int count)
{
	shrink(&count);
	shrink_parts(&count);
	shrink(&count);
	run(operations, count);
	for (unsigned int i = 0; i < count; i++)
		operation_print(&operations[i], stderr);
	fprintf(stderr, "# difference at the last operation: %s\n", difference);
}

static bool rounds(uint64_t seed, unsigned long total)
{
	uint64_t random = seed * 2 + 1;

	for (unsigned long done = 0; done < total; done += ROUND) {
		unsigned int count = total - done < ROUND ? total - done : ROUND, same;

		for (unsigned int i = 0; i < count; i++)
			operation_draw(&operations[i], &random);
		if (count > AFTER_SEAL)
			operations[count - AFTER_SEAL] = (struct operation){ .kind = SEAL };
		same = run(operations, count);
		if (same == count) {
			if ((done + count) % PROGRESS == 0)
				fprintf(stderr, "# %lu operations\n", done + count);
			continue;
		}
		counting = false;
		fprintf(stderr, "# seed %llu, operation %lu: %s: %s\n", (unsigned long long)seed,
			done + same, kind_name(operations[same].kind), difference);
		report(same + 1);
		return false;
	}
	return true;
}

/* Results that must occur, or too little was tested; COMPACTED counts as EOVERFLOW. */
static const struct {
	enum kind kind;
	int results[12];
} wanted[] = {
	{ PUT, { EPERM, EINVAL, EMSGSIZE, EEXIST, ENOENT, ESTALE, ENOSPC, EDQUOT, EROFS } },
	{ DELETE, { EPERM, EINVAL, ENOENT, ESTALE, EROFS } },
	{ GET, { EPERM, ENOENT, ERANGE } },
	{ BEGIN,
	  { EPERM, EINVAL, EMSGSIZE, EEXIST, ENOENT, ESTALE, ENOSPC, EDQUOT, EROFS, ERANGE } },
	{ LIST, { ERANGE } },
	{ PAGE, { ERANGE } },
	{ WATCH, { ENFILE } },
	{ READ, { EAGAIN, EINVAL, EOVERFLOW } },
};

static bool all_occurred(void)
{
	bool all = true;

	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		enum kind kind = wanted[i].kind;

		printf("# %s: %lu", kind_name(kind), results[kind][0]);
		for (const int *error = wanted[i].results; *error; error++) {
			all &= results[kind][*error] > 0;
			printf(", %s %lu", strerrorname_np(*error), results[kind][*error]);
		}
		putchar('\n');
	}
	return all;
}

static int run_script(const char *name)
{
	FILE *file = fopen(name, "r");
	unsigned int count = 0, line = 0, same;

	if (!file)
		err(2, "%s", name);
	while (count < SCRIPT_MOST && operation_read(&operations[count], file, &line))
		count++;
	if (!feof(file))
		errx(2, "%s: more than %d operations", name, SCRIPT_MOST);
	same = run(operations, count);
	if (!ok(same == count, "%s: the kernel and the model agree", name))
		note("operation %u: %s: %s", same + 1, kind_name(operations[same].kind),
		     difference);
	return done();
}

static unsigned long long number(const char *text)
{
	char *end;
	unsigned long long number = strtoull(text, &end, 0);

	if (!*text || *end)
		errx(2, "'%s' is not a number", text);
	return number;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "operations", required_argument, NULL, 'n' },
		{ "script", required_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	unsigned long long seed = time(NULL), total = ENOUGH;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 's':
			seed = number(optarg);
			break;
		case 'n':
			total = number(optarg);
			break;
		case 'f':
			return run_script(optarg);
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind != argc) {
		fputs(usage, stderr);
		return 2;
	}
	note("seed %llu", seed);
	counting = true;
	if (ok(rounds(seed, total), "the kernel and the model agree on %llu operations", total) &&
	    total >= ENOUGH)
		ok(all_occurred(), "each result occurs");
	return done();
}
