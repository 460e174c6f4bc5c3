// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The limits hold, and what they refuse changes nothing. Expects the module
 * with buckets=1 max_entries=8 max_bytes=300.
 */
#include "tap.h"
#include "wire.h"

int main(void)
{
	char value[301], key[8];
	int fd = wire_socket();
	bool passed = true;
	uint64_t before;

	memset(value, 'v', sizeof(value));
	for (int i = 0; i < 8; i++) {
		snprintf(key, sizeof(key), "key%d", i);
		passed &= !put(fd, key, "0123456789", 0, 0);
	}
	ok(passed && info(fd).entries == 8 && info(fd).bytes == 8 * 14 && info(fd).buckets == 1,
	   "the store takes max_entries keys, all in one bucket");
	before = fingerprint(fd);
	ok(put(fd, "key8", "", 0, 0) == -ENOSPC && fingerprint(fd) == before,
	   "one key more is ENOSPC and changes nothing");
	ok(!put(fd, "key3", "x", 0, 0) && has(fd, "key3", "x", 0),
	   "a full store still takes new values");
	ok(!delete (fd, "key3", 0, 0) && !put(fd, "key8", "0123456789", 0, 0),
	   "a full store recovers after a delete");

	value[300 - 7 * 14 - 4] = '\0';
	ok(!put(fd, "key0", value, 0, 0) && info(fd).bytes == 300,
	   "the store takes max_bytes bytes");
	before = fingerprint(fd);
	ok(put(fd, "key1", "0123456789a", 0, 0) == -EDQUOT && fingerprint(fd) == before,
	   "one byte more is EDQUOT and changes nothing");
	ok(put(fd, "key9", "", 0, 0) == -ENOSPC && fingerprint(fd) == before,
	   "a store full both ways is ENOSPC for a new key");
	ok(!put(fd, "key0", "", 0, 0) && !put(fd, "key1", "0123456789a", 0, 0),
	   "a store full of bytes recovers after a shorter put");
	ok(!delete (fd, "key", KV_F_PREFIX, 0) && !info(fd).entries && !info(fd).bytes,
	   "deleting all gives all back");
	return done();
}
