// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * config.c - reads configuration files, and writes snapshots of the store as such
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/escape.h"

/*
 * More than the escaped contents of any store; a device that is read by
 * mistake, or an endless pipe, must not fill the memory.
 */
#define FILE_LIMIT (256 << 20)
#define READ_STEP 65536

/* How often config_snapshot() lists a store that changes meanwhile. */
#define SNAPSHOT_TRIES 100

bool config_is_stdio(const struct word *file)
{
	return !file->quoted && file->len == 1 && file->text[0] == '-';
}

char *config_file_name(const struct word *file)
{
	char *shown = NULL;
	size_t len;
	FILE *out = check_alloc(open_memstream(&shown, &len));

	escape_write(out, file->text, file->len);
	fclose(out);
	return check_alloc(shown);
}

static int fail_read(struct call *call, const struct word *file, int err)
{
	char *shown = config_file_name(file);

	fail(call->sh, &file->at, STATUS_FAILED, "%s: cannot read %s: %s", call->name->text,
	     config_is_stdio(file) ? "standard input" : shown,
	     err == EFBIG ? "it is larger than 256 MiB" : strerror(err));
	free(shown);
	return STATUS_FAILED;
}

/* Enlarge the buffer, and wipe the old one: it may contain private values. */
static void grow_text(struct config *config, size_t size)
{
	char *text = alloc_bytes(size);

	if (config->len) {
		memcpy(text, config->text, config->len);
		explicit_bzero(config->text, config->len);
	}
	free(config->text);
	config->text = text;
}

/*
 * Read all of a file; 0 or an errno. Stop at a NUL byte, which is an error
 * anyway, if the file is not regular: a device may have no end.
 */
static int read_all(struct config *config, int fd)
{
	struct stat stat;
	size_t size = 0;
	ssize_t got;

	if (fstat(fd, &stat))
		return errno;
	for (;;) {
		if (size - config->len < READ_STEP) {
			size = 2 * size + READ_STEP;
			grow_text(config, size);
		}
		got = read(fd, config->text + config->len, size - config->len);
		if (got < 0)
			return errno;
		config->len += got;
		if (!got ||
		    (!S_ISREG(stat.st_mode) && memchr(config->text + config->len - got, '\0', got)))
			return 0;
		if (config->len > FILE_LIMIT)
			return EFBIG;
	}
}

static int fail_stdin(struct call *call, const struct word *file, const char *why)
{
	return fail(call->sh, &file->at, STATUS_USAGE, "%s: %s", call->name->text, why);
}

/* Open a file for reading; -1 after an error was reported. */
static int open_file(struct call *call, const struct word *file, int *status)
{
	struct kvsh *sh = call->sh;
	int fd;

	*status = STATUS_DONE;
	if (config_is_stdio(file)) {
		if (sh->mode == MODE_INTERACTIVE || sh->script_on_stdin)
			*status = fail_stdin(call, file,
					     "cannot read FILE from standard input, where the "
					     "commands come from; name a file");
		else if (sh->stdin_taken)
			*status = fail_stdin(call, file, "standard input has already been read");
		if (*status)
			return -1;
		sh->stdin_taken = true;
		return STDIN_FILENO;
	}
	errno = ENOENT;
	fd = strlen(file->text) == file->len ? open(file->text, O_RDONLY | O_CLOEXEC | O_NOCTTY) :
					       -1;
	if (fd < 0)
		*status = fail_read(call, file, errno);
	return fd;
}

/* Skip blanks, or else a word, within a line. */
static const char *skip_run(const char *at, const char *end, bool blanks)
{
	while (at < end && *at != '\n' && (*at == ' ' || *at == '\t') == blanks)
		at++;
	return at;
}

/* Messages may end up in logs: cut a line with a private value before the value. */
struct source config_source(const struct config *config, size_t start, unsigned int line)
{
	static const char secret[] = "private";
	const char *text = config->text + start, *end = config->text + config->len;
	const char *word = skip_run(text, end, true), *after = skip_run(word, end, false), *sign;

