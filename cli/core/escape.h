/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * escape.h - any bytes as text that is safe on a terminal, and back
 *
 * Printable UTF-8 is not changed. \\ \" \n \t \r are written so; each byte of
 * other control characters, of invalid UTF-8, of characters that reorder or
 * break lines on a terminal (U+2028, U+2029, the bidirectional controls) and a
 * space at either end become \xNN. Between double quotes, the result is a word
 * of kvsh (words.h) with the original bytes. The locale has no effect.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include <stddef.h>
#include <stdio.h>

/** ESCAPE_SHORT - size of a buffer for escape_short(): a key of any length fits */
#define ESCAPE_SHORT 160

/**
 * utf8_printable() - the length of a printable character
 * @text: @len bytes
 * @len: at least 1
 *
 * Return: 1 to 4 bytes; 0 for a control character and for invalid UTF-8.
 */
size_t utf8_printable(const char *text, size_t len);

/** ESCAPE_MESSAGE - size of a buffer for the message of escape_read() */
#define ESCAPE_MESSAGE 160

/**
 * escape_read() - decode an escape: \n \t \r \\ \" \' \# \xNN or backslash-space
 * @text: the text after the backslash: @len bytes
 * @len: bytes
 * @byte: filled with the decoded byte
 * @message: filled on error, without a capital or a full stop
 *
 * Return: the length of the escape without the backslash; 0 if it is invalid.
 */
size_t escape_read(const char *text, size_t len, char *byte, char message[ESCAPE_MESSAGE]);

/** escape_write() - write @len bytes of @text to @out, escaped */
void escape_write(FILE *out, const char *text, size_t len);

/** escape_message() - write @text; only bytes that are not printable become \xNN */
void escape_message(FILE *out, const char *text);

/**
 * escape_short() - text for a message
 * @buf: filled
 * @text: @len bytes
 * @len: bytes; a text that does not fit is cut and ends in ...
 *
 * Return: @buf.
 */
const char *escape_short(char buf[ESCAPE_SHORT], const char *text, size_t len);

#endif /* ESCAPE_H */
