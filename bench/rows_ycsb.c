// SPDX-License-Identifier: GPL-2.0-or-later
/* YCSB workloads A, B and C: the same prepared requests to kvstore, a BPF map and Redis */
#include <math.h>

#include <wire.h>

#include "bpf.h"
#include "redis.h"

#define KEYS 1000
#define KEY_LEN 32
#define VALUE_LEN 64
#define THETA 0.99 /* Zipf distribution: the n-th key is used n^-THETA times as often as the 1st */
#define STEP 7919 /* a prime: spreads hot keys over all keys, and updates over all requests */
#define REQUESTS 4000

/**
 * struct store - the store that gets the requests
 * @open: create an empty store
 * @add: prepare the requests for the @n-th key
 * @get: get the value of the @n-th key; returns false with errno if it fails
 * @put: put a value under the @n-th key; returns false with errno if it fails
 * @close: remove the store
 */
struct store {
	void (*open)(const struct row *row);
	void (*add)(const struct row *row, unsigned int n);
	bool (*get)(unsigned int n);
	bool (*put)(unsigned int n);
	void (*close)(void);
};

static const struct store *store;
static struct {
	unsigned int key;
	bool update;
} requests[REQUESTS];
static unsigned int next;

/* Prepare the requests. A mix has the same for each store. Exactly row->reads of 100 are reads. */
static void draw(const struct row *row)
{
	double sum[KEYS + 1] = { 0 };

	for (unsigned int n = 0; n < KEYS; n++)
		sum[n + 1] = sum[n] + pow(n + 1, -THETA);
	srand48(1);
	for (unsigned int i = 0; i < REQUESTS; i++) {
		double at = drand48() * sum[KEYS];
		unsigned int n = 0;

		while (sum[n + 1] <= at)
			n++;
		requests[i].key = n * STEP % KEYS;
		requests[i].update = i * STEP % 100 >= row->reads;
	}
}

static void fill(const struct row *row, const struct store *with)
{
	store = with;
	draw(row);
	store->open(row);
	for (unsigned int n = 0; n < KEYS; n++) {
		store->add(row, n);
		if (!store->put(n))
			err(1, "%s", row->name);
	}
}

static void start_over(const struct row *row)
{
	next = 0;
}

static bool request(void)
{
	unsigned int i = next;

	next = i + 1 < REQUESTS ? i + 1 : 0;
	return (requests[i].update ? store->put : store->get)(requests[i].key);
}

static void teardown(const struct row *row)
{
	store->close();
}

/* kvstore */

static int fd;
static struct record {
	struct kv_record head;
	char key[KEY_LEN], value[VALUE_LEN];
} kvstore_gets[KEYS], kvstore_puts[KEYS];

static void kvstore_open(const struct row *row)
{
	fd = wire_socket();
}

static void kvstore_add(const struct row *row, unsigned int n)
{
	const char *key = key_of(row, n);

	record_make(&kvstore_gets[n], 0, key, KEY_LEN, NULL, 0, 0);
	record_make(&kvstore_puts[n], 0, key, KEY_LEN, NULL, VALUE_LEN, 0);
}

/* The reply overwrites the request, so its head is written again for each call. */
static bool kvstore_get(unsigned int n)
{
	struct record *record = &kvstore_gets[n];
	int len = sizeof(*record);

	record->head.flags = 0;
	record->head.value_len = 0;
	record->head.rev = 0;
	return !wire_get(fd, KV_SO_GET, record, &len);
}

static bool kvstore_put(unsigned int n)
{
	return !wire_set(fd, KV_SO_PUT, &kvstore_puts[n], sizeof(kvstore_puts[n]));
}

static void kvstore_close(void)
{
	del(fd, "k", KV_F_PREFIX, 0);
	close(fd);
}

static void kvstore_setup(const struct row *row)
{
	static const struct store kvstore = {
		kvstore_open, kvstore_add, kvstore_get, kvstore_put, kvstore_close,
	};

	fill(row, &kvstore);
}

/* A BPF hash map */

static int map;
static union bpf_attr attr;
static char bpf_keys[KEYS][KEY_LEN], bpf_value[VALUE_LEN], bpf_found[VALUE_LEN];

static void bpf_open(const struct row *row)
{
	map = bpf_map(row, 0);
	bpf_element(&attr, map, NULL, NULL);
	memset(bpf_value, 'v', sizeof(bpf_value));
}

static void bpf_add(const struct row *row, unsigned int n)
{
	memcpy(bpf_keys[n], key_of(row, n), KEY_LEN);
}

static bool bpf_get(unsigned int n)
{
	attr.key = (uintptr_t)bpf_keys[n];
	attr.value = (uintptr_t)bpf_found;
	return bpf_lookup(&attr);
}

static bool bpf_put(unsigned int n)
{
	attr.key = (uintptr_t)bpf_keys[n];
	attr.value = (uintptr_t)bpf_value;
	return bpf_update(&attr);
}

static void bpf_close(void)
{
	close(map);
}

static void bpf_setup(const struct row *row)
{
	static const struct store bpf = { bpf_open, bpf_add, bpf_get, bpf_put, bpf_close };

	fill(row, &bpf);
}

/* Redis */

static struct exchange redis_gets[KEYS], redis_sets[KEYS];

static void redis_open(const struct row *row)
{
	redis_start();
}

static void redis_add(const struct row *row, unsigned int n)
{
	char value[VALUE_LEN + 1] = "";

	memset(value, 'v', VALUE_LEN);
	redis_gets[n] = redis_get(key_of(row, n), value);
	redis_sets[n] = redis_set(key_of(row, n), value);
}

static bool redis_get_key(unsigned int n)
{
	return server_exchange(&redis_gets[n]);
}

static bool redis_put_key(unsigned int n)
{
	return server_exchange(&redis_sets[n]);
}

static void redis_close(void)
{
	server_stop();
	for (unsigned int n = 0; n < KEYS; n++) {
		exchange_free(&redis_gets[n]);
		exchange_free(&redis_sets[n]);
	}
}

static void redis_setup(const struct row *row)
{
	static const struct store redis = {
		redis_open, redis_add, redis_get_key, redis_put_key, redis_close,
	};

	fill(row, &redis);
}

/* clang-format off */
#define ROW(_mix, _reads, _store, _passes, ...) { .name = "ycsb " _mix " " #_store, .reads = (_reads), \
	.key_len = KEY_LEN, .value_len = VALUE_LEN, .calls = (_passes) * REQUESTS, \
	.setup = _store##_setup, .prepare = start_over, .call = request, .teardown = teardown, \
	__VA_ARGS__ }
/* A block is whole passes over the requests; with puts, about as long as in rows_kvstore.c. */
#define MIX(_mix, _reads, _passes) ROW(_mix, _reads, kvstore, _passes), \
	ROW(_mix, _reads, bpf, 2), ROW(_mix, _reads, redis, 1, .guest = true)

const struct row ycsb_rows[] = {
	MIX("A", 50, 20),
	MIX("B", 95, 20),
	MIX("C", 100, 2),
	{ 0 },
};
/* clang-format on */
