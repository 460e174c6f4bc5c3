// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/mman.h>

#include "run.h"
#include "store.h"
#include "wire.h"

#define NOBODY 65534

/**
 * struct listing - a listing with other operations between its pages
 * @open: there are more pages
 * @prefix: prefix of the listed keys
 * @cursor: cursor of the next page
 * @throughout: keys that have existed since the listing began
 * @given: keys that it has returned
 */
struct listing {
	bool open;
	unsigned int prefix;
	uint64_t cursor[2];
	bool throughout[KEYS], given[KEYS];
};

unsigned long results[KINDS][ERRNOS];
bool counting;
char difference[256];

static struct store store;
static struct listing listing;
static int fd, watches[WATCHES + 1];
static const volatile uint64_t *shown_rev;

/* The kernel's request and reply, and the model's reply */
static _Alignas(8) unsigned char buf[KV_MSG_MAX], expected[KV_MSG_MAX];

__attribute__((format(printf, 1, 2))) static bool differs(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(difference, sizeof(difference), format, args);
	va_end(args);
	return false;
}

static const char *result_name(int result)
{
	return result < 0 ? strerrorname_np(-result) : "no error";
}

/* True if kernel and model returned the same error, or the same length and bytes. */
static bool same(const struct operation *operation, int got, int wanted)
{
	int at = 0;

	if (counting)
		results[operation->kind][wanted < 0 ? -wanted : 0]++;
	if (got < 0 || wanted < 0)
		return got == wanted ||
		       differs("%s, not %s", result_name(got), result_name(wanted));
	if (got != wanted)
		return differs("%d bytes, not %d", got, wanted);
	while (at < got && buf[at] == expected[at])
		at++;
	return at == got ||
	       differs("byte %d of %d is 0x%02x, not 0x%02x", at, got, buf[at], expected[at]);
}

/* Make a get call, without CAP_NET_ADMIN if the operation requires it. */
static int get_word(const struct operation *operation, int word, int size)
{
	int error;

	if (operation->nobody && seteuid(NOBODY))
		err(125, "seteuid");
	error = wire_get(fd, word, buf, &size);
	if (operation->nobody && seteuid(0))
		err(125, "seteuid");
	return error ? error : size;
}

static size_t make_record(const struct operation *operation, unsigned int i, void *to)
{
	const struct part *part = &operation->parts[i];
	const char *key = key_name(part->key);
	char value[VALUE_MOST];

	value_fill(value, part->value, part->value_len);
	return record_make(to, part->flags, key, strlen(key), value, part->value_len,
			   store_expected_rev(&store, operation, i));
}

static bool do_set(const struct operation *operation)
{
	static const int words[KINDS] = {
		[PUT] = KV_SO_PUT, [DELETE] = KV_SO_DELETE, [SEAL] = KV_SO_SEAL
	};
	size_t len = sizeof(struct kv_record);
	int got;

	memset(buf, 0, len);
	if (operation->kind != SEAL)
		len = make_record(operation, 0, buf);
	if (operation->nobody && seteuid(NOBODY))
		err(125, "seteuid");
	got = wire_set(fd, words[operation->kind], buf, len);
	if (operation->nobody && seteuid(0))
		err(125, "seteuid");
	return same(operation, got, store_set(&store, operation));
}

static bool do_get(const struct operation *operation)
{
	size_t len = make_record(operation, 0, buf);
	int wanted = store_get(&store, operation, expected);

	return same(operation, get_word(operation, KV_SO_GET, len + operation->room), wanted);
}

static bool do_transaction(const struct operation *operation)
{
	struct kv_txn *head = (void *)buf;
	size_t size = sizeof(*head);
	int got;

	*head = (struct kv_txn){ .count = operation->count };
	for (unsigned int i = 0; i < operation->count; i++) {
		struct kv_record *record = (void *)(buf + size);

		memset(record, 0, RECORD_MAX + 8);
		make_record(operation, i, record);
		record->op = operation->parts[i].op;
		size += padded(record);
	}
	size += operation->room;
	got = get_word(operation, KV_SO_TXN, size);
	if (got >= 0 && head->error && counting)
		results[BEGIN][head->error]++;
	return same(operation, got, store_transaction(&store, operation, size, expected));
}

static bool do_info(const struct operation *operation)
{
	struct kv_info *info = (void *)buf;
	struct kv_info wanted = store_info(&store);

	memcpy(expected, &wanted, sizeof(wanted));
	return same(operation, get_word(operation, KV_SO_INFO, sizeof(*info)), sizeof(wanted)) ||
	       differs("entries %u bytes %llu rev %llu oldest %llu flags %u watches %u, not "
		       "%u %llu %llu %llu %u %u",
		       info->entries, info->bytes, info->rev, info->oldest_rev, info->flags,
		       info->watches, wanted.entries, wanted.bytes, wanted.rev, wanted.oldest_rev,
		       wanted.flags, wanted.watches);
}

