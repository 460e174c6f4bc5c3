// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A file of any bytes is read or refused with its errors; its entries, written to a file, are read
 * back as the same entries.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config/config.h"
#include "libfuzzer.h"

static bool none_is_wrong(const struct format_error *error, void *arg)
{
	(void)error;
	(void)arg;
	abort();
}

static void check_entry(const struct format_entry *one, const struct format_entry *other)
{
	must(!strcmp(one->item.key, other->item.key) && one->item.flags == other->item.flags &&
	     one->item.value_len == other->item.value_len &&
	     !memcmp(one->item.value, other->item.value, one->item.value_len));
	must(*one->item.key && strlen(one->item.key) <= KV_KEY_MAX &&
	     one->item.value_len <= KV_VALUE_MAX);
}

/* Write the entries and read them back. */
static void check_again(const struct format_entries *entries)
{
	struct format_entries again;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	format_write_head(out);
	for (size_t i = 0; i < entries->count; i++) {
		format_write(out, &entries->list[i]->item);
		putc('\n', out);
	}
	fclose(out);
	must(format_read(&again, text, len, none_is_wrong, NULL) && again.count == entries->count);
	for (size_t i = 0; i < again.count; i++) {
		check_entry(entries->list[i], again.list[i]);
		must(!i || strcmp(again.list[i - 1]->item.key, again.list[i]->item.key) < 0);
	}
	format_free(&again);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[] = "/proc/self/fd/0123456789", *argv[] = { "load", path, "a" };
	struct kvsh sh = { .mode = MODE_COMMAND };
	struct call call = { .sh = &sh };
	struct config config;
	struct words words;
	int fd = memfd_create("config", 0), status;

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	words_from_argv(&words, 3, argv);
	call.name = words.list[0];
	/* The size of the input selects the options. */
	status = config_read(&config, &call, words.list[1], size % 4 == 3 ? words.list[2] : NULL,
			     size % 2);
	must(status >= 0 && config.len == size);
	check_again(&config.entries);
	config_free(&config);
	words_free(&words);
	close(fd);
	return 0;
}
