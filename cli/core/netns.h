/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netns.h - enters the network namespace of --netns
 */
#ifndef NETNS_H
#define NETNS_H

#include "core/kvsh.h"

/** NETNS_NAMES - the folder of the namespaces that ip-netns(8) has named */
#define NETNS_NAMES "/run/netns/"

/**
 * netns_enter() - enter a network namespace
 * @sh: the shell, which must not have opened the store
 * @name: a path if it contains a /; else a name that ip-netns(8) gave, or the
 *        ID of a process
 *
 * Return: an enum status.
 */
int netns_enter(struct kvsh *sh, const char *name);

#endif /* NETNS_H */
