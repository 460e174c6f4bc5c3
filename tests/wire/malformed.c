// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Malformed requests are refused with the errno that the protocol documents, and the store
 * does not change: lengths, flags, reserved fields, keys, memory.
 *
 * guest:
 */
#include <stdbool.h>
#include <sys/mman.h>

#include "tap.h"
#include "wire.h"

#define KEY "malformed/key"
#define VALUE "value"

static int fd;

/* Report a test; it also fails if the store is not the one with fingerprint @before. */
static void ok_unchanged(bool passed, uint64_t before, const char *name)
{
	bool same = fingerprint(fd) == before;

	if (!same)
		note("the store has changed");
	ok(passed && same, "%s", name);
}

static bool expect(int got, int wanted, const char *what, long detail)
{
	if (got == wanted)
		return true;
	note("%s %ld: %s, not %s", what, detail, got ? strerror(-got) : "success",
	     wanted ? strerror(-wanted) : "success");
	return false;
}

/* A valid request of each word */
struct request {
	const char *name;
	int word;
	bool set;
	int min; /* exact length of a set request; shortest buffer of a get word */
	int size; /* length of a buffer that the reply fits into */
	unsigned int flags; /* flags that the word accepts */
	union {
		unsigned char bytes[RECORD_MAX];
		struct kv_record record;
		struct kv_list list;
	} u;
};

static struct request requests[5];

static void make_requests(void)
{
	struct request *r = requests;

	*r = (struct request){ "PUT", KV_SO_PUT, .set = true,
			       .flags = KV_F_CREATE | KV_F_REPLACE | KV_F_IF_REV | KV_F_PRIVATE };
	r->min = r->size = record_make(&r->u, 0, KEY, strlen(KEY), VALUE, strlen(VALUE), 0);
	r++;
	*r = (struct request){ "DELETE", KV_SO_DELETE, .set = true,
			       .flags = KV_F_IF_REV | KV_F_PREFIX };
	r->min = r->size = record_make(&r->u, 0, KEY, strlen(KEY), "", 0, 0);
	r++;
	*r = (struct request){ "GET", KV_SO_GET, .size = RECORD_MAX };
	r->min = record_make(&r->u, 0, KEY, strlen(KEY), "", 0, 0);
	r++;
	*r = (struct request){ "LIST", KV_SO_LIST, .size = RECORD_MAX };
	r->u.list = (struct kv_list){ .prefix_len = strlen(KEY) };
	memcpy(r->u.list.data, KEY, strlen(KEY));
	r->min = sizeof(struct kv_list) + strlen(KEY);
	r++;
	*r = (struct request){ "INFO", KV_SO_INFO, .min = 4, .size = sizeof(struct kv_info) };
}

static int call(const struct request *r, void *buf, int len)
{
	return r->set ? wire_set(fd, r->word, buf, len) : wire_get(fd, r->word, buf, &len);
}

static void lengths_of(const struct request *r)
{
	static unsigned char buf[KV_MSG_MAX + 8];
	uint64_t before = fingerprint(fd);
	bool passed = true;
	char name[100];
	int len;

	memcpy(buf, &r->u, sizeof(r->u));
	for (len = 0; len < r->min; len++)
		passed &= expect(call(r, buf, len), -EINVAL, "optlen", len);
	for (len = -1; len > -10; len--)
		passed &= expect(call(r, buf, len), -EINVAL, "optlen", len);
	passed &= expect(call(r, buf, -2147483647 - 1), -EINVAL, "optlen", -2147483647 - 1L);
	snprintf(name, sizeof(name), "%s with a short or negative optlen is EINVAL", r->name);
	ok_unchanged(passed, before, name);

	passed = true;
	for (len = r->min + 1; r->set && len < r->min + 64; len++)
		passed &= expect(call(r, buf, len), -EINVAL, "optlen", len);
	passed &= expect(call(r, buf, KV_MSG_MAX + 1), -EMSGSIZE, "optlen", KV_MSG_MAX + 1);
	passed &= expect(call(r, buf, 2147483647), -EMSGSIZE, "optlen", 2147483647);
	snprintf(name, sizeof(name), "%s with an optlen that is too long is refused", r->name);
	ok_unchanged(passed, before, name);
}

