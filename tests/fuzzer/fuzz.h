/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Declarations of the fuzzer; main.c describes how it works */
#ifndef FUZZ_H
#define FUZZ_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "wire.h"

#define ERRNO_MAX 134
#define GUARD 0xa5
#define MARGIN 64 /* GUARD bytes before and after a request */

/* random.c: a pseudo-random generator */
struct rng {
	uint64_t state;
};

uint64_t rng_next(struct rng *rng);
uint64_t rng_mix(uint64_t a, uint64_t b);
/* A number from 0 to @n - 1. */
unsigned int below(struct rng *rng, unsigned int n);
bool percent(struct rng *rng, unsigned int chance);

/* place.c: network namespaces, each with sockets of all kinds */
enum { SOCKET_KINDS = 9 };

/**
 * struct place - a network namespace
 * @fds: a socket of each kind; -1 if the kernel does not support the kind
 * @ns: descriptor of the namespace; -1 if only a socket in it is known
 * @id: inode number of the namespace
 * @ruled: CAP_NET_ADMIN of this process is valid here
 * @own: only one worker writes here
 * @foreign: owned by a child user namespace, in which this process always has the capability
 */
struct place {
	int fds[SOCKET_KINDS];
	int ns;
	unsigned int id;
	bool ruled;
	bool own;
	bool foreign;
};

/* Open sockets in the thread's network namespace, or in a new one. */
void place_open(struct place *place, bool fresh);
void place_close(struct place *place);
unsigned int place_kind(struct rng *rng);
/* True if sockets of the kind support the words of kv_proto.h. */
bool place_is_ours(unsigned int kind);

struct worker;

/**
 * struct request - one call
 * @row: the word that it was built for
 * @word: the word that is sent
 * @set: it is sent by setsockopt(2)
 * @plain: it was not mutated
 * @key: number of the key among the frequent keys, or -1
 * @len: length of the request in @data
 * @optlen: the optlen that is sent
 * @data: the request, followed by GUARD as far as the kernel may read
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
 * struct word - a command word, with its requests and results
 * @name: name in the summary
 * @word: number
 * @set: it is a set word
 * @weight: frequency
 * @least: minimum optlen
 * @build: builds a well-formed request
 * @faults: faults of a request of at least @least bytes: bits of form.c
 * @check: checks the reply: NULL or a description of the violation
 * @errnos: allowed errnos in addition to those of every word, up to a 0
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
/* Draw a word by weight. */
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
/* Check that the error matches the request's faults: NULL or a description of the violation. */
const char *form_check(const struct word *row, const struct request *request, int error);

/* reply.c */
const char *check_info(struct worker *worker, const void *reply, int len);
const char *check_get(struct worker *worker, const void *reply, int len);
const char *check_list(struct worker *worker, const void *reply, int len);
const char *check_txn(struct worker *worker, const void *reply, int len);
const char *check_watch(struct worker *worker, const void *reply, int len);
const char *check_describe(struct worker *worker, const void *reply, int len);
/* Check a sequence of @count records, or of any number if @count is -1. */
const char *check_records(const void *data, int len, int count, bool show_private);

/* mutate.c */
void mutate(struct rng *rng, struct request *request);

/**
 * struct memory - memory for requests
 * @start: start of writable memory, up to @end
 * @end: end of the writable memory; the next page is not accessible
 * @readonly: a read-only page between a writable page and one that is not accessible
 * @alias: the same two pages, writable
 */
struct memory {
	unsigned char *start;
	unsigned char *end;
	unsigned char *readonly;
	unsigned char *alias;
};

/**
 * struct spot - the memory of one request
 * @buf: optval
 * @optlen: optlen of get words
 * @whole: all memory that the call may use is accessible
 * @here: number of accessible bytes at @buf, which were filled
 * @guarded: number of bytes after optlen that must stay GUARD
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
/* The larger of the request's length and optlen, with optlen capped at KV_MSG_MAX. */
int memory_wanted(const struct request *request);
/* Choose memory and copy the request there; @plain: only accessible memory, with a valid optlen. */
void memory_put(const struct memory *memory, struct rng *rng, const struct request *request,
		bool plain, struct spot *spot);

