// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * KV_SO_DESCRIBE on the wire: descriptions of the keys that demo.ko declares, pages of
 * every size, malformed requests, and uninitialised bytes in replies.
 *
 * guest: --before 'insmod /demo.ko'
 */
#include <sched.h>
#include <stddef.h>

#include "tap.h"
#include "wire.h"

#define KEYS 11 /* number of keys that the module declares */
#define BIG 4096
#define HEAD ((int)sizeof(struct kv_describe))

static int fd;

/* Send a request in a buffer of @size bytes: the length of the reply or -errno. */
static int describe(int sock, const char *name, int prefix_len, int flags, void *buf, int size)
{
	struct kv_describe head = {
		.name_len = strlen(name),
		.prefix_len = prefix_len,
		.flags = flags,
	};
	int len = size, error;

	memcpy(buf, &head, sizeof(head));
	memcpy((char *)buf + sizeof(head), name, strlen(name));
	error = wire_get(sock, KV_SO_DESCRIBE, buf, &len);
	return error ? error : len;
}

/* The description of a key, from a page of its own; NULL if it is not declared. */
static const struct kv_description *find(int sock, const char *key)
{
	static _Alignas(8) unsigned char buf[BIG];
	const struct kv_describe *page = (void *)buf;
	const struct kv_description *first = (void *)page->data;

	if (describe(sock, key, strlen(key), 0, buf, sizeof(buf)) < 0 || !page->count ||
	    first->key_len != strlen(key))
		return NULL;
	return first;
}

/* True if part @index of the description is @text. */
static bool has_part(const struct kv_description *d, int index, const char *text)
{
	const __u16 lens[] = { d->key_len,     d->value_len,  d->default_len, d->unit_len,
			       d->choices_len, d->module_len, d->text_len };
	const unsigned char *at = d->data;

	for (int i = 0; i < index; i++)
		at += lens[i];
	return lens[index] == strlen(text) && !memcmp(at, text, strlen(text));
}

enum part { KEY, VALUE, DEFAULT, UNIT, CHOICES, MODULE, TEXT };

static void contents(void)
{
	const struct kv_description *d = find(fd, "demo.count");

	ok(d && d->type == KV_TYPE_U64 && !d->flags && !d->rev && d->min == 1 && d->max == 100 &&
		   has_part(d, VALUE, "10") && has_part(d, DEFAULT, "10") &&
		   has_part(d, UNIT, "packets") && has_part(d, CHOICES, "") &&
		   has_part(d, MODULE, "demo") && d->text_len,
	   "a number has its bounds, default, unit, module and text");
	d = find(fd, "demo.offset");
	ok(d && d->type == KV_TYPE_S64 && (__s64)d->min == -50 && (__s64)d->max == 50,
	   "a signed number has signed bounds");
	d = find(fd, "demo.mode");
	ok(d && d->type == KV_TYPE_ENUM && has_part(d, CHOICES, "drop|reject|log"),
	   "an enum has its choices");
	d = find(fd, "demo.name");
	ok(d && d->type == KV_TYPE_STRING && d->min == 0 && d->max == 15,
	   "a string has its shortest and longest length");
	d = find(fd, "demo.commits");
	ok(d && d->type == KV_TYPE_U64 && d->flags == KV_D_READONLY && d->value_len &&
		   !d->default_len && !d->rev,
	   "a read-only key has a value and no default");
	ok(find(fd, "demo.enabled")->type == KV_TYPE_BOOL &&
		   find(fd, "demo.peer")->type == KV_TYPE_IPV4 &&
		   find(fd, "demo.peer6")->type == KV_TYPE_IPV6,
	   "bool, IPv4 and IPv6 keys have their types");
	ok(!find(fd, "demo"), "a prefix that is no key has no description");
}

static void settings(void)
{
	const struct kv_description *d;
	char buf[BIG];

	put(fd, "demo.count", "0x14", KV_F_PRIVATE, 0);
	d = find(fd, "demo.count");
	ok(d->flags == (KV_D_SET | KV_D_PRIVATE) && d->rev == rev_of(fd, "demo.count") &&
		   has_part(d, VALUE, "0x14") && has_part(d, DEFAULT, "10"),
	   "a key that is set has its value as it was put, and its revision");
	describe(fd, "", 0, 0, buf, sizeof(buf));
	ok(((struct kv_describe *)buf)->rev == info(fd).rev, "a page has the store's revision");
	del(fd, "demo.count", 0, 0);
	d = find(fd, "demo.count");
	ok(!d->flags && !d->rev && has_part(d, VALUE, "10"), "a deleted key has its default");
}

