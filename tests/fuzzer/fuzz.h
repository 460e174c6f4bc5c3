/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the fuzzer share; main.c tells how it works */
#ifndef FUZZ_H
#define FUZZ_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "wire.h"

#define ERRNO_MAX 134
#define GUARD 0xa5
#define MARGIN 64 /* bytes of it before and behind a request */

/* random.c: a stream of numbers that its seed decides */
struct rng {
	uint64_t state;
};

uint64_t rng_next(struct rng *rng);
uint64_t rng_mix(uint64_t a, uint64_t b);
/* A number from 0 to @n - 1. */
unsigned int below(struct rng *rng, unsigned int n);
bool percent(struct rng *rng, unsigned int chance);

/* place.c: network namespaces, each as sockets of all kinds */
enum { SOCKET_KINDS = 9 };

/**
 * struct place - a network namespace
 * @fds: a socket of each kind; -1 where the kernel has no such kind
 * @ns: the namespace; -1 where only a socket of it is known
 * @id: its number
 * @ruled: CAP_NET_ADMIN of this process counts here
 * @own: nobody but one worker writes here
 * @foreign: the capability is never lacking: its user namespace is below that of this process
 */
struct place {
	int fds[SOCKET_KINDS];
	int ns;
	unsigned int id;
	bool ruled;
	bool own;
	bool foreign;
};

/* Sockets of the thread's network namespace, or of a new one. */
void place_open(struct place *place, bool fresh);
void place_close(struct place *place);
unsigned int place_kind(struct rng *rng);
/* Whether a socket of the kind knows our words. */
bool place_is_ours(unsigned int kind);

struct worker;

/**
 * struct request - one call
 * @row: the word that it was made as
 * @word: the word as it is sent
 * @set: by setsockopt(2)
 * @plain: nothing was mutated
 * @key: number of the key among those that come often, or -1
 * @len: bytes of @data
 * @optlen: as it is sent
 * @data: the request; GUARD behind it, as far as the kernel may read
 */
struct request {
	const struct word *row;
	int word;
	bool set;
	bool plain;
	int key;
	int len;
	int optlen;
	_Alignas(8) unsigned char data[2 * KV_MSG_MAX];
};

/**
 * struct word - a word, how requests of it are made, and what they may come to
 * @name: as the summary shows it
 * @word: its number
 * @set: it is a set word
 * @weight: how often it comes
 * @least: the shortest optlen
 * @build: make a well-formed request
 * @faults: what is malformed in a request that is not shorter: bits, of form.c
 * @check: look at the reply: NULL or what is wrong with it
 * @errnos: beside those of every word, up to a 0
 */
struct word {
	const char *name;
	int word;
	bool set;
	unsigned int weight;
	int least;
	void (*build)(struct worker *worker, struct request *request);
	unsigned int (*faults)(const struct request *request);
	const char *(*check)(struct worker *worker, const void *reply, int len);
	int errnos[12];
};

/* words.c */
extern const struct word words[];
extern const unsigned int words_count;
const struct word *word_find(int word, bool set);
/* The word that comes next, by weight. */
const struct word *word_draw(struct rng *rng);

#define KEYS 24

/* grammar.c */
void build_put(struct worker *worker, struct request *request);
void build_delete(struct worker *worker, struct request *request);
void build_seal(struct worker *worker, struct request *request);
void build_info(struct worker *worker, struct request *request);
void build_get(struct worker *worker, struct request *request);
void build_list(struct worker *worker, struct request *request);
void build_txn(struct worker *worker, struct request *request);
void build_watch(struct worker *worker, struct request *request);
void build_describe(struct worker *worker, struct request *request);

/* form.c */
unsigned int put_faults(const struct request *request);
unsigned int delete_faults(const struct request *request);
unsigned int seal_faults(const struct request *request);
unsigned int no_faults(const struct request *request);
unsigned int get_faults(const struct request *request);
unsigned int list_faults(const struct request *request);
unsigned int txn_faults(const struct request *request);
unsigned int watch_faults(const struct request *request);
unsigned int describe_faults(const struct request *request);
/* Whether the error fits what is malformed in the request: NULL or what is wrong. */
const char *form_check(const struct word *row, const struct request *request, int error);

/* reply.c */
const char *check_info(struct worker *worker, const void *reply, int len);
const char *check_get(struct worker *worker, const void *reply, int len);
const char *check_list(struct worker *worker, const void *reply, int len);
const char *check_txn(struct worker *worker, const void *reply, int len);
const char *check_watch(struct worker *worker, const void *reply, int len);
const char *check_describe(struct worker *worker, const void *reply, int len);
/* Records that follow one another; @count of them, or any number where it is -1. */
const char *check_records(const void *data, int len, int count, bool show_private);

/* mutate.c */
void mutate(struct rng *rng, struct request *request);

/**
 * struct memory - where requests stand
 * @start: bytes that can be written, up to @end; behind them is nothing
 * @end: end of them
 * @readonly: a page behind one that can be written, both up to nothing
 * @alias: the same two pages, writable
 */
struct memory {
	unsigned char *start;
	unsigned char *end;
	unsigned char *readonly;
	unsigned char *alias;
};

