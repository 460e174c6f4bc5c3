// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Well-formed PUT, DELETE, GET and INFO requests
 *
 * guest:
 */
#include "tap.h"
#include "wire.h"

static int fd;

union reply {
	struct kv_record record;
	unsigned char bytes[RECORD_MAX + 64];
};

static void values(void)
{
	static const size_t lengths[] = { 0, 1, 7, 8, 127, 128, 129, 255, 256, 1023, KV_VALUE_MAX };
	unsigned char value[KV_VALUE_MAX + 1], buf[RECORD_MAX + 1];
	char key[KV_KEY_MAX + 1];
	union reply reply;
	bool passed = true;

	for (size_t i = 0; i < sizeof(value); i++)
		value[i] = i;
	memset(key, 'k', sizeof(key));
	for (int key_len = 1; key_len <= KV_KEY_MAX; key_len += 127) {
		for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
			size_t len = record_make(buf, 0, key, key_len, value, lengths[i], 0);
			int room = sizeof(reply);
			size_t head = sizeof(struct kv_record) + key_len;

			passed &= !wire_set(fd, KV_SO_PUT, buf, len);
			memset(&reply, 0xa5, sizeof(reply));
			record_make(&reply, 0, key, key_len, "", 0, 0);
			passed &= !wire_get(fd, KV_SO_GET, &reply, &room) && (size_t)room == len &&
				  reply.record.value_len == lengths[i] &&
				  reply.record.key_len == key_len && !reply.record.op &&
				  !reply.record.flags && !reply.record.reserved &&
				  !memcmp(reply.record.data, key, key_len) &&
				  !memcmp(reply.bytes + head, value, lengths[i]);
			for (size_t at = len; at < sizeof(reply); at++)
				passed &= reply.bytes[at] == 0xa5;
		}
	}
	ok(passed, "keys of 1 and 128 bytes hold values of 0 to 1024 bytes, any bytes");
	ok(wire_set(fd, KV_SO_PUT, buf, record_make(buf, 0, "key", 3, NULL, 1025, 0)) == -EMSGSIZE,
	   "a value of 1025 bytes is EMSGSIZE");
	ok(wire_set(fd, KV_SO_PUT, buf, record_make(buf, 0, key, 129, "", 0, 0)) == -ENAMETOOLONG,
	   "a key of 129 bytes is ENAMETOOLONG");
	ok(!del(fd, "k", KV_F_PREFIX, 0) && !info(fd).entries && !info(fd).bytes,
	   "after deleting them, entries and bytes are 0");
}

static void reply_room(void)
{
	static const char *const sizes[] = { "", "short", "a value that is longer than the key" };
	bool passed = true;
	union reply reply;

	for (int i = 0; i < 3; i++) {
		size_t len = sizeof(struct kv_record) + 4 + strlen(sizes[i]);

		passed &= !put(fd, "room", sizes[i], 0, 0);
		for (int room = sizeof(struct kv_record) + 4; room < (int)len; room++) {
			int got = room;
			union reply before;

			memset(&reply, 0xa5, sizeof(reply));
			record_make(&reply, 0, "room", 4, "", 0, 0);
			before = reply;
			passed &= wire_get(fd, KV_SO_GET, &reply, &got) == -ERANGE &&
				  !memcmp(&reply, &before, sizeof(reply));
		}
	}
	ok(passed, "GET into a buffer that is too small is ERANGE and writes nothing to it");
	passed = true;
	for (int room = 4; room < (int)sizeof(struct kv_info) + 32; room++) {
		unsigned char bytes[sizeof(struct kv_info) + 32];
		struct kv_info whole = info(fd);
		int len = room;
		int wanted = room < (int)sizeof(whole) ? room : (int)sizeof(whole);

		memset(bytes, 0xa5, sizeof(bytes));
		passed &= !wire_get(fd, KV_SO_INFO, bytes, &len) && len == wanted &&
			  !memcmp(bytes, &whole, wanted);
		for (size_t at = wanted; at < sizeof(bytes); at++)
			passed &= bytes[at] == 0xa5;
	}
	ok(passed, "INFO fills min(optlen, its size) bytes and no more");
	del(fd, "room", 0, 0);
}

static void information(void)
{
	struct kv_info state = info(fd);

	ok(state.size == sizeof(state) && state.abi == KV_ABI, "INFO reports its size and the ABI");
	ok(state.key_max == KV_KEY_MAX && state.value_max == KV_VALUE_MAX &&
		   state.msg_max == KV_MSG_MAX,
	   "INFO reports the limits of the protocol");
	ok(state.buckets == 4096 && state.max_entries == 65536 && state.max_bytes == 16 << 20,
	   "INFO reports the limits of the store");
	ok(!state.entries && !state.bytes && !state.rev && !state.oldest_rev,
	   "a new store is empty, at revision 0");
}

