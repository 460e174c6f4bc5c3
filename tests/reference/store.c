// SPDX-License-Identifier: GPL-2.0-or-later
/* The model: an array of keys and an array of the last changes; commands work on a copy */
#include <errno.h>
#include <string.h>

#include "store.h"
#include "wire.h"

#define CONDITIONS (KV_F_CREATE | KV_F_REPLACE | KV_F_IF_REV)

/* Flags that each op accepts in a transaction; KV_SO_DELETE also accepts KV_F_PREFIX. */
static const uint8_t flags_of[] = {
	[KV_OP_PUT] = CONDITIONS | KV_F_PRIVATE,
	[KV_OP_DELETE] = KV_F_IF_REV,
	[KV_OP_CHECK] = CONDITIONS,
};

/* The rev field of an operation's record @part */
uint64_t store_expected_rev(const struct store *store, const struct operation *operation,
			    unsigned int part)
{
	const struct part *of = &operation->parts[part];
	const struct entry *entry = &store->state.entries[of->key];
	uint64_t rev = entry->there ? entry->rev : store->rev;

	if (!(of->flags & KV_F_IF_REV))
		return 0;
	for (unsigned int i = 0; i < part; i++)
		if (operation->parts[i].op == KV_OP_PUT && operation->parts[i].key == of->key)
			rev = store->rev + 1;
	return rev + of->rev;
}

/* Write the record of a key as a reply has it: its length, a multiple of 8. */
size_t record_of(void *to, enum kv_op op, unsigned int key, const struct entry *entry, bool shows)
{
	size_t value_len = entry->flags & KV_F_PRIVATE && !shows ? 0 : entry->value_len;
	size_t key_len = strlen(key_name(key));
	struct kv_record *record = to;
	char value[VALUE_MOST];

	value_fill(value, entry->value, value_len);
	memset(to, 0, (sizeof(*record) + key_len + value_len + 7) / 8 * 8);
	record_make(to, entry->flags, key_name(key), key_len, value, value_len, entry->rev);
	if (entry->flags & KV_F_PRIVATE && !shows)
		record->flags |= KV_F_WITHHELD;
	record->op = op;
	return padded(record);
}

static int malformed(const struct part *part, unsigned int flags)
{
	if (part->value_len > KV_VALUE_MAX)
		return -EMSGSIZE;
	if (part->flags & ~flags)
		return -EINVAL;
	if (part->flags & KV_F_CREATE && part->flags & (KV_F_REPLACE | KV_F_IF_REV))
		return -EINVAL;
	if (part->flags & KV_F_PREFIX && part->flags & KV_F_IF_REV)
		return -EINVAL;
	return 0;
}

static int condition(const struct entry *entry, const struct part *part, uint64_t rev)
{
	if (!entry->there)
		return part->op == KV_OP_DELETE || part->flags & (KV_F_REPLACE | KV_F_IF_REV) ?
			       -ENOENT :
			       0;
	if (part->flags & KV_F_CREATE)
		return -EEXIST;
	return part->flags & KV_F_IF_REV && entry->rev != rev ? -ESTALE : 0;
}

static void drop(struct state *state, unsigned int key)
{
	state->count--;
	state->bytes -= strlen(key_name(key)) + state->entries[key].value_len;
	state->entries[key] = (struct entry){ 0 };
}

/* Apply a record to @state, which the caller discards on an error. */
static int apply(const struct store *store, struct state *state, const struct part *part,
		 uint64_t rev)
{
	struct entry *entry = &state->entries[part->key];
	int error = condition(entry, part, rev);

	if (error || part->op == KV_OP_CHECK)
		return error;
	if (entry->there)
		drop(state, part->key);
	if (part->op == KV_OP_DELETE)
		return 0;
	*entry = (struct entry){
		.there = true,
		.flags = part->flags & KV_F_PRIVATE,
		.value = part->value,
		.value_len = part->value_len,
		.rev = store->rev + 1,
	};
	state->count++;
	state->bytes += strlen(key_name(part->key)) + part->value_len;
	if (state->count > store->limits.max_entries)
		return -ENOSPC;
	return state->bytes > store->limits.max_bytes ? -EDQUOT : 0;
}

