/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replace.h - a file is written whole, or stays as it was
 */
#ifndef REPLACE_H
#define REPLACE_H

#include <stddef.h>

/** enum replace_error - what a file can be that is not replaced; apart from every errno */
enum replace_error {
	REPLACE_FOLDER = -1,
	REPLACE_SPECIAL = -2, /* a FIFO, a socket, a device */
};

/**
 * replace_file() - write a file
 * @name: its name; of a symbolic link, the file it points to is replaced, there or not
 * @text: @len bytes
 * @len: bytes
 *
 * Writes beside it, with mode 0600, and renames when all is on the disk.
 *
 * Return: 0, an errno, or an enum replace_error. Then nothing has changed.
 */
int replace_file(const char *name, const char *text, size_t len);

/** write_all() - write to a descriptor; 0 or an errno */
int write_all(int fd, const char *text, size_t len);

#endif /* REPLACE_H */
