// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * excerpt.c - prints the line with an error, and a caret under its place
 *
 * Bytes that are not printable become \xNN, so that the line cannot control the
 * terminal. Tabs are kept and repeated before the caret to align both lines.
 */
#include <string.h>

#include "core/escape.h"
#include "core/excerpt.h"

/* The columns that are shown of a line. */
#define WIDTH 76
/* The columns that are shown before the caret if the beginning is cut. */
#define WIDTH_BEFORE 36

/* The length in bytes of the character at text, and its width in columns. */
static size_t measure(const char *text, size_t len, size_t *width)
{
	size_t size = utf8_printable(text, len);

	if (*text == '\t') {
		*width = 8;
		return 1;
	}
	*width = size ? 1 : strlen("\\xNN");
	return size ? size : 1;
}

static size_t width_of(const char *text, size_t len)
{
	size_t total = 0, width;

	for (size_t pos = 0; pos < len;) {
		pos += measure(text + pos, len - pos, &width);
		total += width;
	}
	return total;
}

/* Write up to room columns of text, as blanks if hidden; the bytes written. */
static size_t show(FILE *out, const char *text, size_t len, size_t room, bool hidden)
{
	size_t pos = 0, size, width;

	for (; pos < len; pos += size) {
		size = measure(text + pos, len - pos, &width);
		if (width > room)
			break;
		room -= width;
		if (text[pos] == '\t')
			fputc('\t', out);
		else if (hidden)
			fprintf(out, "%*s", (int)width, "");
		else if (width > 1)
			fprintf(out, "\\x%02x", (unsigned char)text[pos]);
		else
			fwrite(text + pos, 1, size, out);
	}
	return pos;
}

/* The number of bytes to cut at the beginning to show the caret. */
static size_t cut_before(const char *line, size_t len, size_t caret)
{
	size_t excess, start = 0, width;

	if (width_of(line, len) <= WIDTH || width_of(line, caret) <= WIDTH - WIDTH_BEFORE)
		return 0;
	excess = width_of(line, caret) - WIDTH_BEFORE;
	while (start < caret && excess) {
		start += measure(line + start, len - start, &width);
		excess -= width < excess ? width : excess;
	}
	return start;
}

void excerpt_show(FILE *out, const struct source *source, const struct place *at)
{
	const char *line = source->text, *end = line + source->len, *newline;
	size_t len, start, caret, shown;

	for (unsigned int i = source->line; i < at->line; i++) {
		newline = memchr(line, '\n', end - line);
		if (!newline)
			return;
		line = newline + 1;
	}
	newline = memchr(line, '\n', end - line);
	len = (newline ? newline : end) - line;
	if (len && line[len - 1] == '\r')
		len--;
	caret = at->column - 1 < len ? at->column - 1 : len;
	start = cut_before(line, len, caret);

	fputs(start ? "  ..." : "  ", out);
	shown = show(out, line + start, len - start, WIDTH, false);
	fputs(start + shown < len ? "...\n  " : "\n  ", out);
	fputs(start ? "   " : "", out);
	show(out, line + start, caret - start, WIDTH, true);
	fputs("^\n", out);
}