/* Set each bit that must be zero. */
static void reserved_of(const struct request *r)
{
	bool is_list = r->word == KV_SO_LIST;
	size_t head = is_list ? sizeof(struct kv_list) : sizeof(struct kv_record);
	uint64_t before = fingerprint(fd);
	bool passed = true;
	char name[100];

	for (size_t bit = 0; bit < head * 8; bit++) {
		union {
			unsigned char bytes[RECORD_MAX];
			struct kv_record record;
			struct kv_list list;
		} zero = { 0 }, u;
		bool too_large;

		/* Mask out the fields that have a meaning, and those of output only */
		if (is_list) {
			memset(&zero.list, 0xff, sizeof(zero.list));
			zero.list.flags = 0;
		} else {
			zero.record.flags = r->flags;
			zero.record.key_len = 0xffff;
			zero.record.value_len = r->word == KV_SO_PUT ? 0xffff : 0;
		}
		if (zero.bytes[bit / 8] & 1 << bit % 8)
			continue;
		memcpy(&u, &r->u, sizeof(u));
		u.bytes[bit / 8] |= 1 << bit % 8;
		/* EMSGSIZE takes precedence over EINVAL for a value_len where none is allowed. */
		too_large = !is_list && u.record.value_len > KV_VALUE_MAX;
		passed &= expect(call(r, &u, r->size), too_large ? -EMSGSIZE : -EINVAL, "bit", bit);
	}
	snprintf(name, sizeof(name), "%s refuses each reserved bit and unknown flag", r->name);
	ok_unchanged(passed, before, name);
}

static void contradictions(void)
{
	static const struct {
		const char *name;
		int word;
		unsigned int flags;
		uint64_t rev;
	} rows[] = {
		{ "PUT: create and replace", KV_SO_PUT, KV_F_CREATE | KV_F_REPLACE, 0 },
		{ "PUT: create and if-revision", KV_SO_PUT, KV_F_CREATE | KV_F_IF_REV, 1 },
		{ "PUT: a revision without KV_F_IF_REV", KV_SO_PUT, 0, 1 },
		{ "DELETE: prefix and if-revision", KV_SO_DELETE, KV_F_PREFIX | KV_F_IF_REV, 1 },
		{ "DELETE: a revision without KV_F_IF_REV", KV_SO_DELETE, 0, 1 },
	};
	uint64_t before = fingerprint(fd);
	unsigned char buf[RECORD_MAX];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t len = record_make(buf, rows[i].flags, KEY, strlen(KEY), "", 0, rows[i].rev);
		char name[100];

		snprintf(name, sizeof(name), "%s is EINVAL", rows[i].name);
		ok_unchanged(expect(wire_set(fd, rows[i].word, buf, len), -EINVAL, "flags",
				    rows[i].flags),
			     before, name);
	}
}