/* Make @state the store's; raise the revision by one if it changes anything. */
static void commit(struct store *store, const struct state *state)
{
	bool changed = false;

	for (unsigned int key = 0; key < KEYS; key++) {
		bool was = store->state.entries[key].there, is = state->entries[key].there;

		if (is && state->entries[key].rev == store->rev + 1)
			store->unlogged[key] = KV_OP_PUT;
		else if (was && !is)
			store->unlogged[key] = KV_OP_DELETE;
		changed |= store->unlogged[key];
	}
	store->state = *state;
	store->rev += changed;
}

static int drop_prefix(struct state *state, unsigned int prefix)
{
	bool found = false;

	for (unsigned int key = 0; key < KEYS; key++) {
		if (!state->entries[key].there || !key_starts_with(key, prefix))
			continue;
		drop(state, key);
		found = true;
	}
	return found ? 0 : -ENOENT;
}

int store_set(struct store *store, const struct operation *operation)
{
	const struct part *part = operation->parts;
	bool puts = operation->kind == PUT;
	struct state state = store->state;
	int error;

	if (operation->nobody)
		return -EPERM;
	if (operation->kind == SEAL) {
		store->sealed = true;
		return 0;
	}
	error = malformed(part, flags_of[part->op] | (puts ? 0 : KV_F_PREFIX));
	if (!error && puts && part->key == BAD_KEY)
		error = -EINVAL;
	if (!error && store->sealed)
		error = -EROFS;
	if (!error)
		error = part->flags & KV_F_PREFIX ?
				drop_prefix(&state, part->key) :
				apply(store, &state, part, store_expected_rev(store, operation, 0));
	if (!error)
		commit(store, &state);
	return error;
}

int store_get(const struct store *store, const struct operation *operation, void *reply)
{
	const struct part *part = operation->parts;
	const struct entry *entry = &store->state.entries[part->key];
	size_t asked = sizeof(struct kv_record) + strlen(key_name(part->key));

	if (!entry->there)
		return -ENOENT;
	if (entry->flags & KV_F_PRIVATE && operation->nobody)
		return -EPERM;
	if (entry->value_len > operation->room)
		return -ERANGE;
	record_of(reply, KV_OP_NONE, part->key, entry, true);
	return asked + entry->value_len;
}

/* Errors of a transaction that are found before its first record is applied */
static int refuse(const struct store *store, const struct operation *operation)
{
	bool writes = false, bad = false;

	for (unsigned int i = 0; i < operation->count; i++) {
		const struct part *part = &operation->parts[i];
		int error = malformed(part, flags_of[part->op]);

		if (!error && part->op == KV_OP_CHECK && !(part->flags & CONDITIONS))
			error = -EINVAL;
		if (error)
			return error;
		writes |= part->op == KV_OP_PUT || part->op == KV_OP_DELETE;
		bad |= part->op == KV_OP_PUT && part->key == BAD_KEY;
	}
	if (writes && operation->nobody)
		return -EPERM;
	if (bad)
		return -EINVAL;
	return writes && store->sealed ? -EROFS : 0;
}

/* Apply one record of a transaction; *len is the length of the reply. */
static int step(const struct store *store, struct state *state, const struct operation *operation,
		unsigned int i, size_t size, void *reply, size_t *len)
{
	const struct part *part = &operation->parts[i];
	const struct entry *entry = &state->entries[part->key];
	char record[RECORD_MAX + 8];
	size_t more;

	if (part->op != KV_OP_GET)
		return apply(store, state, part, store_expected_rev(store, operation, i));
	if (entry->flags & KV_F_PRIVATE && operation->nobody)
		return -EPERM;
	more = record_of(record, KV_OP_GET, part->key, entry, true);
	if (*len + more > size)
		return -ERANGE;
	memcpy((char *)reply + *len, record, more);
	*len += more;
	return 0;
}

