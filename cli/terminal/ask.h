/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask.h - questions to who sits at the terminal
 */
#ifndef ASK_H
#define ASK_H

#include <stdbool.h>

struct call;

/** ask_possible() - is someone there? A script has its answers from its author */
bool ask_possible(const struct call *call);

/** ask_yes() - ask on standard error, where "? [y/N] " follows; true if the answer is yes */
bool ask_yes(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* ASK_H */
