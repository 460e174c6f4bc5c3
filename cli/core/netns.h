/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netns.h - another network namespace than that of the caller
 */
#ifndef NETNS_H
#define NETNS_H

#include "core/kvsh.h"

/** NETNS_NAMES - where ip-netns(8) keeps the namespaces that it names */
#define NETNS_NAMES "/run/netns/"

/**
 * netns_enter() - move to the network namespace that --netns names
 * @sh: the shell, which has not opened the store yet
 * @name: a path if there is a / in it; else a name that ip-netns(8) gave, or
 *        the number of a process
 *
 * Return: an enum status.
 */
int netns_enter(struct kvsh *sh, const char *name);

#endif /* NETNS_H */
