// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz - valid and invalid calls of all words of kv_proto.h, in a guest
 *
 *	fuzz [--seed S] [--seconds T | --calls N] [--threads N] [--kcov]
 *
 * Requests are drawn from a grammar, mostly with a few frequent keys; some are then mutated or
 * passed in inaccessible memory. Sockets are of all kinds, in shared namespaces and in the
 * worker's own. Callers have the capability or lack it. With two workers or more, every second
 * one runs in another user namespace, and threads rewrite requests while the kernel reads them.
 *
 * A call depends only on the seed, the worker, its number and the content of the store. So a run
 * with --calls and one thread can be repeated exactly; the last line has a digest of all requests
 * to compare. With --kcov it cannot, since kept requests are mutated again; --kcov needs a module
 * that is built for it. Results are checked where they are certain; tests/vm/run looks for reports
 * of the kernel.
 */
#include <getopt.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>

#include "fuzz.h"

static struct {
	uint64_t seed, seconds, calls;
	uint64_t threads;
	int kcov;
} options = { .threads = 1 };

static struct timespec started;
static struct tally *tallies; /* shared: a row for each worker */

static double elapsed(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - started.tv_sec + (now.tv_nsec - started.tv_nsec) / 1e9;
}

static uint64_t number(const char *text)
{
	char *end;
	uint64_t number;

	errno = 0;
	number = strtoull(text, &end, 0);
	if (errno || *end || end == text || *text == '-')
		errx(2, "not a number: %s", text);
	return number;
}

static void parse(int argc, char **argv)
{
	static const struct option known[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "seconds", required_argument, NULL, 't' },
		{ "calls", required_argument, NULL, 'c' },
		{ "threads", required_argument, NULL, 'n' },
		{ "kcov", no_argument, &options.kcov, true },
		{ 0 },
	};
	int option;

	if (getrandom(&options.seed, sizeof(uint32_t), 0) < 0)
		err(125, "getrandom");
	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (option == 's')
			options.seed = number(optarg);
		else if (option == 't')
			options.seconds = number(optarg);
		else if (option == 'c')
			options.calls = number(optarg);
		else if (option == 'n')
			options.threads = number(optarg);
		else if (option)
			exit(2);
	}
	if (optind != argc)
		errx(2, "unexpected argument: %s", argv[optind]);
	if (options.calls && options.seconds)
		errx(2, "--calls and --seconds exclude each other");
	if (!options.calls && !options.seconds)
		options.seconds = 10;
	if (!options.threads || options.threads > 64)
		errx(2, "--threads must be from 1 to 64");
}

static void *work(void *arg)
{
	struct worker *worker = arg;

	worker_prepare(worker);
	do
		step(worker);
	while (options.calls ? worker->calls < options.calls :
			       worker->calls % 64 || elapsed() < options.seconds);
	return NULL;
}

/* Run every @every-th worker, starting with @first, as threads of this process. */
static void run_process(struct process *process, unsigned int first, unsigned int every)
{
	unsigned int count = (options.threads - first + every - 1) / every;
	struct worker *workers = calloc(count, sizeof(*workers));
	pthread_t *threads = calloc(count, sizeof(*threads));

	if (!workers || !threads)
		err(125, "workers");
	process->heard = -1;
	process->racing = options.threads > 1;
	for (unsigned int i = 0; i < count; i++) {
		workers[i].process = process;
		workers[i].seed = options.seed;
		workers[i].index = first + i * every;
		workers[i].tally = &tallies[workers[i].index];
	}
	if (process->racing)
		race_start(process, workers, count, rng_mix(options.seed, ~(uint64_t)first));
	for (unsigned int i = 0; i < count; i++) {
		if (pthread_create(&threads[i], NULL, work, &workers[i]))
			errx(125, "no thread");
	}
	for (unsigned int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}

/* Start the other process, with its own user namespace and the sockets of the first process. */
static pid_t start_other_process(struct place *shared, int channel)
{
	struct process process = {
		.shared = shared,
		.channel_in = channel,
		.channel_out = channel,
		.other_userns = true,
	};
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid)
		return pid;
	for (int i = 0; i < SHARED_PLACES; i++)
		shared[i].ruled = false;
	if (unshare(CLONE_NEWUSER))
		err(125, "new user namespace");
	run_process(&process, 1, 2);
	exit(0);
}