/* Listings */

static unsigned int key_of(const struct kv_record *record)
{
	unsigned int key = 0;

	while (key < KEYS && (strlen(key_name(key)) != record->key_len ||
			      memcmp(key_name(key), record->data, record->key_len)))
		key++;
	return key;
}

/* Check a record of a page: its key exists, and the listing has not returned it before. */
static bool check_listed(struct listing *of, const struct kv_record *record, bool shows)
{
	unsigned int key = key_of(record);
	size_t len;

	if (key == KEYS || !store.state.entries[key].there || !key_starts_with(key, of->prefix))
		return differs("'%.*s' is listed", record->key_len, record->data);
	if (of->given[key])
		return differs("'%s' is listed twice", key_name(key));
	of->given[key] = true;
	len = record_of(expected, KV_OP_NONE, key, &store.state.entries[key], shows);
	return (padded(record) == len && !memcmp(record, expected, len)) ||
	       differs("'%s' is listed with another value, revision or flag", key_name(key));
}

/* True if the record of a key that is still to be listed does not fit into a page. */
static bool has_too_long(const struct listing *of, size_t room, bool shows)
{
	for (unsigned int key = 0; key < KEYS; key++)
		if (store.state.entries[key].there && key_starts_with(key, of->prefix) &&
		    !of->given[key] &&
		    record_of(expected, KV_OP_NONE, key, &store.state.entries[key], shows) > room)
			return true;
	return false;
}

static void list_begin(struct listing *of, unsigned int prefix)
{
	*of = (struct listing){ .open = true, .prefix = prefix };
	for (unsigned int key = 0; key < KEYS; key++)
		of->throughout[key] = store.state.entries[key].there &&
				      key_starts_with(key, prefix);
}

static bool list_ended(struct listing *of)
{
	of->open = false;
	for (unsigned int key = 0; key < KEYS; key++)
		if (of->throughout[key] && !of->given[key])
			return differs("'%s' is not listed", key_name(key));
	return true;
}

/* Read and check one page of a listing. */
static bool list_on(struct listing *of, const struct operation *operation)
{
	struct kv_list *page = (void *)buf;
	const char *prefix = key_name(of->prefix);
	size_t room = strlen(prefix) + operation->room;
	const unsigned char *at = page->data;
	int got;

	if (operation->nobody && seteuid(NOBODY))
		err(125, "seteuid");
	got = list_page(fd, prefix, of->cursor, buf, sizeof(*page) + room);
	if (operation->nobody && seteuid(0))
		err(125, "seteuid");
	if (counting)
		results[operation->kind][got < 0 ? -got : 0]++;
	if (got == -ERANGE && has_too_long(of, room, !operation->nobody))
		return true;
	if (got < 0)
		return differs("%s", result_name(got));
	if (page->rev != store.rev)
		return differs("a page of revision %llu, not %llu", page->rev,
			       (unsigned long long)store.rev);
	for (unsigned int i = 0; i < page->count; i++) {
		const struct kv_record *record = (const void *)at;

		if (!check_listed(of, record, !operation->nobody))
			return false;
		at += padded(record);
	}
	if (at != buf + got)
		return differs("a page has %d bytes, its records %d", got, (int)(at - buf));
	return page->more || list_ended(of);
}

/* Read all pages, or up to one that is too small for the next record. */
static bool do_list(const struct operation *operation)
{
	struct listing whole;
	uint64_t before[2];

	list_begin(&whole, operation->parts[0].key);
	do {
		memcpy(before, whole.cursor, sizeof(before));
		if (!list_on(&whole, operation))
			return false;
	} while (whole.open && memcmp(before, whole.cursor, sizeof(before)));
	return true;
}

static bool do_page(const struct operation *operation)
{
	if (!listing.open)
		list_begin(&listing, operation->parts[0].key);
	return list_on(&listing, operation);
}

/* Watches */

static void watch_close(unsigned int slot)
{
	if (store.watches[slot].open)
		close(watches[slot]);
	store.watches[slot].open = false;
}

static bool do_watch(const struct operation *operation)
{
	struct kv_watch *request = (void *)buf;
	const char *prefix = key_name(operation->parts[0].key);
	int got, wanted;

	watch_close(operation->slot);
	*request = (struct kv_watch){
		.rev = store.rev - operation->back,
		.prefix_len = strlen(prefix),
	};
	memcpy(request->data, prefix, strlen(prefix));
	got = get_word(operation, KV_SO_WATCH, sizeof(*request) + strlen(prefix));
	wanted = store_watch(&store, operation);
	if (got >= 0) {
		watches[operation->slot] = request->fd;
		fcntl(request->fd, F_SETFL, O_NONBLOCK);
		got = 0;
	}
	return same(operation, got, wanted);
}