/**
 * struct spot - where one request stands
 * @buf: optval
 * @optlen: for get words
 * @whole: all that the call may use is there
 * @here: bytes at @buf that can be looked at and were filled
 * @guarded: bytes behind optlen that have to stay GUARD
 */
struct spot {
	unsigned char *buf;
	int *optlen;
	bool whole;
	int here;
	int guarded;
};

/* memory.c */
void memory_make(struct memory *memory);
/* Bytes that the call may read or write; of more than a message may have, it does neither. */
int memory_wanted(const struct request *request);
/* Choose a place and put the request there; @plain: with room around it and nothing odd. */
void memory_put(const struct memory *memory, struct rng *rng, const struct request *request,
		bool plain, struct spot *spot);

/* watches.c: what can be done with the descriptor of a watch */
enum { WATCH_OPS = 10, WATCHES = 6 };

/**
 * struct watch - a watch of a worker
 * @fd: -1 if there is none
 * @show_private: who opened it may have seen private values
 * @ruled: CAP_NET_ADMIN counts in its namespace
 * @shared: somebody else may have it too
 * @foreign: of a namespace of the other house, or it came from there: it is not to get it back
 * @rev: of the last change that was read
 */
struct watch {
	int fd;
	bool show_private;
	bool ruled;
	bool shared;
	bool foreign;
	uint64_t rev;
};

extern const char *const watch_op_names[WATCH_OPS];
void watch_adopt(struct worker *worker, int fd);
void watch_step(struct worker *worker);

/* move.c */

/**
 * struct letter - what comes with a descriptor to the other house
 * @socket: it is a socket, not a watch
 * @place: the number of the namespace that it is of
 */
struct letter {
	bool socket;
	unsigned int place;
};

enum { MOVES = 2 };
extern const char *const move_names[MOVES];

/* Know the thread's namespace again. */
void place_mark(struct place *place);
/* Whether the store that is seen is that of the socket's namespace. */
void check_wall(struct worker *worker);
/* 0 or an errno; a descriptor or a negative errno. */
int mail_send(struct worker *worker, int fd, struct letter letter);
int mail_take(struct worker *worker, struct letter *letter);
void socket_adopt(struct worker *worker, int fd, unsigned int id);
void move_step(struct worker *worker);

/* The summary has a row for each word, for words that are none, and for each of those. */
enum { WORD_ROWS = 10, ROWS = WORD_ROWS + WATCH_OPS + MOVES };

/**
 * struct tally - what came of a worker's calls; shared by all processes
 * @count: by row and errno, 0 for those that succeeded
 * @stopped: transactions of which a record was refused
 * @digest: of all requests that were drawn
 * @amiss: how often a promise was broken
 */
struct tally {
	uint64_t count[ROWS][ERRNO_MAX];
	uint64_t stopped;
	uint64_t digest;
	uint64_t amiss;
};

enum { SHARED_PLACES = 2 };

/**
 * struct house - a process: all of its workers have the same user namespace
 * @shared: namespaces that all workers of all houses use
 * @mail_in: where descriptors come from the other house
 * @mail_out: and where they go there
 * @stranger: it has a user namespace of its own
 * @racing: there are threads that disturb the workers
 * @heard: a watch that somebody reads, waiting; -1 for none
 * @given: told of each that is given to be read
 * @listener: who reads
 */
struct house {
	struct place *shared;
	int mail_in, mail_out;
	bool stranger;
	bool racing;
	atomic_int heard;
	sem_t given;
	pthread_t listener;
};

struct worker {
	struct house *house;
	struct tally *tally;
	uint64_t seed;
	unsigned int index;
	uint64_t calls;
	struct rng rng;
	struct place own, spare, visited;
	const struct place *at;
	unsigned int kind;
	unsigned int age;
	bool capable;
	struct memory memory, raced;
	struct request request;
	struct watch watches[WATCHES];
	uint64_t revs[KEYS];
	uint64_t cursors[4][2];
	_Atomic(unsigned char *) race_buf;
	_Atomic(int *) race_len;
	atomic_bool race_busy; /* it is being rewritten */
	uint64_t *trace; /* KCOV's */
};

/* call.c: one step of a worker */
void worker_prepare(struct worker *worker);
void step(struct worker *worker);
/* Say that a promise was broken. */
__attribute__((format(printf, 2, 3))) void amiss(struct worker *worker, const char *format, ...);
/* Whether what the worker reads may have private values. */
bool may_see_private(const struct worker *worker);

/* kcov.c: what of the module runs. All but the first two only where it is on. */
bool kcov_is_on(void);
/* Have it on, before there are workers. */
void kcov_begin(void);
/* Trace this thread's calls from now on. */
void kcov_trace_thread(struct worker *worker);
/* Before a call and behind it: one that made something new run is kept. */
void kcov_start(struct worker *worker);
void kcov_stop(struct worker *worker);
/* One of the requests that were kept; false if there is none yet. */
bool kcov_draw(struct rng *rng, struct request *request);
void kcov_summary(void);

/* race.c: rewrite what is being read, listen to watches */
void race_start(struct house *house, struct worker *workers, unsigned int count, uint64_t seed);

#endif
