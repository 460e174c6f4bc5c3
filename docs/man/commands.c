// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * commands.c - prints the COMMANDS of kvsh(1) in the format of scdoc(5), from
 *              the same tables as the help of kvsh
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"

/* The characters of a word that is compared with a name, an option or an argument. */
static const char word_characters[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/* Print a character that has a meaning for scdoc, perhaps only at the beginning of a line. */
static void print_escaped(char c, bool first)
{
	if (strchr("\\*_", c) || (first && strchr("#-.|[];`", c)))
		putchar('\\');
	putchar(c);
}

static bool is_word(const char *word, size_t len, const char *text)
{
	return strlen(text) == len && !strncmp(text, word, len);
}

static bool is_command(const char *word, size_t len)
{
	for (const struct command *const *command = commands; *command; command++) {
		if (is_word(word, len, (*command)->name))
			return true;
	}
	return false;
}

/* True for the argument of a command, such as KEY, or of an option, such as N. */
static bool is_argument(const struct command *command, const char *word, size_t len)
{
	static const char *const names[] = { "KEY", "VALUE", "PREFIX", "FILE", "COMMAND" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (is_word(word, len, names[i]))
			return true;
	}
	for (const struct option_spec *row = command->options; row && row->name; row++) {
		if (row->arg && is_word(word, len, row->arg))
			return true;
	}
	return false;
}

static void print_marked(const char *text, size_t len, char mark)
{
	putchar(mark);
	for (size_t i = 0; i < len; i++)
		print_escaped(text[i], false);
	putchar(mark);
}

/* Print text in double quotes in bold if it names a command. Returns the bytes used, or 0. */
static size_t print_quoted(const char *text, size_t len)
{
	const char *end = memchr(text + 1, '"', len - 1);
	size_t inside = end ? end - text - 1 : 0;
	size_t name = strcspn(text + 1, " \"");

	if (!inside || (!is_command(text + 1, name) && !is_word(text + 1, name, "kvsh")))
		return 0;
	print_marked(text + 1, inside, '*');
	return inside + 2;
}

/* Print text in a line; options become bold, arguments underlined. */
static void print_line(const struct command *command, const char *text, size_t len)
{
	for (size_t i = 0, size; i < len; i += size) {
		size = strspn(text + i, word_characters);
		if (size > len - i)
			size = len - i;
		if (!size && text[i] == '"')
			size = print_quoted(text + i, len - i);
		else if (size > 2 && !strncmp(text + i, "--", 2))
			print_marked(text + i, size, '*');
		else if (is_argument(command, text + i, size))
			print_marked(text + i, size, '_');
		else
			for (size_t j = 0; j < size; j++)
				print_escaped(text[i + j], !i && !j);
		if (!size) {
			print_escaped(text[i], !i);
			size = 1;
		}
	}
}

/* Print a phrase as a sentence on one line. */
static void print_sentence(const struct command *command, const char *phrase)
{
	char text[200];
	size_t len = snprintf(text, sizeof(text), "%s.", phrase);

	text[0] = toupper(text[0]);
	for (char *newline; (newline = strchr(text, '\n'));)
		*newline = ' ';
	print_line(command, text, len);
}

static void print_options(const struct command *command)
{
	for (const struct option_spec *row = command->options; row && row->name; row++) {
		if (row->letter)
			printf("*-%c*, ", row->letter);
		printf("*--%s*", row->name);
		if (row->arg)
			printf(" _%s_", row->arg);
		fputs("\n\t", stdout);
		print_sentence(command, row->help);
		fputs("\n\n", stdout);
	}
}

static bool is_literal(const char *line)
{
	return !strncmp(line, "  ", 2);
}

static void print_literal(const char *line, size_t len)
{
	for (size_t i = 2; i < len; i++) {
		if (line[i] == '\\')
			putchar('\\');
		putchar(line[i]);
	}
}

static void print_text(const struct command *command)
{
	bool literal = false;

	for (const char *line = command->help; *line; line++) {
		size_t len = strcspn(line, "\n");

		if (literal != is_literal(line))
			fputs(literal ? "```\n" : "\n```\n", stdout);
		literal = is_literal(line);
		if (literal)
			print_literal(line, len);
		else
			print_line(command, line, len);
		putchar('\n');
		line += len;
	}
	if (literal)
		puts("```");
}

static void print_command(const struct command *command)
{
	printf("## %s%s%s\n\n", command->name, *command->usage ? " " : "", command->usage);
	print_sentence(command, command->summary);
	for (const char *const *alias = command->aliases; *alias; alias++)
		printf("%s*%s*%s", alias == command->aliases ? " Also " : ", ", *alias,
		       alias[1] ? "" : ".");
	fputs("\n\n", stdout);
	print_options(command);
	print_text(command);
	putchar('\n');
}

int main(void)
{
	for (const struct command *const *command = commands; *command; command++)
		print_command(*command);
	return fflush(stdout) || ferror(stdout);
}