/* key_len, value_len and prefix_len over their limits, or not matching optlen. */
static void inner_lengths(void)
{
	static const struct {
		int word, key_len, value_len, optlen, error;
	} rows[] = {
		{ KV_SO_PUT, 0, 5, 16 + 5, -EINVAL },
		{ KV_SO_PUT, 129, 5, 16 + 129 + 5, -ENAMETOOLONG },
		{ KV_SO_PUT, 0xffff, 0, 16 + 128, -ENAMETOOLONG },
		{ KV_SO_PUT, 0xffff, 0xffff, 16, -ENAMETOOLONG },
		{ KV_SO_PUT, 8, 1025, 16 + 8 + 1025, -EMSGSIZE },
		{ KV_SO_PUT, 8, 0xffff, 16 + 8, -EMSGSIZE },
		{ KV_SO_PUT, 8, 8, 16 + 15, -EINVAL },
		{ KV_SO_PUT, 8, 8, 16 + 17, -EINVAL },
		{ KV_SO_PUT, 128, 1024, 16, -EINVAL },
		{ KV_SO_PUT, 8, 8, 16 + 24, -EINVAL }, /* only sequences of records are padded */
		{ KV_SO_DELETE, 0, 0, 16, -EINVAL },
		{ KV_SO_DELETE, 8, 8, 16 + 16, -EINVAL },
		{ KV_SO_DELETE, 129, 0, 16 + 129, -ENAMETOOLONG },
		{ KV_SO_DELETE, 9, 0, 16 + 8, -EINVAL },
		{ KV_SO_GET, 0, 0, 1168, -EINVAL },
		{ KV_SO_GET, 129, 0, 1168, -ENAMETOOLONG },
		{ KV_SO_GET, 0xffff, 0, 1168, -ENAMETOOLONG },
		{ KV_SO_GET, 9, 0, 16 + 8, -EINVAL },
	};
	uint64_t before = fingerprint(fd);
	static unsigned char buf[4096];
	bool passed = true;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int len = rows[i].optlen;
		int got;

		memset(buf, 'k', sizeof(buf));
		*(struct kv_record *)buf = (struct kv_record){
			.key_len = rows[i].key_len,
			.value_len = rows[i].value_len,
		};
		got = rows[i].word < KV_SO_INFO ? wire_set(fd, rows[i].word, buf, len) :
						  wire_get(fd, rows[i].word, buf, &len);
		passed &= expect(got, rows[i].error, "row", i);
	}
	ok_unchanged(passed, before,
		     "a key_len or value_len that is too large or contradicts optlen is refused");

	for (int len = 129; len < 0x10000; len += 0x3ff) {
		struct kv_list *list = (void *)buf;
		int size = sizeof(buf);

		*list = (struct kv_list){ .prefix_len = len };
		passed &=
			expect(wire_get(fd, KV_SO_LIST, buf, &size), -ENAMETOOLONG, "prefix", len);
	}
	ok_unchanged(passed, before, "LIST with a prefix_len over the limit is ENAMETOOLONG");
}

static void cursors(void)
{
	static const uint64_t bad[] = { 0, 1, 1ULL << 31, 1ULL << 32, 1ULL << 63, UINT64_MAX };
	unsigned char buf[4096];
	uint64_t buckets = info(fd).buckets, before = fingerprint(fd);
	bool passed = true;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		uint64_t cursor[2] = { bad[i] < 2 ? buckets + bad[i] : bad[i], 0 };

		passed &= expect(list_page(fd, "", cursor, buf, sizeof(buf)), -EINVAL, "cursor", i);
	}
	ok_unchanged(passed, before, "LIST with a cursor outside the table is EINVAL");
	passed = true;
	for (size_t i = 0; i < 64; i++) {
		uint64_t cursor[2] = { buckets - 1, 1ULL << i };

		passed &= list_page(fd, "", cursor, buf, sizeof(buf)) >= 0;
	}
	ok_unchanged(passed, before, "LIST with any cursor inside the table succeeds");
}

static void keys(void)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_.:/@+-";
	uint64_t before = fingerprint(fd);
	unsigned char buf[RECORD_MAX];
	bool refused = true, missing = true, fine = true;
	int len;

	for (int c = 0; c < 256; c++) {
		char key[3] = { 'a', c, 'b' };

		if (c && strchr(allowed, c))
			continue;
		len = record_make(buf, 0, key, 3, "", 0, 0);
		refused &= expect(wire_set(fd, KV_SO_PUT, buf, len), -EINVAL, "byte", c);
		missing &= expect(wire_set(fd, KV_SO_DELETE, buf, len), -ENOENT, "byte", c);
		len = sizeof(buf);
		missing &= expect(wire_get(fd, KV_SO_GET, buf, &len), -ENOENT, "byte", c);
	}
	ok_unchanged(refused, before, "PUT refuses each byte that is not allowed in a key");
	ok_unchanged(missing, before, "GET and DELETE of a key with such a byte are ENOENT");

	for (const char *c = allowed; *c; c++) {
		char key[2] = { *c };

		fine &= !put(fd, key, VALUE, 0, 0) && has(fd, key, VALUE, 0) && !del(fd, key, 0, 0);
	}
	ok(fine, "each allowed byte can be a key");
}

