// SPDX-License-Identifier: GPL-2.0-or-later
/* One step of a worker: a call and the checks of its result */
#include <linux/capability.h>
#include <sched.h>
#include <stdarg.h>

#include "fuzz.h"

enum {
	OWN_CALLS = 20000, /* calls until a worker's own namespace is replaced */
	SPARE_CALLS = 500, /* calls until the namespace that it may seal is replaced */
	SPELL = 32, /* calls between changes of the capability */
};

/* Errors that kv_proto.h allows for every word */
static const int common[] = { EOPNOTSUPP, EINVAL, ENAMETOOLONG, EMSGSIZE, EFAULT, ENOMEM, EINTR };
/* Errors of descriptors that do not support the words */
static const int foreign[] = { ENOPROTOOPT, EOPNOTSUPP, EBADF, ENOTSOCK, EINVAL, EFAULT };

static bool among(int error, const int *errors, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (errors[i] == error)
			return true;
	}
	return false;
}

void violation(struct worker *worker, const char *format, ...)
{
	char text[200];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (++worker->tally->violations <= 10)
		printf("# violation: seed %ju worker %u call %ju: %s\n", (uintmax_t)worker->seed,
		       worker->index, (uintmax_t)worker->calls, text);
	fflush(stdout);
}

/* Take CAP_NET_ADMIN from this thread, or give it back. */
static void set_capable(struct worker *worker, bool capable)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	if (worker->capable == capable)
		return;
	if (syscall(SYS_capget, &head, data))
		err(125, "capget");
	data[0].effective &= ~(1U << CAP_NET_ADMIN);
	if (capable)
		data[0].effective |= 1U << CAP_NET_ADMIN;
	if (syscall(SYS_capset, &head, data))
		err(125, "capset");
	worker->capable = capable;
}

static void renew(struct worker *worker, struct place *place)
{
	place_close(place);
	place_open(place, true);
	if (place == &worker->own)
		memset(worker->revs, 0, sizeof(worker->revs));
	else
		worker->age = 0;
}

void worker_prepare(struct worker *worker)
{
	memory_make(&worker->memory);
	memory_make(&worker->raced);
	if (kcov_is_on())
		kcov_trace_thread(worker);
	worker->capable = true;
	worker->own.ruled = worker->own.own = worker->spare.ruled = true;
	place_open(&worker->own, true);
	place_open(&worker->spare, true);
	for (int i = 0; i < WATCHES; i++)
		worker->watches[i].fd = -1;
	for (int i = 0; i < SOCKET_KINDS; i++)
		worker->visited.fds[i] = -1;
}

/* Choose the namespace and socket of the call. Seals go to a namespace of their own. */
static void choose_place(struct worker *worker)
{
	unsigned int way = below(&worker->rng, 100);

	worker->at = way < 55 ? &worker->own :
		     way < 80 ? &worker->process->shared[way % SHARED_PLACES] :
				&worker->spare;
	if (worker->request.set && worker->request.word == KV_SO_SEAL)
		worker->at = &worker->spare;
	if (worker->at == &worker->spare)
		worker->age++;
	worker->kind = place_kind(&worker->rng);
	if (worker->visited.fds[0] >= 0 && worker->at != &worker->spare &&
	    percent(&worker->rng, 10)) {
		worker->at = &worker->visited;
		worker->kind = 0;
	}
}

/* Build a request by the grammar, often mutated; or mutate one that reached new code before. */
static void build(struct worker *worker)
{
	struct request *request = &worker->request;
	bool again = kcov_is_on() && percent(&worker->rng, 50) && kcov_draw(&worker->rng, request);

	if (!again) {
		request->row = word_draw(&worker->rng);
		request->word = request->row->word;
		request->set = request->row->set;
		request->plain = true;
		request->key = -1;
		request->row->build(worker, request);
	}
	if (again || percent(&worker->rng, 30))
		mutate(&worker->rng, request);
	memset(request->data + request->len, GUARD, memory_wanted(request) - request->len);
}

