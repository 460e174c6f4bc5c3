// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * escape.c - any bytes as text that is safe on a terminal, and back
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/escape.h"

/* One character, or one byte as \xNN, and a NUL. */
#define STEP_MAX 5

/* The length and code point of the UTF-8 sequence at text; 0 if it is invalid. */
static size_t utf8_decode(const unsigned char *text, size_t len, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t size;

	if (text[0] < 0x80) {
		*code = text[0];
		return 1;
	}
	if (text[0] < 0xc2 || text[0] > 0xf4)
		return 0;
	size = text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
	if (len < size)
		return 0;
	*code = text[0] & (0x7f >> size);
	for (size_t i = 1; i < size; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (text[i] & 0x3f);
	}
	if (*code < least[size] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return size;
}

static bool is_unsafe(uint32_t code)
{
	/* C0, DEL and C1 */
	if (code < 0x20 || (code >= 0x7f && code < 0xa0))
		return true;
	/* line and paragraph separator; no width, and taken for a byte order mark */
	if (code == 0x2028 || code == 0x2029 || code == 0xfeff)
		return true;
	/* bidirectional controls */
	return code == 0x061c || code == 0x200e || code == 0x200f ||
	       (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

size_t utf8_printable(const char *text, size_t len)
{
	uint32_t code = 0;
	size_t size = utf8_decode((const unsigned char *)text, len, &code);

	return size && !is_unsafe(code) ? size : 0;
}

/* Escape the character at pos into out, NUL-terminated; its length in bytes. */
static size_t escape_character(const char *text, size_t len, size_t pos, char out[STEP_MAX])
{
	static const char from[] = "\\\"\n\t\r";
	static const char to[] = "\\\"ntr";
	const char *known = text[pos] ? strchr(from, text[pos]) : NULL;
	size_t size = utf8_printable(text + pos, len - pos);

	if (known) {
		snprintf(out, STEP_MAX, "\\%c", to[known - from]);
		return 1;
	}
	if (!size || (text[pos] == ' ' && (pos == 0 || pos + 1 == len))) {
		snprintf(out, STEP_MAX, "\\x%02x", (unsigned char)text[pos]);
		return 1;
	}
	memcpy(out, text + pos, size);
	out[size] = '\0';
	return size;
}

/* The number of ASCII bytes at pos that need no escape: the common case. */
static size_t count_plain(const char *text, size_t len, size_t pos)
{
	size_t end = pos;

	while (end < len && text[end] >= ' ' && text[end] < 127 && text[end] != '\\' &&
	       text[end] != '"' && (text[end] != ' ' || (end && end + 1 < len)))
		end++;
	return end - pos;
}

void escape_write(FILE *out, const char *text, size_t len)
{
	char buf[STEP_MAX];

	for (size_t pos = 0; pos < len;) {
		size_t run = count_plain(text, len, pos);

		fwrite(text + pos, 1, run, out);
		pos += run;
		if (pos == len)
			break;
		pos += escape_character(text, len, pos, buf);
		fputs(buf, out);
	}
}

void escape_message(FILE *out, const char *text)
{
	size_t len = strlen(text), size;

	for (; len; text += size, len -= size) {
		size = utf8_printable(text, len);
		if (size)
			fwrite(text, 1, size, out);
		else
			fprintf(out, "\\x%02x", (unsigned char)*text);
		size = size ? size : 1;
	}
}

const char *escape_short(char buf[ESCAPE_SHORT], const char *text, size_t len)
{
	const size_t room = ESCAPE_SHORT - sizeof("...");
	char part[STEP_MAX];
	size_t used = 0;

	for (size_t pos = 0; pos < len;) {
		pos += escape_character(text, len, pos, part);
		if (used + strlen(part) > room) {
			memcpy(buf + used, "...", 3);
			used += 3;
			break;
		}
		memcpy(buf + used, part, strlen(part));
		used += strlen(part);
	}
	buf[used] = '\0';
	return buf;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static size_t read_hex(const char *text, size_t len, char *byte, char message[ESCAPE_MESSAGE])
{
	int high = len >= 3 ? hex_digit(text[1]) : -1;
	int low = high >= 0 ? hex_digit(text[2]) : -1;

	if (low < 0) {
		snprintf(message, ESCAPE_MESSAGE,
			 "\\x needs two hexadecimal digits after it, as in \\x0a");
		return 0;
	}
	*byte = high << 4 | low;
	return 3;
}

size_t escape_read(const char *text, size_t len, char *byte, char message[ESCAPE_MESSAGE])
{
	static const char from[] = "ntr\\\"'# ";
	static const char to[] = "\n\t\r\\\"'# ";
	char c = len ? *text : '\0';
	const char *known = c ? strchr(from, c) : NULL;

	if (known) {
		*byte = to[known - from];
		return 1;
	}
	if (c == 'x')
		return read_hex(text, len, byte, message);
	if (!len)
		snprintf(message, ESCAPE_MESSAGE,
			 "nothing follows this backslash; write \\\\ for a backslash");
	else if (c > ' ' && c < 127)
		snprintf(message, ESCAPE_MESSAGE,
			 "\\%c is not an escape; write \\\\%c for a backslash and %c "
			 "(escapes: \\n \\t \\r \\\\ \\\" \\' \\# \\xNN, and \\ before a space)",
			 c, c, c);
	else
		snprintf(message, ESCAPE_MESSAGE,
			 "a backslash before byte \\x%02x is not an escape; write \\\\ for a "
			 "backslash",
			 (unsigned char)c);
	return 0;
}
