/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask.h - asks the user at the terminal
 */
#ifndef ASK_H
#define ASK_H

#include <stdbool.h>

struct call;

/** ask_possible() - true if there is a terminal to ask at; never in a script */
bool ask_possible(const struct call *call);

/** ask_yes() - ask on standard error, with "? [y/N] " appended; true if the answer is yes */
bool ask_yes(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* ASK_H */
