// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libkv and replies that kvstore.ko never sends, but another module with the same command words
 * could. This program replaces getsockopt() and setsockopt().
 *
 * guest: --no-module
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <kv.h>

#include "tap.h"

static struct kv *kv;

/* The reply to the next calls */
static struct {
	const void *reply;
	int len;
	int smallest; /* a shorter buffer is ERANGE */
	int gets; /* number of calls so far, without INFO */
	_Alignas(8) unsigned char request[64]; /* the last request */
} answer;

int getsockopt(int fd, int level, int word, void *restrict buf, socklen_t *restrict len)
{
	(void)fd, (void)level;
	if (word == KV_SO_INFO) {
		memset(buf, 0, *len);
		((struct kv_info *)buf)->abi = KV_ABI;
		return 0;
	}
	if (++answer.gets > 100)
		exit(1);
	errno = *len < (socklen_t)answer.smallest ? ERANGE : 0;
	if (errno)
		return -1;
	memcpy(answer.request, buf, sizeof(answer.request));
	memcpy(buf, answer.reply, answer.len);
	*len = answer.len;
	return 0;
}

int setsockopt(int fd, int level, int word, const void *buf, socklen_t len)
{
	(void)fd, (void)level, (void)word, (void)buf, (void)len;
	errno = EOPNOTSUPP; /* libkv writes by transactions */
	return -1;
}

/* The page under construction */
static _Alignas(8) unsigned char page[KV_MSG_MAX];
static struct kv_describe *const head = (struct kv_describe *)page;
static size_t page_len;

static void begin_page(void)
{
	*head = (struct kv_describe){ .rev = 1 };
	page_len = sizeof(*head);
}

/* Add a description of @key with a value and a text of the given lengths. */
static struct kv_description *add(const char *key, size_t value_len, size_t text_len)
{
	struct kv_description *description = (void *)(page + page_len);
	size_t key_len = strlen(key);
	size_t len = (sizeof(*description) + key_len + value_len + text_len + 7) / 8 * 8;

	memset(description, 0, len);
	*description = (struct kv_description){
		.type = KV_TYPE_STRING,
		.len = len,
		.key_len = key_len,
		.value_len = value_len,
		.text_len = text_len,
	};
	memcpy(description->data, key, key_len);
	memset(description->data + key_len, 'v', value_len);
	memset(description->data + key_len + value_len, 't', text_len);
	head->count++;
	page_len += len;
	return description;
}

struct seen {
	int count;
	size_t value_len, text_len;
	char keys[100];
};

static int see(const struct kv_param *param, void *arg)
{
	struct seen *seen = arg;

	seen->count++;
	seen->value_len = strlen(param->value);
	seen->text_len = strlen(param->text);
	strcat(strcat(seen->keys, param->key), " ");
	return *param->fallback || *param->unit || *param->choices || *param->module ? -1 : 0;
}

static int describe(const char *prefix, struct seen *seen)
{
	*seen = (struct seen){ 0 };
	answer.reply = page;
	answer.len = page_len;
	answer.gets = 0;
	return kv_describe(kv, prefix, see, seen);
}

static void pages(void)
{
	struct seen seen;

	answer.smallest = 0;
	begin_page();
	ok(!describe("", &seen) && !seen.count, "a page without descriptions ends the listing");
	add("a", 3, 5);
	add("ab", 0, 0);
	ok(!describe("a", &seen) && !strcmp(seen.keys, "a ab "),
	   "all descriptions of a page are read");
	begin_page();
	add("a", KV_VALUE_MAX, 60000);
	answer.smallest = KV_MSG_MAX;
	ok(!describe("", &seen) && seen.value_len == KV_VALUE_MAX && seen.text_len == 60000 &&
		   answer.gets == 2,
	   "after ERANGE, the request is repeated with the largest buffer");
	answer.smallest = KV_MSG_MAX + 1;
	ok(describe("", &seen) == -ERANGE && answer.gets == 2,
	   "ERANGE with the largest buffer is returned");
	answer.smallest = 0;
}

/* The second page equals the first one, so that its first key is out of order. */
static void next_page(void)
{
	const struct kv_describe *request = (void *)answer.request;
	struct seen seen;

	begin_page();
	add("ab", 3, 5);
	add("abc", 3, 5);
	head->more = 1;
	ok(describe("a", &seen) == -EPROTO && answer.gets == 2 && request->name_len == 3 &&
		   request->prefix_len == 1 && request->flags == KV_DESCRIBE_AFTER &&
		   !request->rev && !request->count && !request->more &&
		   !memcmp(request->data, "abc", 4),
	   "the request for the next page has the last key");
}

/* True if the page is EPROTO without a call of the callback. */
static bool refused(const char *prefix)
{
	struct seen seen;

	return describe(prefix, &seen) == -EPROTO && !seen.count;
}

