// SPDX-License-Identifier: GPL-2.0-or-later
/* Well-formed requests, mostly of a few frequent keys */
#include "fuzz.h"

/* The keys that demo.ko declares */
static const char *const declared[] = {
	"demo.count", "demo.offset", "demo.enabled", "demo.mode",  "demo.name",	   "demo.peer",
	"demo.peer6", "demo.low",    "demo.high",    "demo.state", "demo.commits",
};

static const char *const texts[] = {
	"1",
	"0",
	"7",
	"-5",
	"100",
	"on",
	"drop",
	"log",
	"abc",
	"::",
	"192.0.2.1",
	"::1",
	"18446744073709551616",
	"0x10",
	"no",
	"",
	"9abc",
};

static const char *const prefixes[] = { "", "k/", "k/1", "demo.", "demo.p", "nobody", "L" };

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static bool is_declared(const void *key)
{
	return !memcmp(key, "demo.", 5);
}

/* Draw a key into @to: its length; *index is its number among the frequent keys, or -1. */
static int draw_key(struct rng *rng, unsigned char *to, int *index)
{
	unsigned int way = below(rng, 100);

	*index = -1;
	if (way < 76) {
		*index = below(rng, KEYS);
		return sprintf((char *)to, "k/%d", *index);
	}
	if (way < 92)
		return sprintf((char *)to, "%s", declared[below(rng, COUNT(declared))]);
	if (way < 97) {
		memset(to, 'L', KV_KEY_MAX);
		to[KV_KEY_MAX - 1] = 'a' + below(rng, 3);
		return KV_KEY_MAX;
	}
	for (int i = 0; i < 8; i++)
		to[i] = rng_next(rng);
	return 1 + below(rng, 8);
}

static int draw_value(struct rng *rng, unsigned char *to, bool text)
{
	unsigned int way = below(rng, 100);
	int len;

	if (text)
		return sprintf((char *)to, "%s", texts[below(rng, COUNT(texts))]);
	len = way < 70 ? below(rng, 33) : way < 95 ? below(rng, 256) : KV_VALUE_MAX;
	memset(to, 'a' + below(rng, 26), len);
	if (len)
		to[0] = rng_next(rng);
	return len;
}

/* Draw a record with a key and, sometimes, flags out of @allowed. */
static struct kv_record *draw_record(struct worker *worker, unsigned char *at, int *index,
				     unsigned int allowed)
{
	static const unsigned char conditions[] = { KV_F_CREATE, KV_F_REPLACE,
						    KV_F_IF_REV, KV_F_PRIVATE,
						    KV_F_PREFIX, KV_F_REPLACE | KV_F_IF_REV };
	struct kv_record *record = (void *)at;
	struct rng *rng = &worker->rng;

	*record = (struct kv_record){ .key_len = draw_key(rng, record->data, index) };
	if (percent(rng, 40))
		record->flags = conditions[below(rng, COUNT(conditions))] & allowed;
	if (record->flags & KV_F_IF_REV)
		record->rev = *index >= 0 ? worker->revs[*index] : below(rng, 100);
	return record;
}

static int record_len(const struct kv_record *record)
{
	return sizeof(*record) + record->key_len + record->value_len;
}

void build_put(struct worker *worker, struct request *request)
{
	struct kv_record *record =
		draw_record(worker, request->data, &request->key,
			    KV_F_CREATE | KV_F_REPLACE | KV_F_IF_REV | KV_F_PRIVATE);

	record->value_len =
		draw_value(&worker->rng, record->data + record->key_len, is_declared(record->data));
	request->len = request->optlen = record_len(record);
}

void build_delete(struct worker *worker, struct request *request)
{
	struct kv_record *record =
		draw_record(worker, request->data, &request->key, KV_F_IF_REV | KV_F_PREFIX);

	if (record->flags & KV_F_PREFIX)
		record->key_len = 1 + below(&worker->rng, record->key_len);
	request->len = request->optlen = record_len(record);
}

void build_seal(struct worker *worker, struct request *request)
{
	(void)worker;
	memset(request->data, 0, sizeof(struct kv_record));
	request->len = request->optlen = sizeof(struct kv_record);
}

/* Draw an optlen: mostly enough for the reply, sometimes the maximum. */
static int draw_room(struct rng *rng, int least)
{
	unsigned int way = below(rng, 100);

	if (way < 5)
		return KV_MSG_MAX;
	if (way < 20)
		return least + below(rng, 64);
	return least + RECORD_MAX + below(rng, 4096);
}