int store_transaction(struct store *store, const struct operation *operation, size_t size,
		      void *reply)
{
	struct kv_txn *head = reply;
	struct state state = store->state;
	size_t len = sizeof(*head);
	int error = refuse(store, operation);
	unsigned int i;

	if (error)
		return error;
	*head = (struct kv_txn){ 0 };
	for (i = 0; i < operation->count && !error; i++) {
		error = step(store, &state, operation, i, size, reply, &len);
		head->count += operation->parts[i].op == KV_OP_GET;
	}
	if (error == -ERANGE)
		return error;
	if (error) {
		*head = (struct kv_txn){ .error = -error, .failed = i - 1 };
		len = sizeof(*head);
	} else {
		commit(store, &state);
	}
	head->rev = store->rev;
	return len;
}

struct kv_info store_info(const struct store *store)
{
	struct kv_info info = store->limits;

	info.entries = store->state.count;
	info.bytes = store->state.bytes;
	info.rev = store->rev;
	info.oldest_rev = store->compacted;
	info.flags = store->sealed ? KV_INFO_SEALED : 0;
	info.watches = 0;
	for (int i = 0; i <= WATCHES; i++)
		info.watches += store->watches[i].open;
	return info;
}

/* Watching */

static uint64_t oldest(const struct store *store)
{
	return store->next > store->log_entries ? store->next - store->log_entries : 0;
}

bool store_log(struct store *store, unsigned int key, struct event *event)
{
	struct event *to = &store->log[store->next % store->log_entries];

	if (!store->unlogged[key])
		return false;
	if (store->next >= store->log_entries)
		store->compacted = to->rev;
	*to = (struct event){
		.op = store->unlogged[key],
		.key = key,
		.entry = store->state.entries[key],
		.rev = store->rev,
	};
	to->entry.rev = store->rev;
	store->unlogged[key] = 0;
	store->next++;
	*event = *to;
	return true;
}

int store_watch(struct store *store, const struct operation *operation)
{
	struct watch *watch = &store->watches[operation->slot];
	uint64_t rev = store->rev - operation->back;

	watch->open = false;
	if (store_info(store).watches >= store->max_watches / (operation->nobody ? 2 : 1))
		return -ENFILE;
	*watch = (struct watch){
		.open = true,
		.shows_private = !operation->nobody,
		.behind = rev < store->compacted || rev > store->rev,
		.prefix = operation->parts[0].key,
		.next = oldest(store),
	};
	while (watch->next < store->next && store->log[watch->next % store->log_entries].rev <= rev)
		watch->next++;
	return 0;
}

/* The next event for the watch, or NULL. */
static const struct event *waiting(const struct store *store, struct watch *watch)
{
	for (; watch->next < store->next; watch->next++) {
		const struct event *event = &store->log[watch->next % store->log_entries];

		if (key_starts_with(event->key, watch->prefix))
			return event;
	}
	return NULL;
}

static bool falls_behind(const struct store *store, struct watch *watch)
{
	watch->behind |= watch->next < oldest(store);
	return watch->behind;
}

bool store_poll(struct store *store, unsigned int slot)
{
	struct watch *watch = &store->watches[slot];

	return falls_behind(store, watch) || waiting(store, watch);
}

int store_read(struct store *store, const struct operation *operation, void *reply)
{
	struct watch *watch = &store->watches[operation->slot];
	bool shows = watch->shows_private && !operation->nobody;
	struct kv_record compacted = { .op = KV_OP_COMPACTED, .rev = store->rev };
	const struct event *event;
	char record[RECORD_MAX + 8];
	size_t len = 0, more;

	if (operation->room < sizeof(compacted))
		return -EINVAL;
	if (falls_behind(store, watch)) {
		memcpy(reply, &compacted, sizeof(compacted));
		watch->behind = false;
		watch->next = store->next;
		return sizeof(compacted);
	}
	while ((event = waiting(store, watch))) {
		more = record_of(record, event->op, event->key, &event->entry, shows);
		if (len + more > operation->room)
			return len ? (int)len : -EINVAL;
		memcpy((char *)reply + len, record, more);
		len += more;
		watch->next++;
	}
	return len ? (int)len : -EAGAIN;
}