static void malformed_pages(void)
{
	struct seen seen;
	bool all = true;

	begin_page();
	add("a", 3, 5);
	for (page_len = 0; page_len < sizeof(*head) + sizeof(struct kv_description) + 16;
	     page_len++)
		all &= refused("");
	ok(all, "a page cut short at any byte is EPROTO");
	for (int i = 0; i < 7; i++) {
		begin_page();
		(&add("a", 3, 5)->key_len)[i] = UINT16_MAX;
		all &= refused("");
		begin_page();
		(&add("a", 3, 5)->key_len)[i] += 8;
		all &= refused("");
	}
	ok(all, "a length that exceeds its description is EPROTO");
	begin_page();
	add("a", 3, 5)->len--;
	all &= refused("");
	begin_page();
	add("a", 3, 5)->len += 8;
	all &= refused("");
	begin_page();
	add("a", 3, 5)->len = 0;
	ok(all && refused(""), "an invalid length of a description is EPROTO");
	begin_page();
	head->more = 1;
	ok(refused(""), "an empty page that is not the last one is EPROTO");
	begin_page();
	head->count = UINT32_MAX;
	ok(refused(""), "a count of more descriptions than the page has is EPROTO");
	begin_page();
	add("", 3, 5);
	ok(refused(""), "an empty key is EPROTO");
	begin_page();
	add("ab", 3, 5)->data[1] = '\0';
	ok(refused(""), "a key with a NUL byte is EPROTO");
	begin_page();
	add("a", 3, 5);
	ok(refused("b"), "a key without the prefix is EPROTO");
	begin_page();
	add("b", 3, 5);
	add("a", 3, 5);
	ok(describe("", &seen) == -EPROTO && seen.count == 1, "keys out of order are EPROTO");
	begin_page();
	add("a", 3, 5);
	head->more = 1;
	ok(describe("", &seen) == -EPROTO && seen.count == 1 && answer.gets == 2,
	   "a page that is sent again is EPROTO, not an endless listing");
}

/*
 * Put with the reply of a refused transaction: @count records, the first with a reason of
 * @reason bytes; the last @cut bytes of the reply are cut off.
 */
static int put_refused(uint32_t error, uint32_t count, size_t reason, size_t cut)
{
	static _Alignas(8) unsigned char reply[4096];
	struct kv_txn *txn = (void *)reply;
	struct kv_record *record = (void *)txn->data;

	memset(reply, 'r', sizeof(reply));
	*txn = (struct kv_txn){ .count = count, .error = error };
	*record = (struct kv_record){ .value_len = reason };
	answer.reply = reply;
	answer.len = sizeof(*txn) + sizeof(*record) + reason - cut;
	return kv_put(kv, "a", "1", 1, 0, 0);
}

static void reasons(void)
{
	static const struct kv_txn success;

	ok(put_refused(EDOM, 1, KV_REASON_MAX, 0) == -EDOM &&
		   strlen(kv_reason(kv)) == KV_REASON_MAX,
	   "a refused put has the reason of the reply");
	ok(put_refused(EDOM, 1, 0, 0) == -EDOM && !*kv_reason(kv), "a reason may be empty");
	ok(put_refused(EDOM, 0, 0, 16) == -EDOM && !*kv_reason(kv), "a reason may be missing");
	ok(put_refused(EDOM, 1, 20, 1) == -EPROTO && put_refused(EDOM, 1, 20, 21) == -EPROTO &&
		   !*kv_reason(kv),
	   "a reason that is cut short is EPROTO");
	ok(put_refused(EDOM, 1, KV_REASON_MAX + 1, 0) == -EPROTO && !*kv_reason(kv),
	   "a reason that is too long is EPROTO");
	ok(put_refused(ESTALE, 0, 0, 16) == -ESTALE && !*kv_reason(kv),
	   "another error has no reason");
	ok(!put_refused(0, 0, 0, 16) && !*kv_reason(kv), "a successful put has no reason");
	ok(put_refused(-1, 0, 0, 16) == -EPROTO && put_refused(EDOM, 1, 0, 17) == -EPROTO,
	   "an invalid error or length is EPROTO");
	answer.gets = 0;
	ok(put_refused(EDOM, 1, 5, 0) == -EDOM && !strcmp(kv_reason(kv), "rrrrr") &&
		   answer.gets == 1,
	   "a refused put makes one call");
	ok(kv_delete(kv, "b", KV_F_PREFIX, 0) == -EDOM && !strcmp(kv_reason(kv), "rrrrr") &&
		   answer.gets == 2,
	   "a refused prefix delete makes one call");
	answer.reply = &success;
	answer.len = sizeof(success);
	ok(!kv_delete(kv, "b", 0, 0) && !*kv_reason(kv), "a successful delete has no reason");
}

static void failed_records(void)
{
	struct kv_transaction *txn = kv_transaction_new();
	struct kv_txn reply = { .error = ESTALE, .failed = 1 };
	int failed = 7;

	kv_transaction_add(txn, KV_OP_PUT, "a", "1", 1, 0, 0);
	answer.reply = &reply;
	answer.len = sizeof(reply);
	ok(kv_transaction_commit(kv, txn, NULL, NULL, NULL, &failed) == -ESTALE && failed == -1,
	   "a failed index beyond the transaction's records is returned as -1");
	reply.failed = 0;
	ok(kv_transaction_commit(kv, txn, NULL, NULL, NULL, &failed) == -ESTALE && failed == 0,
	   "a failed index of a record is returned");
	kv_transaction_free(txn);
}

int main(void)
{
	if (kv_open(&kv))
		return 125;
	pages();
	next_page();
	malformed_pages();
	reasons();
	failed_records();
	kv_close(kv);
	return done();
}