/* Runs in a child process: drops CAP_NET_ADMIN. */
static bool unprivileged(void)
{
	const struct kv_description *d;

	if (setuid(65534))
		return false;
	d = find(fd, "demo.count");
	return d && d->flags == (KV_D_SET | KV_D_PRIVATE | KV_D_WITHHELD) && !d->value_len &&
	       d->rev && has_part(d, DEFAULT, "10") &&
	       find(fd, "demo.mode")->value_len == strlen("drop");
}

/* Runs in a child process: enters a new network namespace. */
static bool elsewhere(void)
{
	const struct kv_description *d;
	int other;

	if (unshare(CLONE_NEWNET))
		return false;
	other = wire_socket();
	put(fd, "demo.offset", "7", 0, 0);
	d = find(other, "demo.offset");
	return d && !d->flags && has_part(d, VALUE, "0") && has_part(d, DEFAULT, "0");
}

static void walls(void)
{
	put(fd, "demo.count", "20", KV_F_PRIVATE, 0);
	ok(apart(unprivileged), "without CAP_NET_ADMIN, only private values are withheld");
	del(fd, "demo.count", 0, 0);
	ok(apart(elsewhere), "each namespace has its own values");
	del(fd, "demo.offset", 0, 0);
}

/* Append a page's descriptions to @all; copy the page's last key to @name. */
static size_t append(unsigned char *all, size_t len, const void *buf, int page_len, char *name)
{
	const struct kv_describe *page = buf;
	const unsigned char *at = page->data;

	memcpy(all + len, page->data, page_len - HEAD);
	for (unsigned int i = 0; i < page->count; i++) {
		const struct kv_description *d = (const void *)at;

		memcpy(name, d->data, d->key_len);
		name[d->key_len] = '\0';
		at += d->len;
	}
	return len + page_len - HEAD;
}

/* Read all descriptions in pages of @size bytes: their total length, or -errno. */
static int describe_all(const char *prefix, int size, unsigned char *all)
{
	_Alignas(8) unsigned char buf[BIG];
	char name[KV_KEY_MAX + 1];
	size_t all_len = 0;
	int flags = 0, len;

	strcpy(name, prefix);
	do {
		len = describe(fd, name, strlen(prefix), flags, buf, size);
		if (len < 0)
			return len;
		all_len = append(all, all_len, buf, len, name);
		flags = KV_DESCRIBE_AFTER;
	} while (((struct kv_describe *)buf)->more);
	return all_len;
}

/* The number of descriptions in one page, or -errno. */
static int count(const char *name, int prefix_len, int flags)
{
	_Alignas(8) unsigned char buf[BIG];
	int len = describe(fd, name, prefix_len, flags, buf, sizeof(buf));

	return len < 0 ? len : (int)((struct kv_describe *)buf)->count;
}

static bool sorts_after(const struct kv_description *d, const struct kv_description *last)
{
	int shorter = d->key_len < last->key_len ? d->key_len : last->key_len;
	int order = memcmp(last->data, d->data, shorter);

	return order ? order < 0 : last->key_len < d->key_len;
}

static void pages(void)
{
	static _Alignas(8) unsigned char whole[BIG], pieces[BIG], buf[BIG];
	int len = describe_all("", BIG, whole), largest = 0, smallest = 0;
	const struct kv_description *d, *last = NULL;
	bool same = true, ordered = true, zeroed = true;

	ok(count("", 0, 0) == KEYS && describe(fd, "", 0, 0, buf, BIG) == HEAD + len,
	   "all keys fit into one page");
	for (int at = 0; at < len; at += d->len) {
		d = (void *)(whole + at);
		largest = d->len > largest ? d->len : largest;
		ordered &= !last || sorts_after(d, last);
		last = d;
		zeroed &= !d->reserved && !d->reserved2 && !(d->len % 8);
		for (const unsigned char *pad = d->data + d->key_len + d->value_len +
						d->default_len + d->unit_len + d->choices_len +
						d->module_len + d->text_len;
		     pad < whole + at + d->len; pad++)
			zeroed &= !*pad;
	}
	ok(ordered, "keys are sorted by their bytes");
	ok(zeroed, "reserved fields and padding of a description are zero");
	for (int size = HEAD; size <= HEAD + largest + 200; size++) {
		int got = describe_all("", size, pieces);

		if (got == -ERANGE)
			smallest = size + 1;
		else
			same &= got == len && !memcmp(whole, pieces, len);
	}
	ok(same, "pages of every size give the same descriptions");
	ok(smallest == HEAD + largest, "a buffer too small for the largest description is ERANGE");
}

