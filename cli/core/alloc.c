// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * alloc.c - memory allocation that ends the program on failure
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"

void *check_alloc(void *memory)
{
	if (!memory) {
		fputs("kvsh: out of memory\n", stderr);
		exit(1);
	}
	return memory;
}

void *alloc_bytes(size_t size)
{
	return check_alloc(malloc(size ? size : 1));
}

void *alloc_zeroed(size_t count, size_t size)
{
	return check_alloc(calloc(count ? count : 1, size));
}

void *alloc_resize(void *old, size_t count, size_t size)
{
	return check_alloc(reallocarray(old, count ? count : 1, size));
}

char *alloc_copy(const char *text, size_t len)
{
	char *copy = alloc_zeroed(len + 1, 1);

	memcpy(copy, text, len);
	return copy;
}

char *alloc_text(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	return check_alloc(text);
}
