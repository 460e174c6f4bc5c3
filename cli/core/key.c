// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * key.c - validates the characters of a key
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/key.h"

static bool is_key_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("_.:/@+-", c));
}

size_t key_check(const char *text, size_t len, char message[KEY_MESSAGE])
{
	char shown[ESCAPE_SHORT];
	size_t at = 0, size;

	while (at < len && is_key_byte(text[at]))
		at++;
	if (at == len)
		return len;
	size = utf8_printable(text + at, len - at);
	escape_short(shown, text + at, size ? size : 1);
	snprintf(message, KEY_MESSAGE,
		 "a key cannot contain %s (byte %zu), only A-Z a-z 0-9 _ . : / @ + -",
		 text[at] == ' ' ? "a space" : shown, at + 1);
	return at;
}