static void names(void)
{
	ok(count("demo.co", 7, 0) == 2 && count("demo.count", 10, 0) == 1 &&
		   count("demo.x", 6, 0) == 0 && count("other", 5, 0) == 0,
	   "a page has only the keys with the prefix");
	ok(count("demo.peer", 9, 0) == 2 && count("demo.peer", 9, KV_DESCRIBE_AFTER) == 1,
	   "KV_DESCRIBE_AFTER a key omits it, but not longer keys that start with it");
	ok(count("demo.peer", 5, 0) == 3 && count("demo.peer", 5, KV_DESCRIBE_AFTER) == 2 &&
		   count("demo.pa", 5, 0) == 3 && count("demo.pa", 5, KV_DESCRIBE_AFTER) == 3,
	   "the name need not be a declared key");
	ok(count("a b\xff", 0, 0) == KEYS && count("\xff", 0, 0) == 0,
	   "the name need not be a valid key");
}

/* Send a request with one field changed: 0 or -errno. */
static int malformed(size_t offset, size_t bytes, uint64_t value, int size)
{
	_Alignas(8) unsigned char buf[BIG] = { 0 };
	struct kv_describe *head = (void *)buf;
	/* The low bytes of @value: the last ones on a big-endian machine */
	const char *low = (const char *)&value +
			  (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? sizeof(value) - bytes : 0);
	int len = size;

	*head = (struct kv_describe){ .name_len = 4, .prefix_len = 4 };
	memcpy(head->data, "demo", 4);
	memcpy(buf + offset, low, bytes);
	return wire_get(fd, KV_SO_DESCRIBE, buf, &len);
}

#define FIELD(field) offsetof(struct kv_describe, field), sizeof(((struct kv_describe *)0)->field)

static void refusals(void)
{
	uint64_t before = fingerprint(fd);
	bool all = true;

	for (int size = -2; size < HEAD + 4; size++)
		all &= malformed(0, 0, 0, size) == -EINVAL;
	ok(all, "a buffer shorter than the request is EINVAL");
	ok(malformed(0, 0, 0, KV_MSG_MAX + 1) == -EMSGSIZE,
	   "a buffer of more than 65536 bytes is EMSGSIZE");
	ok(malformed(FIELD(name_len), KV_KEY_MAX + 1, BIG) == -ENAMETOOLONG &&
		   malformed(FIELD(name_len), UINT16_MAX, BIG) == -ENAMETOOLONG,
	   "a name of more than 128 bytes is ENAMETOOLONG");
	ok(malformed(FIELD(name_len), 100, HEAD + 99) == -EINVAL &&
		   malformed(FIELD(prefix_len), 5, BIG) == -EINVAL &&
		   malformed(FIELD(prefix_len), UINT16_MAX, BIG) == -EINVAL,
	   "a name longer than the buffer, or a prefix longer than the name, is EINVAL");
	for (int bit = 1; bit < 8; bit++)
		all &= malformed(FIELD(flags), 1 << bit, BIG) == -EINVAL;
	for (int bit = 0; bit < 48; bit++)
		all &= malformed(FIELD(reserved), 1ULL << bit, BIG) == -EINVAL;
	ok(all, "each unknown flag and reserved bit is EINVAL");
	ok(!malformed(FIELD(rev), 1, BIG) && !malformed(FIELD(count), 1, BIG) &&
		   !malformed(FIELD(more), 1, BIG),
	   "the values of output fields are ignored in a request");
	ok(wire_set(fd, KV_SO_DESCRIBE, "", 0) == -EOPNOTSUPP,
	   "setsockopt with DESCRIBE is EOPNOTSUPP");
	ok(fingerprint(fd) == before, "none of these requests changes the store");
}

/* A byte that the kernel does not write differs between two replies. */
static void leaks(void)
{
	static unsigned char one[BIG], other[BIG];
	bool same = true, untouched = true;

	for (int size = HEAD + 128; size < BIG; size += 8) {
		int len;

		memset(one, 0xa5, sizeof(one));
		memset(other, 0x5a, sizeof(other));
		len = describe(fd, "demo.", 5, 0, one, size);
		if (len == -ERANGE)
			continue;
		same &= len > 0 && describe(fd, "demo.", 5, 0, other, size) == len &&
			!memcmp(one, other, len);
		for (int i = len; i < BIG && len > 0; i++)
			untouched &= one[i] == 0xa5 && other[i] == 0x5a;
	}
	ok(same, "every byte of a reply is written");
	ok(untouched, "no byte after the reply is written");
	memset(one, 0xa5, sizeof(one));
	untouched = describe(fd, "demo.", 5, 0, one, HEAD + 40) == -ERANGE;
	for (int i = HEAD + 5; i < BIG; i++)
		untouched &= one[i] == 0xa5;
	ok(untouched, "a call that fails with ERANGE does not write to the buffer");
}

int main(void)
{
	fd = wire_socket();
	contents();
	settings();
	walls();
	pages();
	names();
	refusals();
	leaks();
	return done();
}
