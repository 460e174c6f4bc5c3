// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Replays the exchanges of docs/protocol.md, read from stdin: the blocks that
 * are fenced with ```exchange. Each has a call, the bytes of the request, `= `
 * and the result, and the bytes of the reply. `..` matches any byte. Text after
 * the bytes of a line is a comment.
 *
 * guest: --before 'insmod /demo.ko' --stdin docs/protocol.md
 * guest s390x: --skip 'protocol.md shows the bytes of a little-endian machine'
 */
#include <ctype.h>

#include "tap.h"
#include "wire.h"

struct exchange {
	int line, word, size, request_len, reply_len, result;
	bool is_get;
	int request[4096], reply[4096]; /* a byte each; -1 for any */
};

/* Add the bytes at the start of the line to @bytes. Returns their new number. */
static int add_bytes(const char *line, int *bytes, int count)
{
	while (*line == ' ')
		line++;
	while ((isxdigit(line[0]) && isxdigit(line[1])) || (line[0] == '.' && line[1] == '.')) {
		bytes[count++] = line[0] == '.' ? -1 : (int)strtol(line, NULL, 16);
		line += line[2] == ' ' ? 3 : 2;
		if (*line == ' ')
			break;
	}
	return count;
}

static int number_of(const char *name)
{
	for (int i = 1; i < 200; i++)
		if (strerrorname_np(i) && !strncmp(name, strerrorname_np(i), strcspn(name, "\n")))
			return i;
	return 0;
}

static void replay(int fd, const struct exchange *e)
{
	_Alignas(8) unsigned char buf[4096] = { 0 };
	int len = e->is_get ? e->size : e->request_len, got;
	bool passed;

	for (int i = 0; i < e->request_len; i++)
		buf[i] = e->request[i];
	got = e->is_get ? wire_get(fd, e->word, buf, &len) : wire_set(fd, e->word, buf, len);
	passed = got == -e->result && (!e->is_get || e->result || len == e->reply_len);
	for (int i = 0; i < e->reply_len; i++)
		passed &= e->reply[i] == -1 || e->reply[i] == buf[i];
	if (!ok(passed, "protocol.md:%d", e->line))
		note("%s, %d bytes", got ? strerror(-got) : "success", len);
}

int main(void)
{
	static struct exchange e;
	bool inside = false, replying = false;
	int fd = wire_socket();
	char line[256];

	for (int number = 1; fgets(line, sizeof(line), stdin); number++) {
		bool fence = !strncmp(line, "```", 3);
		bool call = inside && strstr(line, "etsockopt 0x");

		if (e.word && (fence || call)) {
			replay(fd, &e);
			e.word = 0;
		}
		if (fence) {
			inside = !strcmp(line, "```exchange\n");
		} else if (call) {
			e = (struct exchange){ .line = number, .is_get = *line == 'g' };
			sscanf(strstr(line, "0x"), "%i, %i", &e.word, &e.size);
			replying = false;
		} else if (inside && *line == '=') {
			e.result = line[2] == '0' ? 0 : number_of(line + 2);
			replying = true;
		} else if (inside && replying) {
			e.reply_len = add_bytes(line, e.reply, e.reply_len);
		} else if (inside) {
			e.request_len = add_bytes(line, e.request, e.request_len);
		}
	}
	return done();
}
