/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * escape.h - any bytes as text that is safe on a terminal and can be taken back
 *
 * Printable UTF-8 stands as it is. \\ \" \n \t \r stand for those bytes; every
 * other control character, every byte that is not UTF-8, what reorders or
 * breaks lines on a terminal (U+2028, U+2029, the bidirectional controls) and
 * a space at either end become \xNN for each byte. The result between double
 * quotes is a word of kvsh (words.h) with exactly the same bytes. The locale
 * plays no part.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include <stddef.h>
#include <stdio.h>

/** ESCAPE_SHORT - size of a buffer for escape_short(): a key of any length fits */
#define ESCAPE_SHORT 160

/**
 * utf8_printable() - the length of a character that can be shown as it is
 * @text: @len bytes
 * @len: at least 1
 *
 * Return: 1 to 4 bytes; 0 for a control character and for what is not UTF-8.
 */
size_t utf8_printable(const char *text, size_t len);

/** ESCAPE_MESSAGE - size of a buffer for the message of escape_read() */
#define ESCAPE_MESSAGE 160

/**
 * escape_read() - take an escape back
 * @text: what follows the backslash: @len bytes
 * @len: bytes
 * @byte: what it stands for: \n \t \r \\ \" \' \# \xNN or backslash-space
 * @message: what is wrong with it, without a capital or a full stop
 *
 * Return: the bytes that it takes after the backslash; 0 if it is none.
 */
size_t escape_read(const char *text, size_t len, char *byte, char message[ESCAPE_MESSAGE]);

/** escape_write() - write @len bytes of @text to @out, escaped */
void escape_write(FILE *out, const char *text, size_t len);

/** escape_message() - write @text as it is, but \xNN for each byte that cannot be shown */
void escape_message(FILE *out, const char *text);

/**
 * escape_short() - text for a message
 * @buf: filled
 * @text: @len bytes
 * @len: bytes; where they do not fit, the text is cut and ends in ...
 *
 * Return: @buf.
 */
const char *escape_short(char buf[ESCAPE_SHORT], const char *text, size_t len);

#endif /* ESCAPE_H */