/* watches.c: system calls on the descriptors of watches */
enum { WATCH_OPS = 10, WATCHES = 6 };

/**
 * struct watch - a watch of a worker
 * @fd: the descriptor, or -1
 * @show_private: its opener may have had the right to read private values
 * @ruled: CAP_NET_ADMIN of this process is valid in its namespace
 * @shared: other descriptors of the watch may exist
 * @foreign: it is of a namespace of the other process or came from there; it is not sent back
 * @rev: revision of the last change that was read
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
 * struct fd_message - the message that accompanies a descriptor to the other process
 * @socket: the descriptor is a socket, not a watch
 * @place: inode number of its namespace
 */
struct fd_message {
	bool socket;
	unsigned int place;
};

enum { MOVES = 2 };
extern const char *const move_names[MOVES];

/* Store the namespace's inode number in the namespace, for check_wall(). */
void place_mark(struct place *place);
/* Check that a socket reaches the store of its own namespace. */
void check_wall(struct worker *worker);
/* Send a descriptor: 0 or an errno. Receive one: the descriptor or a negative errno. */
int fd_send(struct worker *worker, int fd, struct fd_message message);
int fd_receive(struct worker *worker, struct fd_message *message);
void socket_adopt(struct worker *worker, int fd, unsigned int id);
void move_step(struct worker *worker);

/* The summary has a row for each word, for unknown words, and for each watch operation and move. */
enum { WORD_ROWS = 10, ROWS = WORD_ROWS + WATCH_OPS + MOVES };

/**
 * struct tally - results of a worker's calls; shared by all processes
 * @count: number of calls by row and errno, 0 for success
 * @stopped: number of transactions with a refused record
 * @digest: digest of all requests
 * @violations: number of violations
 */
struct tally {
	uint64_t count[ROWS][ERRNO_MAX];
	uint64_t stopped;
	uint64_t digest;
	uint64_t violations;
};

enum { SHARED_PLACES = 2 };

/**
 * struct process - a process, whose workers share one user namespace
 * @shared: namespaces that all workers of all processes use
 * @channel_in: socket that receives descriptors from the other process
 * @channel_out: socket that sends descriptors to the other process
 * @other_userns: the process has a user namespace of its own
 * @racing: threads interfere with the workers
 * @heard: the watch that @listener reads, or -1
 * @given: posted when @heard gets a watch
 * @listener: thread that reads a watch and blocks
 */
struct process {
	struct place *shared;
	int channel_in, channel_out;
	bool other_userns;
	bool racing;
	atomic_int heard;
	sem_t given;
	pthread_t listener;
};

struct worker {
	struct process *process;
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
	atomic_bool race_busy; /* the race thread is rewriting the request */
	uint64_t *trace; /* KCOV's buffer */
};

/* call.c: one step of a worker */
void worker_prepare(struct worker *worker);
void step(struct worker *worker);
/* Report a violation. */
__attribute__((format(printf, 2, 3))) void violation(struct worker *worker, const char *format,
						     ...);
/* True if the worker may read private values. */
bool may_see_private(const struct worker *worker);

/* kcov.c: coverage of the module. All but the first two functions need it to be on. */
bool kcov_is_on(void);
/* Turn it on, before workers start. */
void kcov_begin(void);
/* Trace this thread's calls from now on. */
void kcov_trace_thread(struct worker *worker);
/* Called before and after each call; a request that reached new code is kept. */
void kcov_start(struct worker *worker);
void kcov_stop(struct worker *worker);
/* Draw a kept request: false if the one drawn is missing or incomplete. */
bool kcov_draw(struct rng *rng, struct request *request);
void kcov_summary(void);

/* race.c: rewrite requests during calls, read watches */
void race_start(struct process *process, struct worker *workers, unsigned int count, uint64_t seed);

#endif
