/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * key.h - validates the characters of a key
 */
#ifndef KEY_H
#define KEY_H

#include <stddef.h>

#include "core/escape.h"

/** KEY_MESSAGE - size of a buffer for key_check() */
#define KEY_MESSAGE (ESCAPE_SHORT + 100)

/**
 * key_check() - find the first byte that is not allowed in a key
 * @text: @len bytes
 * @len: bytes
 * @message: filled if there is one, without a capital or a full stop
 *
 * Return: its index; @len if there is none.
 */
size_t key_check(const char *text, size_t len, char message[KEY_MESSAGE]);

#endif /* KEY_H */
