/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alloc.h - memory allocation that ends the program on failure
 *
 * Exiting is safe at any time: each change of the store is one system call.
 */
#ifndef ALLOC_H
#define ALLOC_H

#include <stddef.h>

/* Not named xmalloc() etc.: libreadline calls its own functions of these names. */

/** check_alloc() - return @memory; exit with status 1 if it is NULL */
void *check_alloc(void *memory);

/** alloc_bytes() - malloc() */
void *alloc_bytes(size_t size);

/** alloc_zeroed() - calloc() */
void *alloc_zeroed(size_t count, size_t size);

/** alloc_resize() - reallocarray() */
void *alloc_resize(void *old, size_t count, size_t size);

/** alloc_copy() - copy @len bytes, which may be any, and append a NUL */
char *alloc_copy(const char *text, size_t len);

/** alloc_text() - asprintf() */
char *alloc_text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* ALLOC_H */
