/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apply.h - applies changes to the store in as few transactions as possible
 */
#ifndef APPLY_H
#define APPLY_H

#include "config/changes.h"

/** APPLY_TRIES - maximum number of tries if the store changes in between */
#define APPLY_TRIES 100

/**
 * struct apply - changes that are being applied
 * @call: the command
 * @config: the file that they come from
 * @atomic: use one transaction, or fail
 * @progress: updated for each transaction, or NULL
 * @put: total number of keys put; each apply_changes() adds to it
 * @deleted: total number of keys deleted; likewise
 * @commits: total number of transactions; likewise
 * @failed: the change that was refused; NULL if the error belongs to none
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
 * apply_changes() - apply changes, those that shrink the store first
 * @apply: parameters and results
 * @changes: the changes, perhaps none
 *
 * Return: 0; -E2BIG if an atomic transaction is too small; or a negative errno
 * of the library. The transaction that failed has changed nothing; earlier
 * transactions remain.
 */
int apply_changes(struct apply *apply, const struct changes *changes);

/** apply_is_conflict() - true if a change failed because the store had changed */
bool apply_is_conflict(int err);

/** apply_fail() - report an error of apply_changes(); returns an enum status */
int apply_fail(const struct apply *apply, const struct changes *changes, int err);

#endif /* APPLY_H */
