/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * litter.h - a file that must not stay behind, also where a signal ends the program
 */
#ifndef LITTER_H
#define LITTER_H

/**
 * litter_begin() - from now on, a signal that ends the program removes a file first
 * @file: its path; to stay as it is until litter_end()
 * @folder: then this folder too, if it is empty; or NULL
 *
 * Signals that are ignored or that the shell takes itself end nothing.
 */
void litter_begin(const char *file, const char *folder);

/** litter_end() - the file is gone, or is to stay */
void litter_end(void);

#endif /* LITTER_H */