static void print_row(const char *name, const uint64_t *count)
{
	uint64_t calls = 0;

	for (int i = 0; i < ERRNO_MAX; i++)
		calls += count[i];
	if (!calls)
		return;
	printf("%-9s %10ju %4.0f %%", name, (uintmax_t)calls, 100.0 * count[0] / calls);
	for (int i = 1; i < ERRNO_MAX; i++) {
		if (count[i])
			printf("  %s %ju", strerrorname_np(i), (uintmax_t)count[i]);
	}
	putchar('\n');
}

/* Sum up the tallies of all workers. */
static struct tally sum_up(void)
{
	struct tally sum = { 0 };

	for (unsigned int n = 0; n < options.threads; n++) {
		for (int i = 0; i < ROWS; i++) {
			for (int error = 0; error < ERRNO_MAX; error++)
				sum.count[i][error] += tallies[n].count[i][error];
		}
		sum.stopped += tallies[n].stopped;
		sum.violations += tallies[n].violations;
		sum.digest = rng_mix(sum.digest, tallies[n].digest);
	}
	return sum;
}

static const char *row_name(unsigned int row)
{
	if (row < words_count)
		return words[row].name;
	if (row < WORD_ROWS)
		return "(none)";
	row -= WORD_ROWS;
	return row < WATCH_OPS ? watch_op_names[row] : move_names[row - WATCH_OPS];
}

static int summary(bool complete)
{
	struct tally sum = sum_up();
	uint64_t all = 0;

	puts("word           calls     ok  errors");
	for (unsigned int i = 0; i < ROWS; i++) {
		print_row(row_name(i), sum.count[i]);
		for (int error = 0; error < ERRNO_MAX; error++)
			all += sum.count[i][error];
	}
	printf("%ju transactions were refused for one of their records\n", (uintmax_t)sum.stopped);
	if (options.kcov)
		kcov_summary();
	printf("fuzz: %ju calls in %.0f s, seed %ju, digest %016jx: %s\n", (uintmax_t)all,
	       elapsed(), (uintmax_t)options.seed, (uintmax_t)sum.digest,
	       sum.violations ? "VIOLATIONS" :
	       complete	      ? "no violation" :
				"incomplete");
	return sum.violations || !complete;
}

int main(int argc, char **argv)
{
	struct rlimit many = { 65536, 65536 };
	struct place shared[SHARED_PLACES] = { { .ruled = true }, { .ruled = true } };
	struct process process = { .shared = shared };
	pid_t other = 0;
	int channel[2], status = 0;

	parse(argc, argv);
	printf("fuzz: seed %ju, %ju threads\n", (uintmax_t)options.seed,
	       (uintmax_t)options.threads);
	tallies = mmap(NULL, options.threads * sizeof(*tallies), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tallies == MAP_FAILED || socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, channel))
		err(125, "cannot start");
	if (options.kcov)
		kcov_begin();
	setrlimit(RLIMIT_NOFILE, &many);
	clock_gettime(CLOCK_MONOTONIC, &started);
	for (int i = 0; i < SHARED_PLACES; i++)
		place_open(&shared[i], i > 0);
	process.channel_out = channel[0];
	process.channel_in = options.threads > 1 ? channel[0] : channel[1];
	if (options.threads > 1)
		other = start_other_process(shared, channel[1]);
	run_process(&process, 0, options.threads > 1 ? 2 : 1);
	if (other)
		waitpid(other, &status, 0);
	return summary(!status);
}