void build_info(struct worker *worker, struct request *request)
{
	request->len = 0;
	request->optlen = percent(&worker->rng, 50) ? (int)sizeof(struct kv_info) :
						      4 + (int)below(&worker->rng, 100);
}

void build_get(struct worker *worker, struct request *request)
{
	struct kv_record *record = draw_record(worker, request->data, &request->key, 0);

	record->rev = 0;
	request->len = record_len(record);
	request->optlen = draw_room(&worker->rng, request->len);
}

/* Draw a prefix into @to: its length. */
static int draw_prefix(struct rng *rng, unsigned char *to)
{
	int index;

	if (percent(rng, 10))
		return draw_key(rng, to, &index);
	return sprintf((char *)to, "%s", prefixes[below(rng, COUNT(prefixes))]);
}

void build_list(struct worker *worker, struct request *request)
{
	struct kv_list *list = (void *)request->data;
	unsigned int way = below(&worker->rng, 100);

	*list = (struct kv_list){ .prefix_len = draw_prefix(&worker->rng, list->data) };
	if (way < 45)
		memcpy(list->cursor, worker->cursors[way % 4], sizeof(list->cursor));
	else if (way < 50)
		list->cursor[way % 2] = rng_next(&worker->rng) >> below(&worker->rng, 64);
	request->len = sizeof(*list) + list->prefix_len;
	request->optlen = draw_room(&worker->rng, request->len);
}

/* Operations and the flags that each accepts; one with two rows is drawn twice as often */
static const struct {
	unsigned char op, flags;
} ops[] = {
	{ KV_OP_GET, 0 },
	{ KV_OP_GET, 0 },
	{ KV_OP_PUT, KV_F_CREATE | KV_F_REPLACE | KV_F_IF_REV | KV_F_PRIVATE },
	{ KV_OP_PUT, KV_F_PRIVATE },
	{ KV_OP_DELETE, KV_F_IF_REV | KV_F_PREFIX },
	{ KV_OP_CHECK, KV_F_CREATE | KV_F_REPLACE | KV_F_IF_REV },
};

/* Build one record of a transaction: its length with padding. */
static int build_op(struct worker *worker, unsigned char *at)
{
	unsigned int i = below(&worker->rng, COUNT(ops));
	struct kv_record *record;
	int index, len;

	record = draw_record(worker, at, &index, ops[i].flags);
	record->op = ops[i].op;
	if (record->op == KV_OP_CHECK && !record->flags)
		record->flags = percent(&worker->rng, 70) ? KV_F_REPLACE : KV_F_CREATE;
	if (record->op == KV_OP_PUT)
		record->value_len = draw_value(&worker->rng, record->data + record->key_len,
					       is_declared(record->data));
	len = padded(record);
	memset(at + record_len(record), 0, len - record_len(record));
	return len;
}

void build_txn(struct worker *worker, struct request *request)
{
	struct kv_txn *txn = (void *)request->data;
	bool many = percent(&worker->rng, 3);

	*txn = (struct kv_txn){ .count = 1 + below(&worker->rng, many ? 200 : 4) };
	request->len = sizeof(*txn);
	for (unsigned int i = 0; i < txn->count; i++) {
		if (request->len + RECORD_MAX + 8 > KV_MSG_MAX) {
			txn->count = i;
			break;
		}
		request->len += build_op(worker, request->data + request->len);
	}
	request->optlen = draw_room(&worker->rng, request->len);
	if (request->optlen > KV_MSG_MAX)
		request->optlen = KV_MSG_MAX;
}

void build_watch(struct worker *worker, struct request *request)
{
	struct kv_watch *watch = (void *)request->data;

	*watch = (struct kv_watch){ .prefix_len = draw_prefix(&worker->rng, watch->data) };
	watch->fd = -1;
	watch->rev = percent(&worker->rng, 50) ? worker->revs[below(&worker->rng, KEYS)] :
						 below(&worker->rng, 200);
	request->len = sizeof(*watch) + watch->prefix_len;
	request->optlen = request->len + below(&worker->rng, 64);
}

void build_describe(struct worker *worker, struct request *request)
{
	struct kv_describe *describe = (void *)request->data;

	*describe = (struct kv_describe){ .name_len = draw_prefix(&worker->rng, describe->data) };
	describe->prefix_len = percent(&worker->rng, 60) ?
				       describe->name_len :
				       below(&worker->rng, describe->name_len + 1);
	describe->flags = percent(&worker->rng, 30) ? KV_DESCRIBE_AFTER : 0;
	request->len = sizeof(*describe) + describe->name_len;
	request->optlen = draw_room(&worker->rng, request->len);
}
