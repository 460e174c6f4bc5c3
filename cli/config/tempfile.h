/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tempfile.h - temporary files, and replacing a file as a whole
 */
#ifndef TEMPFILE_H
#define TEMPFILE_H

#include <stddef.h>

/**
 * tempfile_register() - let a signal that ends the program remove a file first
 * @file: its path, which must not change until tempfile_unregister()
 * @folder: a folder to remove after it if it is then empty, or NULL
 *
 * Signals that are ignored or that the shell handles itself do not end the program.
 */
void tempfile_register(const char *file, const char *folder);

/** tempfile_unregister() - the file is gone, or is to stay */
void tempfile_unregister(void);

/** write_all() - write to a descriptor; returns 0 or an errno */
int write_all(int fd, const char *text, size_t len);

/** enum replace_error - why replace_file() refuses a file; distinct from every errno */
enum replace_error {
	REPLACE_FOLDER = -1,
	REPLACE_SPECIAL = -2, /* a FIFO, a socket, a device */
};

/**
 * replace_file() - write a file as a whole, or leave it as it was
 * @name: its name; a symbolic link is followed, and its target need not exist
 * @text: @len bytes
 * @len: bytes
 *
 * Writes a temporary file in the same folder, with mode 0600, and renames it
 * when all of it is on the disk.
 *
 * Return: 0, an errno, or an enum replace_error; on failure nothing has changed.
 */
int replace_file(const char *name, const char *text, size_t len);

#endif /* TEMPFILE_H */
