/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alloc.h - memory that is there, or the program ends
 *
 * A shell that cannot get a few bytes has nothing better to do than to say so
 * and end with status 1. Everything it changes is changed by the kernel, whole.
 */
#ifndef ALLOC_H
#define ALLOC_H

#include <stddef.h>

/* Not xmalloc() and its kin: libreadline has them, and would then call these. */

/** check_alloc() - @memory, or the end of the program where it is NULL */
void *check_alloc(void *memory);

/** alloc_bytes() - malloc() */
void *alloc_bytes(size_t size);

/** alloc_zeroed() - calloc() */
void *alloc_zeroed(size_t count, size_t size);

/** alloc_resize() - reallocarray() */
void *alloc_resize(void *old, size_t count, size_t size);

/** alloc_copy() - @len bytes of @text, any bytes, and a NUL */
char *alloc_copy(const char *text, size_t len);

/** alloc_text() - asprintf() */
char *alloc_text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* ALLOC_H */
