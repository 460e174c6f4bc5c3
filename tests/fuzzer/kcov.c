// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Coverage feedback by KCOV: a request that reaches new code of the module is kept, and all
 * workers can mutate it.
 */
#include <fcntl.h>
#include <linux/kcov.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "fuzz.h"

enum {
	TRACE = 1 << 16, /* length of KCOV's buffer in words */
	STEPS = 1 << 16, /* number of hashes of edges between basic blocks */
	KEPT = 4096, /* maximum number of kept requests */
	KEPT_LEN = 2048, /* maximum length of a kept request */
};

/* A kept request; @whole is set last, when it is complete */
struct kept {
	atomic_bool whole;
	bool set;
	int word, len, optlen;
	unsigned char data[KEPT_LEN];
};

static struct {
	atomic_bool steps[STEPS];
	atomic_uint step_count, kept_count;
	struct kept kept[KEPT];
} * found; /* shared by all processes */

bool kcov_is_on(void)
{
	return found;
}

void kcov_begin(void)
{
	found = mmap(NULL, sizeof(*found), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (found == MAP_FAILED)
		err(125, "memory");
}

void kcov_trace_thread(struct worker *worker)
{
	int fd = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, KCOV_INIT_TRACE, TRACE))
		err(125, "/sys/kernel/debug/kcov");
	worker->trace = mmap(NULL, TRACE * sizeof(*worker->trace), PROT_READ | PROT_WRITE,
			     MAP_SHARED, fd, 0);
	if (worker->trace == MAP_FAILED || ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC))
		err(125, "kcov");
}

void kcov_start(struct worker *worker)
{
	atomic_store_explicit((atomic_ulong *)worker->trace, 0, memory_order_relaxed);
}

static void keep(const struct request *request)
{
	struct kept *kept;
	unsigned int i;

	if (request->len > KEPT_LEN || !word_find(request->word, request->set))
		return;
	i = found->kept_count++;
	if (i >= KEPT) {
		found->kept_count = KEPT;
		return;
	}
	kept = &found->kept[i];
	kept->set = request->set;
	kept->word = request->word;
	kept->len = request->len;
	kept->optlen = request->optlen;
	memcpy(kept->data, request->data, request->len);
	kept->whole = true;
}

void kcov_stop(struct worker *worker)
{
	unsigned long count =
		atomic_load_explicit((atomic_ulong *)worker->trace, memory_order_relaxed);
	uint64_t before = 0;
	bool is_new = false;

	for (unsigned long i = 1; i <= count && i < TRACE; i++) {
		uint64_t step = rng_mix(before, worker->trace[i]) % STEPS;

		before = worker->trace[i];
		if (found->steps[step] || atomic_exchange(&found->steps[step], true))
			continue;
		found->step_count++;
		is_new = true;
	}
	if (is_new)
		keep(&worker->request);
}

bool kcov_draw(struct rng *rng, struct request *request)
{
	unsigned int count = found->kept_count;
	const struct kept *kept = &found->kept[below(rng, count < KEPT ? count : KEPT)];

	if (!kept->whole)
		return false;
	request->row = word_find(kept->word, kept->set);
	request->word = kept->word;
	request->set = kept->set;
	request->key = -1;
	request->len = kept->len;
	request->optlen = kept->optlen;
	memcpy(request->data, kept->data, kept->len);
	return true;
}

void kcov_summary(void)
{
	printf("kcov: %u edges between basic blocks of the module reached, %u requests kept\n",
	       found->step_count, found->kept_count);
}