static void add_to_digest(struct worker *worker)
{
	const struct request *request = &worker->request;
	uint64_t digest = worker->tally->digest;
	/* Cursors depend on the random key of the hash. */
	int from = request->row->word == KV_SO_LIST ? sizeof(((struct kv_list *)0)->cursor) : 0;

	digest = rng_mix(digest,
			 (uint64_t)(uint32_t)request->word << 32 | (uint32_t)request->optlen);
	for (int i = from; i < request->len; i++)
		digest = (digest ^ request->data[i]) * 0x100000001b3;
	worker->tally->digest = digest;
}

static int call(struct worker *worker, const struct spot *spot)
{
	const struct request *request = &worker->request;
	int fd = worker->at->fds[worker->kind];
	long got;

	if (worker->trace)
		kcov_start(worker);
	got = request->set ? syscall(SYS_setsockopt, fd, IPPROTO_IP, request->word, spot->buf,
				     request->optlen) :
			     syscall(SYS_getsockopt, fd, IPPROTO_IP, request->word, spot->buf,
				     spot->optlen);
	if (got == -1)
		got = errno;
	if (worker->trace)
		kcov_stop(worker);
	return got;
}

/* Check permission, and that the error is a documented one. */
static void check_result(struct worker *worker, int error)
{
	const struct request *request = &worker->request;
	const struct word *row = word_find(request->word, request->set);
	bool ours = place_is_ours(worker->kind) && worker->at->fds[worker->kind] >= 0;
	bool inside = (unsigned int)(request->word - KV_SO_BASE) < KV_SO_WORDS;
	bool fine;

	if (!ours)
		fine = among(error, foreign, sizeof(foreign) / sizeof(*foreign));
	else if (!inside)
		fine = error == ENOPROTOOPT || error == EINVAL || error == EFAULT;
	else if (!row)
		fine = among(error, common, sizeof(common) / sizeof(*common));
	else
		fine = !error || among(error, common, sizeof(common) / sizeof(*common)) ||
		       among(error, row->errnos, sizeof(row->errnos) / sizeof(*row->errnos));
	if (!fine)
		violation(worker, "word %#x of a socket of kind %u: %s", request->word,
			  worker->kind, error ? strerrorname_np(error) : "success");
	if (ours && row && row->set && !error && !may_see_private(worker))
		violation(worker, "%s succeeds without the capability", row->name);
	if (ours && error == EPERM && may_see_private(worker))
		violation(worker, "%s is EPERM with the capability",
			  row ? row->name : "an unknown word");
}

/* True if all bytes from @from to @end are GUARD, as memory_put() left them. */
static bool all_guard(const unsigned char *buf, int from, int end)
{
	return from >= end ||
	       (buf[from] == GUARD && !memcmp(buf + from, buf + from + 1, end - from - 1));
}

/* Check that no byte but those of the reply is written. */
static void check_bytes(struct worker *worker, const struct spot *spot, int error)
{
	const struct request *request = &worker->request;
	int written = 0, end = spot->here + spot->guarded;

	if (!spot->here)
		return;
	if (!request->set && error == EFAULT)
		written = request->optlen;
	else if (!request->set && !error)
		written = *spot->optlen;
	if (written < 0)
		written = 0;
	if ((written < request->len &&
	     memcmp(spot->buf + written, request->data + written, request->len - written)) ||
	    !all_guard(spot->buf, written > request->len ? written : request->len, end))
		violation(worker, "word %#x, optlen %d, %s: bytes written beyond the first %d",
			  request->word, request->optlen, strerror(error), written);
	if (!request->set && !error && written > request->optlen)
		violation(worker, "word %#x, optlen %d became %d", request->word, request->optlen,
			  written);
	if (!all_guard(spot->buf, -MARGIN, 0))
		violation(worker, "word %#x wrote before the buffer", request->word);
}

