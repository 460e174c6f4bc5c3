/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records concurrent calls and their results, and checks that the history is
 * linearizable: that each call can have taken effect at one moment between its
 * start and its return.
 *
 * Each commit has a revision, which orders the writes, and a watch reports what
 * they wrote. It remains to check that this order agrees with the order of the
 * calls, and that each read-only call matches the store at some revision: not
 * older than any that was committed or seen before the call started, and not
 * newer than any commit that started before the call returned. This finds every
 * history that is not linearizable.
 *
 * A GET reads one key, and may see the new value of this key before the rest of
 * the transaction is visible. So a GET is a lower bound for later GETs of the
 * same key and for calls that see commits as a whole, but not for GETs of other
 * keys.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdarg.h>

#include "wire.h"

#define KEYS 4
#define THREADS_MAX 16
#define ROUND 200 /* calls of a thread in a round */
#define CALLS_MAX (THREADS_MAX * ROUND)

static const char *const keys[KEYS] = { "h.a", "h.b", "h.c", "h.d" };

/* What a call has found out about a key; IS is a value and revision, 0 and 0 for a missing key. */
enum found { NOTHING, IS, THERE, NOT_THERE, AT_REV, OTHER_REV };

/* The value of a key from a revision on; 0 if the key is missing */
struct version {
	uint64_t rev;
	unsigned int value;
};

/**
 * struct call - one call
 * @called: time of its start, from a counter
 * @returned: time of its return
 * @name: its name in messages
 * @commits: true if it changed something
 * @is_get: true if it is a KV_SO_GET
 * @rev: the revision that it returned or that it is assigned to; 0 if not known
 * @put: the value that it puts, unique to this call; 0 if it puts none
 * @wrote: the keys that it changed
 * @found: what it found out about each key
 * @version: the value and revision that it found
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

/* The history: the versions of each key, and the call of each revision. Each round begins at 0. */
static struct version versions[KEYS][CALLS_MAX + 1];
static unsigned int version_count[KEYS];
static struct call *owners[CALLS_MAX + 1];
static uint64_t last_called[CALLS_MAX + 1]; /* latest start of a call up to this revision */
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

/* Return the value and revision of a record. */
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

/* Return the version of a key at a revision. */
static struct version version_at(unsigned int key, uint64_t rev)
{
	unsigned int low = 0, high = version_count[key];

	while (high - low > 1) {
		unsigned int middle = (low + high) / 2;

		*(versions[key][middle].rev <= rev ? &low : &high) = middle;
	}
	return versions[key][low];
}

/* Read all changes from the watch, and check that no revision is missing. */
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
				errx(2, "log_entries of kvstore.ko must be at least %u",
				     2 * call_count);
			if (version.rev != last_rev && version.rev != last_rev + 1)
				return wrong("the watch reported revision %llu after %llu",
					     record->rev, (unsigned long long)last_rev);
			last_rev = version.rev;
			add_version(record->data[2] - 'a', version.rev,
				    record->op == KV_OP_PUT ? version.value : 0);
		}
	}
	return true;
}

/* Return the revision of a call that does not know its own. */
static uint64_t rev_of_call(const struct call *call)
{
	for (unsigned int key = 0; key < KEYS; key++)
		for (unsigned int i = 1; i < version_count[key]; i++) {
			const struct version *version = &versions[key][i];

			/* One thread deletes a key without learning the revision: in order. */
			if (call->wrote[key] && version->value == call->put &&
			    (call->put || !owners[version->rev]))
				return version->rev;
		}
	return 0;
}

/* Assign a commit to its revision. */
static bool assign_revision(struct call *call)
{
	if (!call->rev)
		call->rev = rev_of_call(call);
	if (!call->rev || call->rev > last_rev)
		return wrong("a %s succeeded, but has no revision", call->name);
	if (owners[call->rev])
		return wrong("revision %llu belongs to two calls", (unsigned long long)call->rev);
	owners[call->rev] = call;
	for (unsigned int key = 0; key < KEYS; key++) {
		struct version is = version_at(key, call->rev);

		if (call->wrote[key] != (is.rev == call->rev) ||
		    (call->wrote[key] && is.value != call->put))
			return wrong("revision %llu differs from what its %s wrote to %s",
				     (unsigned long long)call->rev, call->name, keys[key]);
	}
	return true;
}

/* Check that each commit has its own revision, in an order that agrees with that of the calls. */
static bool order_commits(void)
{
	memset(owners, 0, sizeof(owners));
	for (int known = 1; known >= 0; known--)
		for (unsigned int i = 0; i < call_count; i++)
			if (calls[i].commits && !!calls[i].rev == known &&
			    !assign_revision(&calls[i]))
				return false;
	last_called[0] = 0;
	for (uint64_t rev = 1; rev <= last_rev; rev++) {
		const struct call *owner = owners[rev];

		if (!owner)
			return wrong("revision %llu belongs to no call", (unsigned long long)rev);
		if (last_called[rev - 1] > owner->returned)
			return wrong(
				"revision %llu, a %s, returned before an earlier revision was called",
				(unsigned long long)rev, owner->name);
		last_called[rev] = owner->called > last_called[rev - 1] ? owner->called :
									  last_called[rev - 1];
	}
	return true;
}

/* True if the call's results match the store at a revision. */
static bool matches_revision(const struct call *call, uint64_t rev)
{
	for (unsigned int key = 0; key < KEYS; key++) {
		struct version is = version_at(key, rev), found = call->version[key];

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

/* The latest revision committed or seen so far; by GETs, for each key */
static uint64_t floor_whole, floor_key[KEYS];

static void raise_floor(const struct call *call)
{
	for (unsigned int key = 0; key < KEYS; key++)
		if (call->is_get && call->found[key] && floor_key[key] < call->rev)
			floor_key[key] = call->rev;
	if (!call->is_get && floor_whole < call->rev)
		floor_whole = call->rev;
}

/*
 * Assign a read-only call to the earliest revision that its results match, and
 * check that the results of a commit match the revision before it.
 */
static bool place(struct call *call)
{
	uint64_t from = floor_whole, rev;

	for (unsigned int key = 0; key < KEYS; key++)
		if ((!call->is_get || call->found[key]) && from < floor_key[key])
			from = floor_key[key];
	rev = call->rev ? call->rev : from;
	if (call->commits) {
		if (from < rev && matches_revision(call, rev - 1))
			return true;
		return wrong("revision %llu, a %s, cannot follow revision %llu",
			     (unsigned long long)rev, call->name, (unsigned long long)from);
	}
	/* A transaction knows its revision. */
	for (; rev >= from && rev <= last_rev && last_called[rev] < call->returned; rev++) {
		if (matches_revision(call, rev)) {
			call->rev = rev;
			return true;
		}
		if (call->rev)
			break;
	}
	return wrong("a %s (revision %llu) saw a state that did not exist between revision "
		     "%llu and its return",
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

/* Place the calls in the order of their start, so that calls that returned earlier come first. */
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
