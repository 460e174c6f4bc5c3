/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the targets share: each is given inputs, and ends the program where a promise is broken */
#ifndef LIBFUZZER_H
#define LIBFUZZER_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* clang's fuzzer keeps the input of an abort. */
static inline void must(int promise)
{
	if (!promise)
		abort();
}

/* The input with nothing behind it, so that each read beyond it is seen. */
static inline char *copy(const uint8_t *data, size_t size)
{
	char *text = malloc(size);

	must(text || !size);
	if (size)
		memcpy(text, data, size);
	return text;
}

#endif