/* Check that a value can be read after its put. Only in the worker's own namespace. */
static void read_back(struct worker *worker)
{
	static _Thread_local struct {
		struct kv_record record;
		unsigned char data[KV_KEY_MAX + KV_VALUE_MAX];
	} u;
	const struct request *request = &worker->request;
	const struct kv_record *put = (const void *)request->data;
	int len = sizeof(u), error;

	u.record = (struct kv_record){ .key_len = put->key_len };
	memcpy(u.record.data, put->data, put->key_len);
	error = wire_get(worker->at->fds[0], KV_SO_GET, &u, &len);
	if (error || u.record.value_len != put->value_len ||
	    (u.record.flags ^ put->flags) & KV_F_PRIVATE ||
	    memcmp(u.record.data, put->data, put->key_len + put->value_len))
		violation(worker, "cannot read back a value that was put: %s", strerror(-error));
	else if (request->key >= 0)
		worker->revs[request->key] = u.record.rev;
}

/* Adopt the descriptor of a WATCH, also if the call is EFAULT for the length alone. */
static void take_watch(struct worker *worker, const struct spot *spot, int error)
{
	struct kv_watch was, is;

	if (worker->request.set || worker->request.word != KV_SO_WATCH ||
	    (error && (error != EFAULT || spot->here < (int)sizeof(is))))
		return;
	memcpy(&was, worker->request.data, sizeof(was));
	memcpy(&is, spot->buf, sizeof(is));
	if (is.fd > STDERR_FILENO && (!error || is.fd != was.fd))
		watch_adopt(worker, is.fd);
}

/* If all of the memory is accessible, check whether malformed requests, and only those, fail. */
static void check_form(struct worker *worker, const struct word *row, int error)
{
	const char *wrong = form_check(row, &worker->request, error);

	if (error == EFAULT)
		wrong = "EFAULT, although all of the memory is accessible";
	if (error == EPERM && row->set) /* takes precedence over all other errors */
		return;
	if (wrong)
		violation(worker, "%s, optlen %d, %s: %s", row->name, worker->request.optlen,
			  error ? strerrorname_np(error) : "success", wrong);
}

static void check_call(struct worker *worker, const struct spot *spot, int error)
{
	const struct request *request = &worker->request;
	const struct word *row = word_find(request->word, request->set);
	const char *wrong = NULL;

	check_bytes(worker, spot, error);
	if (!row || !place_is_ours(worker->kind))
		return;
	if (spot->whole)
		check_form(worker, row, error);
	if (error)
		return;
	if (row->check)
		wrong = row->check(worker, spot->buf, *spot->optlen);
	if (wrong)
		violation(worker, "%s: %s", row->name, wrong);
	if (row->word == KV_SO_PUT && worker->at->own)
		read_back(worker);
}

static void call_step(struct worker *worker)
{
	bool raced = worker->process->racing && percent(&worker->rng, 25);
	struct request *request = &worker->request;
	const struct word *row;
	struct spot spot;
	int error;

	build(worker);
	choose_place(worker);
	add_to_digest(worker);
	memory_put(raced ? &worker->raced : &worker->memory, &worker->rng, request,
		   raced || percent(&worker->rng, 75), &spot);
	if (raced) {
		worker->race_len = spot.optlen;
		worker->race_buf = spot.buf;
	}
	error = call(worker, &spot);
	worker->race_buf = NULL;
	while (worker->race_busy)
		sched_yield();
	row = word_find(request->word, request->set);
	worker->tally->count[row ? row - words : WORD_ROWS - 1][error]++;
	check_result(worker, error);
	if (!raced)
		check_call(worker, &spot, error);
	take_watch(worker, &spot, error);
	if (percent(&worker->rng, 3))
		check_wall(worker);
	if (request->set && request->word == KV_SO_SEAL && !error)
		worker->age += SPARE_CALLS / 2;
}

void step(struct worker *worker)
{
	unsigned int way;

	worker->rng.state = rng_mix(rng_mix(worker->seed, worker->index), worker->calls);
	if (worker->calls % SPELL == 0)
		set_capable(worker, percent(&worker->rng, 85));
	if (worker->calls % OWN_CALLS == OWN_CALLS - 1)
		renew(worker, &worker->own);
	if (worker->age >= SPARE_CALLS)
		renew(worker, &worker->spare);
	way = below(&worker->rng, 100);
	if (way < 12)
		watch_step(worker);
	else if (way < 14)
		move_step(worker);
	else
		call_step(worker);
	worker->calls++;
}
