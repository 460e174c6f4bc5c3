/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Common parts of the fuzz targets, each of which aborts if a check of its input fails */
#ifndef LIBFUZZER_H
#define LIBFUZZER_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libFuzzer saves the input that causes an abort. */
static inline void must(int promise)
{
	if (!promise)
		abort();
}

/* A copy of the input without bytes after it, so that ASan detects each read beyond its end. */
static inline char *copy(const uint8_t *data, size_t size)
{
	char *text = malloc(size);

	must(text || !size);
	if (size)
		memcpy(text, data, size);
	return text;
}

#endif
