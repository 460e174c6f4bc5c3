/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prompt.h - reads a line from the terminal
 */
#ifndef PROMPT_H
#define PROMPT_H

enum prompt_result {
	PROMPT_LINE,
	PROMPT_DROPPED, /* Ctrl-C */
	PROMPT_END, /* Ctrl-D, or the terminal was closed */
};

/** prompt_prepare() - must be called once, before prompt_read() */
void prompt_prepare(void);

/**
 * prompt_read() - let the user edit a line
 * @prompt: the prompt
 * @line: the line, to be freed; several lines if text was pasted; NULL unless PROMPT_LINE
 *
 * Return: an enum prompt_result.
 */
enum prompt_result prompt_read(const char *prompt, char **line);

#endif /* PROMPT_H */