static void conditions(void)
{
	uint64_t rev;

	ok(put(fd, "a", "1", KV_F_REPLACE, 0) == -ENOENT, "PUT REPLACE of a missing key is ENOENT");
	ok(put(fd, "a", "1", KV_F_IF_REV, 0) == -ENOENT, "PUT IF_REV of a missing key is ENOENT");
	ok(!put(fd, "a", "1", KV_F_CREATE, 0), "PUT CREATE of a missing key");
	ok(put(fd, "a", "2", KV_F_CREATE, 0) == -EEXIST, "PUT CREATE of an existing key is EEXIST");
	rev = rev_of(fd, "a");
	ok(put(fd, "a", "2", KV_F_IF_REV, rev + 1) == -ESTALE &&
		   put(fd, "a", "2", KV_F_IF_REV, rev - 1) == -ESTALE,
	   "PUT IF_REV of another revision is ESTALE");
	ok(has(fd, "a", "1", 0), "a refused put does not change the value");
	ok(!put(fd, "a", "2", KV_F_IF_REV, rev) && has(fd, "a", "2", 0),
	   "PUT IF_REV of the right revision");
	ok(!put(fd, "a", "3", KV_F_REPLACE, 0) && has(fd, "a", "3", 0),
	   "PUT REPLACE of an existing key");
	rev = rev_of(fd, "a");
	ok(!put(fd, "a", "4", KV_F_REPLACE | KV_F_IF_REV, rev), "PUT REPLACE and IF_REV together");
	ok(del(fd, "a", KV_F_IF_REV, rev) == -ESTALE && has(fd, "a", "4", 0),
	   "DELETE IF_REV of another revision is ESTALE");
	ok(!del(fd, "a", KV_F_IF_REV, rev + 1), "DELETE IF_REV of the right revision");
	ok(del(fd, "a", 0, 0) == -ENOENT && del(fd, "a", KV_F_IF_REV, 1) == -ENOENT,
	   "DELETE of a missing key is ENOENT");
}

/* True if a call returned @wanted and raised the revision by @step; updates @rev. */
static bool steps(uint64_t *rev, uint64_t step, int got, int wanted)
{
	uint64_t before = *rev;

	*rev = info(fd).rev;
	return got == wanted && *rev == before + step;
}

static void revisions(void)
{
	uint64_t rev = info(fd).rev;

	ok(steps(&rev, 1, put(fd, "r", "1", 0, 0), 0) && rev_of(fd, "r") == rev &&
		   steps(&rev, 1, put(fd, "r", "1", 0, 0), 0) && rev_of(fd, "r") == rev &&
		   steps(&rev, 1, put(fd, "r2", "", KV_F_CREATE, 0), 0) &&
		   steps(&rev, 1, put(fd, "r3", "", 0, 0), 0) &&
		   steps(&rev, 1, del(fd, "r3", 0, 0), 0),
	   "each change is one revision, which becomes the key's revision");
	ok(steps(&rev, 1, del(fd, "r", KV_F_PREFIX, 0), 0) && !info(fd).entries,
	   "deleting a prefix is one revision");
	ok(steps(&rev, 0, del(fd, "r", 0, 0), -ENOENT) &&
		   steps(&rev, 0, del(fd, "r", KV_F_PREFIX, 0), -ENOENT) &&
		   steps(&rev, 0, put(fd, "r", "", KV_F_REPLACE, 0), -ENOENT) &&
		   steps(&rev, 0, put(fd, "r ", "", 0, 0), -EINVAL),
	   "a command that changes nothing does not change the revision");
	ok(steps(&rev, 1, put(fd, "r", "", 0, 0), 0) && rev_of(fd, "r") == rev &&
		   !del(fd, "r", 0, 0),
	   "a key that is created again gets a new revision");
}

static void prefixes(void)
{
	static const char *const names[] = { "net", "net.", "net.a", "net.b", "network", "ne" };
	bool passed = true;

	for (int i = 0; i < 6; i++)
		passed &= !put(fd, names[i], "x", 0, 0);
	passed &= !del(fd, "net.", KV_F_PREFIX, 0);
	ok(passed && info(fd).entries == 3 && has(fd, "net", "x", 0) &&
		   has(fd, "network", "x", 0) && has(fd, "ne", "x", 0),
	   "DELETE PREFIX deletes the keys that start with the prefix, and no other");
	ok(!del(fd, "n", KV_F_PREFIX, 0) && !info(fd).entries && !info(fd).bytes,
	   "DELETE PREFIX of a shorter prefix deletes the rest");
}

static void private_values(void)
{
	ok(!put(fd, "secret", "s", KV_F_PRIVATE, 0) && has(fd, "secret", "s", KV_F_PRIVATE),
	   "a private value reads back with its flag");
	ok(!put(fd, "secret", "s2", KV_F_PRIVATE, 0) && has(fd, "secret", "s2", KV_F_PRIVATE),
	   "a private value can be replaced by another one");
	ok(!put(fd, "secret", "open", 0, 0) && has(fd, "secret", "open", 0),
	   "a put without the flag makes the key public");
	ok(!del(fd, "secret", 0, 0), "a key that was private can be deleted");
}

int main(void)
{
	fd = wire_socket();
	information();
	values();
	reply_room();
	conditions();
	revisions();
	prefixes();
	private_values();
	return done();
}
