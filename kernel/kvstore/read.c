// SPDX-License-Identifier: GPL-2.0-only
/* Reading a key that a module may have declared to be read-only */
#include "read.h"

/* kv_read() of such a key. The module's code runs as it was promised: preemption is not off. */
noinline int kv_read_shown(const struct kv_store *store, const u8 *key, unsigned int len, void *buf,
			   unsigned int size, struct kv_record *found)
{
	struct kv_value value = { .buf = buf, .size = size };
	const struct kv_entry *entry;
	int err;

	err = kv_slot_show(store, key, len, &value);
	if (err != -ENOENT) {
		*found = (struct kv_record){
			.flags = KV_F_DECLARED,
			.key_len = len,
			.value_len = value.len,
		};
		return err;
	}
	rcu_read_lock();
	entry = kv_store_find(store, key, len);
	if (entry)
		err = kv_read_entry(entry, buf, size, found);
	rcu_read_unlock();
	return err;
}
