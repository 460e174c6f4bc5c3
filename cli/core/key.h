/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * key.h - the characters of a key
 */
#ifndef KEY_H
#define KEY_H

#include <stddef.h>

#include "core/escape.h"

/** KEY_MESSAGE - size of a buffer for key_check() */
#define KEY_MESSAGE (ESCAPE_SHORT + 100)

/**
 * key_check() - look for a byte that a key cannot hold
 * @text: @len bytes
 * @len: bytes
 * @message: says so, without a capital or a full stop, where there is one
 *
 * Return: its index; @len if there is none.
 */
size_t key_check(const char *text, size_t len, char message[KEY_MESSAGE]);

#endif /* KEY_H */
