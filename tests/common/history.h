/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was called and what came of it, and whether each call can have happened at one moment
 * between its call and its return.
 *
 * Each commit has a revision, so the order of the writes is given, and a watch
 * tells what they were. What is left to see is that it agrees with the order of
 * the calls, and that there is a revision for each call that only looked: not
 * older than what had been done or seen when it was called, nor newer than what
 * had been called when it returned. So all histories that are wrong are found.
 *
 * A GET looks at one key: of a commit under way it may see what is done to its
 * own key before the rest is done. So it is evidence for that key, and for
 * calls that see commits whole, but not for the GET of another key.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdarg.h>

#include "wire.h"

#define KEYS 4
#define THREADS_MAX 16
#define ROUND 200 /* calls of a thread in one store */
#define CALLS_MAX (THREADS_MAX * ROUND)

static const char *const keys[KEYS] = { "h.a", "h.b", "h.c", "h.d" };

/* What a call has found of a key: a revision and value (none: 0 and 0), or what they are not. */
enum found { NOTHING, IS, THERE, NOT_THERE, AT_REV, OTHER_REV };

/* A key's value from a revision on; 0 where there is none. */
struct version {
	uint64_t rev;
	unsigned int value;
};

/**
 * struct call - one call
 * @called: number of the moment before it
 * @returned: number of the moment after it
 * @name: what it is
 * @commits: it changed something
 * @is_get: it is a KV_SO_GET
 * @rev: the revision it was told, or found to be of; 0 if it is not known
 * @put: what it puts, which no other call does; 0 for nothing
 * @wrote: the keys that it changed
 * @found: what it found of each key
 * @version: the revision and value of it
 */
struct call {
	uint64_t called, returned;
	const char *name;
	bool commits, is_get;
	uint64_t rev;
	unsigned int put;
	bool wrote[KEYS];
	enum found found[KEYS];
	struct version version[KEYS];
};

static struct call calls[CALLS_MAX];
static unsigned int call_count;

/* The history: versions of each key, and whose a revision is; rounds begin at 0. */
static struct version versions[KEYS][CALLS_MAX + 1];
static unsigned int version_count[KEYS];
static struct call *owners[CALLS_MAX + 1];
static uint64_t last_called[CALLS_MAX + 1]; /* of this revision's call and those before it */
static uint64_t last_rev;

static unsigned long looked, committed, refused, overlapped;
static char why[240];

__attribute__((format(printf, 1, 2))) static bool wrong(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	return false;
}

/* The value and revision that a record has. */
static struct version version_of(const struct kv_record *record)
{
	struct version version = { .rev = record->rev };
	char text[16] = "";

	if (record->value_len < sizeof(text))
		memcpy(text, record->data + record->key_len, record->value_len);
	version.value = atoi(text);
	return version;
}

static void add_version(unsigned int key, uint64_t rev, unsigned int value)
{
	versions[key][version_count[key]++] = (struct version){ .rev = rev, .value = value };
}

/* What the key is at a revision. */
static struct version at(unsigned int key, uint64_t rev)
{
	unsigned int low = 0, high = version_count[key];

	while (high - low > 1) {
		unsigned int middle = (low + high) / 2;

		*(versions[key][middle].rev <= rev ? &low : &high) = middle;
	}
	return versions[key][low];
}

/* Take what the watch tells: no revision is left out. */
static bool read_history(int watch)
{
	static _Alignas(8) unsigned char buf[KV_MSG_MAX];
	int len;

	last_rev = 0;
	for (unsigned int key = 0; key < KEYS; key++) {
		version_count[key] = 0;
		add_version(key, 0, 0);
	}
	while ((len = read(watch, buf, sizeof(buf))) > 0) {
		for (int from = 0; from < len; from += padded((void *)(buf + from))) {
			const struct kv_record *record = (void *)(buf + from);
			struct version version = version_of(record);

			if (record->op == KV_OP_COMPACTED)
				errx(2, "log_entries of kvstore.ko has to be %u at least",
				     2 * call_count);
			if (version.rev != last_rev && version.rev != last_rev + 1)
				return wrong("revision %llu comes after %llu", record->rev,
					     (unsigned long long)last_rev);
			last_rev = version.rev;
			add_version(record->data[2] - 'a', version.rev,
				    record->op == KV_OP_PUT ? version.value : 0);
		}
	}
	return true;
}

/* The revision that the call must have been, of those that wrote its key. */
static uint64_t rev_of_call(const struct call *call)
{
	for (unsigned int key = 0; key < KEYS; key++)
		for (unsigned int i = 1; i < version_count[key]; i++) {
			const struct version *version = &versions[key][i];

			/* One thread deletes a key without being told: its deletes are in order. */
			if (call->wrote[key] && version->value == call->put &&
			    (call->put || !owners[version->rev]))
				return version->rev;
		}
	return 0;
}