	if (after - word == sizeof(secret) - 1 && !memcmp(word, secret, sizeof(secret) - 1)) {
		word = skip_run(after, end, true);
		end = skip_run(word, end, false);
		/* The = may lack blanks around it. */
		sign = memchr(word, '=', end - word);
		end = sign ? sign + 1 : end;
	}
	return (struct source){ config->name, text, end - text, line };
}

static bool report_error(const struct format_error *error, void *arg)
{
	struct config *config = arg;
	struct source source = config_source(config, error->start, error->at.line);
	int status = fail_in(config->sh, &source, &error->at,
			     error->too_long ? STATUS_FULL : STATUS_USAGE, "%s", error->message);

	if (!config->status)
		config->status = status;
	return config->every_error;
}

/* Report the first entry that does not start with the prefix. */
static int check_prefix(struct config *config)
{
	const char *prefix = config->prefix->text;
	const struct format_entry *first = NULL;
	struct source source;

	for (size_t i = 0; i < config->entries.count; i++) {
		const struct format_entry *entry = config->entries.list[i];

		if (strncmp(entry->item.key, prefix, strlen(prefix)) &&
		    (!first || entry->line < first->line))
			first = entry;
	}
	if (!first)
		return STATUS_DONE;
	source = config_source(config, first->start, first->line);
	return fail_in(config->sh, &source, &(struct place){ first->line, 1 }, STATUS_USAGE,
		       "%s does not start with the prefix \"%s\"", first->item.key, prefix);
}

int config_read(struct config *config, struct call *call, const struct word *file,
		const struct word *prefix, bool every_error)
{
	int fd, err, status;

	*config = (struct config){
		.name = config_is_stdio(file) ? alloc_copy("<stdin>", strlen("<stdin>")) :
						config_file_name(file),
		.prefix = prefix,
		.sh = call->sh,
		.every_error = every_error,
	};
	fd = open_file(call, file, &status);
	if (fd < 0)
		return status;
	err = read_all(config, fd);
	if (fd != STDIN_FILENO)
		close(fd);
	if (err)
		return fail_read(call, file, err);
	format_read(&config->entries, config->text, config->len, report_error, config);
	if (!config->status && prefix)
		config->status = check_prefix(config);
	return config->status;
}

void config_free(struct config *config)
{
	format_free(&config->entries);
	if (config->text)
		explicit_bzero(config->text, config->len);
	free(config->text);
	free(config->name);
	*config = (struct config){ 0 };
}

/* The first key whose value the caller may not read, or NULL. */
static const char *first_hidden(const struct listing *listing)
{
	for (size_t i = 0; i < listing->count; i++) {
		if (item_is_hidden(&listing->list[i]))
			return listing->list[i].key;
	}
	return NULL;
}

int config_snapshot(struct listing *listing, struct call *call, const struct word *prefix,
		    struct progress *progress)
{
	int err, status = call_open(call);
	const char *hidden;

	*listing = (struct listing){ 0 };
	if (status)
		return status;
	err = listing_take(listing, call->sh->kv, prefix ? prefix->text : "", SNAPSHOT_TRIES,
			   progress);
	if (progress)
		progress_end(progress);
	if (err)
		return fail_key(call, prefix, prefix, err);
	if (!listing->is_snapshot)
		return fail(
			call->sh, &call->name->at, STATUS_FAILED,
			"%s: the store changed during each of %d attempts to read it; try again "
			"later",
			call->name->text, SNAPSHOT_TRIES);
	hidden = first_hidden(listing);
	if (!hidden)
		return STATUS_DONE;
	return fail(call->sh, &call->name->at, STATUS_PERMISSION, "%s: %s is private: %s",
		    call->name->text, hidden, kv_strerror(-EPERM));
}

void config_write(FILE *out, const struct listing *listing, const char *comment)
{
	format_write_head(out);
	fputs(comment, out);
	for (size_t i = 0; i < listing->count; i++) {
		format_write(out, &listing->list[i]);
		putc('\n', out);
	}
}

char *config_text(const struct listing *listing, const char *comment, size_t *len)
{
	char *text = NULL;
	FILE *out = check_alloc(open_memstream(&text, len));

	config_write(out, listing, comment);
	if (fclose(out))
		check_alloc(NULL);
	return text;
}
