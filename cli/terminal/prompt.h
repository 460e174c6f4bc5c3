/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prompt.h - one line from a terminal
 */
#ifndef PROMPT_H
#define PROMPT_H

enum prompt_result {
	PROMPT_LINE,
	PROMPT_DROPPED, /* Ctrl-C */
	PROMPT_END, /* Ctrl-D, or the terminal is gone */
};

/** prompt_prepare() - to be called once, before prompt_read() */
void prompt_prepare(void);

/**
 * prompt_read() - edit a line
 * @prompt: shown before it
 * @line: to be freed; may hold newlines where text was pasted; NULL but for PROMPT_LINE
 *
 * Return: how it ended.
 */
enum prompt_result prompt_read(const char *prompt, char **line);

#endif /* PROMPT_H */