static bool own(struct call *call)
{
	if (!call->rev)
		call->rev = rev_of_call(call);
	if (!call->rev || call->rev > last_rev)
		return wrong("a %s succeeded, and no revision is its", call->name);
	if (owners[call->rev])
		return wrong("revision %llu is of two calls", (unsigned long long)call->rev);
	owners[call->rev] = call;
	for (unsigned int key = 0; key < KEYS; key++) {
		struct version is = at(key, call->rev);

		if (call->wrote[key] != (is.rev == call->rev) ||
		    (call->wrote[key] && is.value != call->put))
			return wrong("revision %llu is not what its %s wrote to %s",
				     (unsigned long long)call->rev, call->name, keys[key]);
	}
	return true;
}

/* Each commit has its revision, each revision its commit, in an order that the calls allow. */
static bool order_commits(void)
{
	memset(owners, 0, sizeof(owners));
	for (int told = 1; told >= 0; told--)
		for (unsigned int i = 0; i < call_count; i++)
			if (calls[i].commits && !!calls[i].rev == told && !own(&calls[i]))
				return false;
	last_called[0] = 0;
	for (uint64_t rev = 1; rev <= last_rev; rev++) {
		const struct call *owner = owners[rev];

		if (!owner)
			return wrong("revision %llu is of no call", (unsigned long long)rev);
		if (last_called[rev - 1] > owner->returned)
			return wrong(
				"revision %llu, a %s, had returned before an earlier one was called",
				(unsigned long long)rev, owner->name);
		last_called[rev] = owner->called > last_called[rev - 1] ? owner->called :
									  last_called[rev - 1];
	}
	return true;
}

/* Whether the call can have happened at a revision. */
static bool fits(const struct call *call, uint64_t rev)
{
	for (unsigned int key = 0; key < KEYS; key++) {
		struct version is = at(key, rev), found = call->version[key];

		if ((call->found[key] == IS &&
		     (is.value != found.value || (is.value && is.rev != found.rev))) ||
		    (call->found[key] == THERE && !is.value) ||
		    (call->found[key] == NOT_THERE && is.value) ||
		    (call->found[key] == AT_REV && (!is.value || is.rev != found.rev)) ||
		    (call->found[key] == OTHER_REV && (!is.value || is.rev == found.rev)))
			return false;
	}
	return true;
}

/* What is done or seen: of everything, and, by GETs, of each key. */
static uint64_t floor_whole, floor_key[KEYS];

static void raise_floor(const struct call *call)
{
	for (unsigned int key = 0; key < KEYS; key++)
		if (call->is_get && call->found[key] && floor_key[key] < call->rev)
			floor_key[key] = call->rev;
	if (!call->is_get && floor_whole < call->rev)
		floor_whole = call->rev;
}

/* Find the earliest revision that the call can have been at. */
static bool place(struct call *call)
{
	uint64_t from = floor_whole, rev;

	for (unsigned int key = 0; key < KEYS; key++)
		if ((!call->is_get || call->found[key]) && from < floor_key[key])
			from = floor_key[key];
	rev = call->rev ? call->rev : from;
	if (call->commits) {
		if (from < rev && fits(call, rev - 1))
			return true;
		return wrong("revision %llu, a %s, is not what it was to be after %llu",
			     (unsigned long long)rev, call->name, (unsigned long long)from);
	}
	/* A transaction was told which. */
	for (; rev >= from && rev <= last_rev && last_called[rev] < call->returned; rev++) {
		if (fits(call, rev)) {
			call->rev = rev;
			return true;
		}
		if (call->rev)
			break;
	}
	return wrong("a %s, told revision %llu, has seen what was not there from revision %llu "
		     "until it returned",
		     call->name, (unsigned long long)call->rev, (unsigned long long)from);
}

static int by_called(const void *a, const void *b)
{
	const struct call *const *x = a, *const *y = b;

	return ((*x)->called > (*y)->called) - ((*x)->called < (*y)->called);
}

static int by_returned(const void *a, const void *b)
{
	const struct call *const *x = a, *const *y = b;

	return ((*x)->returned > (*y)->returned) - ((*x)->returned < (*y)->returned);
}

/* In the order of the calls, so that what had returned before has its place already. */
static bool place_all(void)
{
	static struct call *called[CALLS_MAX], *returned[CALLS_MAX];
	unsigned int r = 0;

	for (unsigned int i = 0; i < call_count; i++)
		called[i] = returned[i] = &calls[i];
	qsort(called, call_count, sizeof(*called), by_called);
	qsort(returned, call_count, sizeof(*returned), by_returned);
	floor_whole = 0;
	memset(floor_key, 0, sizeof(floor_key));
	for (unsigned int i = 0; i < call_count; i++) {
		while (returned[r]->returned < called[i]->called)
			raise_floor(returned[r++]);
		if (!place(called[i]))
			return false;
		overlapped += called[i]->returned > called[i]->called + 1;
		committed += called[i]->commits;
		looked += !called[i]->commits;
		refused += !called[i]->commits && !called[i]->is_get && called[i]->put;
	}
	return true;
}

#endif
