/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apply.h - changes are made, in as few transactions as they fit
 */
#ifndef APPLY_H
#define APPLY_H

#include "config/changes.h"

/** APPLY_TRIES - how often changes are made anew because the store changed meanwhile */
#define APPLY_TRIES 100

/**
 * struct apply - changes that are being made
 * @call: the command
 * @config: where they come from
 * @atomic: all in one transaction, or none
 * @progress: told of each change, or NULL
 * @put: keys that were put so far; grows with each apply_changes()
 * @deleted: keys that were deleted so far; likewise
 * @commits: transactions so far; likewise
 * @failed: the change that was refused; NULL if a failure belongs to none
 */
struct apply {
	struct call *call;
	const struct config *config;
	bool atomic;
	struct progress *progress;
	size_t put;
	size_t deleted;
	size_t commits;
	const struct change *failed;
};

/**
 * apply_changes() - make changes; without any, nothing happens
 * @apply: how
 * @changes: what
 *
 * What frees room in the store comes first.
 *
 * Return: 0; -E2BIG if they are to be atomic and do not fit one transaction;
 * or a negative errno of the library. Then the transaction that failed has
 * changed nothing, but those before it are done.
 */
int apply_changes(struct apply *apply, const struct changes *changes);

/** apply_is_conflict() - was a change refused because the store had changed meanwhile? */
bool apply_is_conflict(int err);

/** apply_fail() - say why apply_changes() failed; returns an enum status */
int apply_fail(const struct apply *apply, const struct changes *changes, int err);

#endif /* APPLY_H */