static bool do_read(const struct operation *operation)
{
	int got;

	if (!store.watches[operation->slot].open)
		return true;
	if (operation->nobody && seteuid(NOBODY))
		err(125, "seteuid");
	got = read(watches[operation->slot], buf, operation->room);
	if (got < 0)
		got = -errno;
	if (operation->nobody && seteuid(0))
		err(125, "seteuid");
	if (got == sizeof(struct kv_record) && buf[0] == KV_OP_COMPACTED && counting)
		results[READ][EOVERFLOW]++;
	return same(operation, got, store_read(&store, operation, expected));
}

static bool polls(unsigned int slot)
{
	struct pollfd p = { .fd = watches[slot], .events = POLLIN };

	return poll(&p, 1, 0) == 1 && p.revents & POLLIN;
}

static bool do_poll(const struct operation *operation)
{
	bool waits, wanted;

	if (!store.watches[operation->slot].open)
		return true;
	waits = polls(operation->slot);
	wanted = store_poll(&store, operation->slot);
	return waits == wanted ||
	       differs(wanted ? "no POLLIN" : "POLLIN, and there is nothing to read");
}

static bool do_close(const struct operation *operation)
{
	watch_close(operation->slot);
	return true;
}

static bool (*const runs[KINDS])(const struct operation *operation) = {
	[PUT] = do_set,	  [DELETE] = do_set, [SEAL] = do_set,	 [GET] = do_get,
	[LIST] = do_list, [PAGE] = do_page,  [INFO] = do_info,	 [BEGIN] = do_transaction,
	[READ] = do_read, [POLL] = do_poll,  [WATCH] = do_watch, [CLOSE] = do_close,
};

/*
 * Check that a watch of all keys returns the operation's changes as the model has them. The
 * kernel chooses the order of changes of one revision; the model's log takes it over.
 */
static bool check_changes(void)
{
	size_t size = RECORD_MAX + 8;
	struct event event;
	int got = 0;

	if (*shown_rev != store.rev)
		return differs("the mapped revision is %llu, not %llu",
			       (unsigned long long)*shown_rev, (unsigned long long)store.rev);
	for (unsigned int key = 0; key < KEYS; key++)
		if (store.unlogged[key])
			size += record_of(expected, KV_OP_PUT, key, &store.state.entries[key],
					  true);
	/* A larger buffer would take most of the test's time. */
	if (polls(WATCHES))
		got = read(watches[WATCHES], buf, size);
	if (got < 0)
		return differs("the watch of all keys: %s", strerrorname_np(errno));
	for (int at = 0; at < got; at += padded((void *)(buf + at))) {
		const struct kv_record *record = (void *)(buf + at);
		unsigned int key = key_of(record);
		size_t len;

		if (key == KEYS || !store_log(&store, key, &event))
			return differs("unexpected change of '%.*s' in the watch", record->key_len,
				       record->data);
		len = record_of(expected, event.op, key, &event.entry, true);
		if (padded(record) != len || memcmp(record, expected, len))
			return differs("different change of '%s' in the watch", key_name(key));
		listing.throughout[key] &= event.op == KV_OP_PUT;
	}
	for (unsigned int key = 0; key < KEYS; key++)
		if (store.unlogged[key])
			return differs("no change of '%s' in the watch", key_name(key));
	return true;
}

static unsigned int parameter(const char *name)
{
	char path[80];
	unsigned int value = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/module/kvstore/parameters/%s", name);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%u", &value) != 1)
		errx(125, "cannot read %s", path);
	fclose(file);
	return value;
}

/* Start with a new store in kernel and model, and a watch of all keys. */
static void begin(void)
{
	static const struct operation all = { .slot = WATCHES, .parts = { { .key = ALL } } };

	if (unshare(CLONE_NEWNET))
		err(125, "new network namespace");
	fd = wire_socket();
	memset(&store, 0, sizeof(store));
	memset(&listing, 0, sizeof(listing));
	store.limits = info(fd);
	store.log_entries = parameter("log_entries");
	store.max_watches = parameter("max_watches");
	if (store.log_entries < KEYS || store.log_entries > LOG_MOST)
		errx(2, "log_entries must be from %d to %d", KEYS, LOG_MOST);
	if (!do_watch(&all))
		errx(125, "watch of all keys: %s", difference);
	shown_rev = mmap(NULL, 4096, PROT_READ, MAP_SHARED, watches[WATCHES], 0);
	if (shown_rev == MAP_FAILED)
		err(125, "mmap of a watch");
}

static void end(void)
{
	munmap((void *)shown_rev, 4096);
	for (int i = 0; i <= WATCHES; i++)
		watch_close(i);
	close(fd);
}

unsigned int run(const struct operation *operations, unsigned int count)
{
	unsigned int i = 0;

	begin();
	while (i < count && runs[operations[i].kind](&operations[i]) && check_changes())
		i++;
	end();
	return i;
}
