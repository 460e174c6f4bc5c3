// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz - calls of all words of kv_proto.h, right and wrong, in a guest
 *
 *	fuzz [--seed S] [--seconds T | --calls N] [--threads N] [--kcov]
 *
 * Requests are drawn from a grammar, of keys that meet; some are then mutated, or
 * stand in memory that is not there. Sockets are of all kinds, in namespaces of a
 * worker's own and in shared ones, by callers with the capability and without it.
 * With two workers or more, every second one is a stranger from a user namespace
 * of its own, and threads rewrite requests while the kernel reads them.
 *
 * A call depends on nothing but the seed, the worker, its number and what the
 * calls before left in the store: --calls with one thread repeats exactly, and the
 * digest of all requests, in the last line, shows it. (Not so with --kcov, for which
 * the module has to be built: what makes something new run is then kept and mutated
 * again.) What has to hold is checked where it is certain; the kernel's own reports
 * are tests/vm/run's matter.
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
		errx(2, "what is %s?", argv[optind]);
	if (options.calls && options.seconds)
		errx(2, "--calls or --seconds, not both");
	if (!options.calls && !options.seconds)
		options.seconds = 10;
	if (!options.threads || options.threads > 64)
		errx(2, "--threads is 1 to 64");
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

/* Every @every-th worker, from @first on, as threads of this process. */
static void run_house(struct house *house, unsigned int first, unsigned int every)
{
	unsigned int count = (options.threads - first + every - 1) / every;
	struct worker *workers = calloc(count, sizeof(*workers));
	pthread_t *threads = calloc(count, sizeof(*threads));

	if (!workers || !threads)
		err(125, "workers");
	house->heard = -1;
	house->racing = options.threads > 1;
	for (unsigned int i = 0; i < count; i++) {
		workers[i].house = house;
		workers[i].seed = options.seed;
		workers[i].index = first + i * every;
		workers[i].tally = &tallies[workers[i].index];
	}
	if (house->racing)
		race_start(house, workers, count, rng_mix(options.seed, ~(uint64_t)first));
	for (unsigned int i = 0; i < count; i++) {
		if (pthread_create(&threads[i], NULL, work, &workers[i]))
			errx(125, "no thread");
	}
	for (unsigned int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}

/* The other house: its own user namespace, and the first one's sockets. */
static pid_t start_strangers(struct place *shared, int mail)
{
	struct house house = {
		.shared = shared, .mail_in = mail, .mail_out = mail, .stranger = true
	};
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid)
		return pid;
	for (int i = 0; i < SHARED_PLACES; i++)
		shared[i].ruled = false;
	if (unshare(CLONE_NEWUSER))
		err(125, "a new user namespace");
	run_house(&house, 1, 2);
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

/* All workers' tallies as one. */
static struct tally sum_up(void)
{
	struct tally sum = { 0 };

	for (unsigned int n = 0; n < options.threads; n++) {
		for (int i = 0; i < ROWS; i++) {
			for (int error = 0; error < ERRNO_MAX; error++)
				sum.count[i][error] += tallies[n].count[i][error];
		}
		sum.stopped += tallies[n].stopped;
		sum.amiss += tallies[n].amiss;
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

	puts("word           calls   done  errors");
	for (unsigned int i = 0; i < ROWS; i++) {
		print_row(row_name(i), sum.count[i]);
		for (int error = 0; error < ERRNO_MAX; error++)
			all += sum.count[i][error];
	}
	printf("of the transactions, %ju were refused by one of their records\n",
	       (uintmax_t)sum.stopped);
	if (options.kcov)
		kcov_summary();
	printf("fuzz: %ju calls in %.0f s, seed %ju, digest %016jx: %s\n", (uintmax_t)all,
	       elapsed(), (uintmax_t)options.seed, (uintmax_t)sum.digest,
	       sum.amiss ? "AMISS" :
	       complete	 ? "nothing amiss" :
			   "not to the end");
	return sum.amiss || !complete;
}

int main(int argc, char **argv)
{
	struct rlimit many = { 65536, 65536 };
	struct place shared[SHARED_PLACES] = { { .ruled = true }, { .ruled = true } };
	struct house house = { .shared = shared };
	pid_t strangers = 0;
	int mail[2], status = 0;

	parse(argc, argv);
	printf("fuzz: seed %ju, %ju threads\n", (uintmax_t)options.seed,
	       (uintmax_t)options.threads);
	tallies = mmap(NULL, options.threads * sizeof(*tallies), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tallies == MAP_FAILED || socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, mail))
		err(125, "cannot begin");
	if (options.kcov)
		kcov_begin();
	setrlimit(RLIMIT_NOFILE, &many);
	clock_gettime(CLOCK_MONOTONIC, &started);
	for (int i = 0; i < SHARED_PLACES; i++)
		place_open(&shared[i], i > 0);
	house.mail_out = mail[0];
	house.mail_in = options.threads > 1 ? mail[0] : mail[1];
	if (options.threads > 1)
		strangers = start_strangers(shared, mail[1]);
	run_house(&house, 0, options.threads > 1 ? 2 : 1);
	if (strangers)
		waitpid(strangers, &status, 0);
	return summary(!status);
}
