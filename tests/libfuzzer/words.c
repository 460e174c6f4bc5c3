// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A line of any bytes is split into words, or refused with a position inside the line. Each word,
 * escaped and quoted, is parsed as the same word.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/words.h"
#include "libfuzzer.h"

static void check_again(const struct word *word)
{
	struct words_error error;
	struct words again;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	putc('"', out);
	escape_write(out, word->text, word->len);
	putc('"', out);
	fclose(out);
	must(words_split(&again, text, len, 1, &error) == WORDS_DONE);
	must(again.count == 1 && again.list[0]->len == word->len && again.list[0]->quoted &&
	     !memcmp(again.list[0]->text, word->text, word->len));
	words_free(&again);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct words_error error = { 0 };
	struct words words;
	char *line = copy(data, size);
	enum words_result result = words_split(&words, line, size, 1, &error);

	must((result == WORDS_DONE) == !error.at.line);
	must(result == WORDS_DONE || (!words.count && *error.message));
	must(error.at.column <= size + 1);
	for (size_t i = 0; i < words.count; i++) {
		must(words.list[i]->len <= size && !words.list[i]->text[words.list[i]->len]);
		check_again(words.list[i]);
	}
	words_free(&words);
	free(line);
	return 0;
}