static void words(void)
{
	uint64_t before = fingerprint(fd);
	unsigned char buf[RECORD_MAX] = { 0 };
	bool passed = true;

	for (int i = 0; i < KV_SO_WORDS; i++) {
		int word = KV_SO_BASE + i, len = sizeof(buf);

		if (word > KV_SO_SEAL)
			passed &= expect(wire_set(fd, word, buf, len), -EOPNOTSUPP, "set", i);
		if (word < KV_SO_INFO || word > KV_SO_DESCRIBE)
			passed &= expect(wire_get(fd, word, buf, &len), -EOPNOTSUPP, "get", i);
	}
	ok_unchanged(passed, before, "each unused word of the range is EOPNOTSUPP");
	passed = expect(wire_set(fd, KV_SO_BASE - 1, buf, 16), -ENOPROTOOPT, "word", -1) &&
		 expect(wire_set(fd, KV_SO_BASE + KV_SO_WORDS, buf, 16), -ENOPROTOOPT, "word", 256);
	ok_unchanged(passed, before, "the words next to the range are ENOPROTOOPT");
}

/* The end of a page that no mapped page follows */
static unsigned char *end_of_mapped(void)
{
	static unsigned char *page;
	size_t size = sysconf(_SC_PAGESIZE);

	if (!page) {
		page = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			    0);
		if (page == MAP_FAILED || munmap(page + size, size))
			err(125, "mmap");
	}
	return page + size;
}

static void bad_memory(const struct request *r)
{
	uint64_t before = fingerprint(fd);
	bool passed = true;
	char name[100];
	int len;

	passed &= expect(call(r, NULL, r->size), -EFAULT, "NULL", 0);
	passed &= expect(call(r, end_of_mapped(), r->size), -EFAULT, "unmapped", 0);
	passed &= expect(call(r, (void *)-4096L, r->size), -EFAULT, "kernel", 0);
	for (len = 1; len < r->min; len++) {
		memcpy(end_of_mapped() - len, &r->u, len);
		passed &= expect(call(r, end_of_mapped() - len, r->size), -EFAULT, "mapped bytes",
				 len);
	}
	if (!r->set) {
		len = r->size;
		passed &= expect(
			syscall(SYS_getsockopt, fd, IPPROTO_IP, r->word, &r->u, NULL) ? -errno : 0,
			-EFAULT, "optlen NULL", 0);
		passed &= expect(syscall(SYS_getsockopt, fd, IPPROTO_IP, r->word, &r->u,
					 end_of_mapped()) ?
					 -errno :
					 0,
				 -EFAULT, "optlen unmapped", 0);
	}
	snprintf(name, sizeof(name), "%s with an inaccessible buffer is EFAULT", r->name);
	ok_unchanged(passed, before, name);
}

static void good_memory(void)
{
	unsigned char *at = end_of_mapped() - requests[0].size;
	char reply[RECORD_MAX];
	uint64_t before;
	void *page;
	int len;

	memcpy(at, &requests[0].u, requests[0].size);
	ok(!wire_set(fd, KV_SO_PUT, at, requests[0].size) && has(fd, KEY, VALUE, 0),
	   "PUT reads a request that ends with the last mapped byte");
	at = end_of_mapped() - sizeof(struct kv_record) - strlen(KEY) - strlen(VALUE);
	record_make(at, 0, KEY, strlen(KEY), "", 0, 0);
	len = end_of_mapped() - at;
	ok(!wire_get(fd, KV_SO_GET, at, &len) &&
		   !memcmp(end_of_mapped() - strlen(VALUE), VALUE, strlen(VALUE)),
	   "GET writes a reply that ends with the last mapped byte");

	before = fingerprint(fd);
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	record_make(page, 0, KEY, strlen(KEY), "", 0, 0);
	mprotect(page, 4096, PROT_READ);
	len = 4096;
	ok_unchanged(wire_get(fd, KV_SO_GET, page, &len) == -EFAULT, before,
		     "GET into a read-only page is EFAULT");
	ok_unchanged(get(fd, KEY, reply) == 0, before, "and a later GET succeeds");
}

int main(void)
{
	fd = wire_socket();
	make_requests();
	if (put(fd, KEY, VALUE, 0, 0) || put(fd, "another", "one", KV_F_PRIVATE, 0))
		errx(125, "cannot put");
	for (int i = 0; i < 5; i++)
		lengths_of(&requests[i]);
	for (int i = 0; i < 4; i++)
		reserved_of(&requests[i]);
	contradictions();
	inner_lengths();
	cursors();
	keys();
	words();
	for (int i = 0; i < 5; i++)
		bad_memory(&requests[i]);
	good_memory();
	return done();
}
