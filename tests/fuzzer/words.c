// SPDX-License-Identifier: GPL-2.0-or-later
/* The command words and the errnos that kv_proto.h documents for each */
#include "fuzz.h"

/* clang-format off */
const struct word words[] = {
	{ "PUT", KV_SO_PUT, true, 22, sizeof(struct kv_record),
	  build_put, put_faults, NULL, { EPERM, EEXIST, ENOENT, ESTALE, ENOSPC, EDQUOT, EDOM, EROFS } },
	{ "DELETE", KV_SO_DELETE, true, 10, sizeof(struct kv_record),
	  build_delete, delete_faults, NULL, { EPERM, ENOENT, ESTALE, EDOM, EROFS } },
	{ "SEAL", KV_SO_SEAL, true, 1, sizeof(struct kv_record),
	  build_seal, seal_faults, NULL, { EPERM } },
	{ "INFO", KV_SO_INFO, false, 5, 4,
	  build_info, no_faults, check_info, { 0 } },
	{ "GET", KV_SO_GET, false, 20, sizeof(struct kv_record),
	  build_get, get_faults, check_get, { ENOENT, EPERM, ERANGE } },
	{ "LIST", KV_SO_LIST, false, 12, sizeof(struct kv_list),
	  build_list, list_faults, check_list, { ERANGE } },
	{ "TXN", KV_SO_TXN, false, 20, sizeof(struct kv_txn),
	  build_txn, txn_faults, check_txn, { EPERM, ERANGE, EROFS } },
	{ "WATCH", KV_SO_WATCH, false, 4, sizeof(struct kv_watch),
	  build_watch, watch_faults, check_watch, { ENFILE, EMFILE } },
	{ "DESCRIBE", KV_SO_DESCRIBE, false, 6, sizeof(struct kv_describe),
	  build_describe, describe_faults, check_describe, { ERANGE } },
};
/* clang-format on */
const unsigned int words_count = sizeof(words) / sizeof(*words);

_Static_assert(sizeof(words) / sizeof(*words) + 1 == WORD_ROWS, "a row for each word");

const struct word *word_find(int word, bool set)
{
	for (unsigned int i = 0; i < words_count; i++) {
		if (words[i].word == word && words[i].set == set)
			return &words[i];
	}
	return NULL;
}

const struct word *word_draw(struct rng *rng)
{
	unsigned int at = below(rng, 100), i = 0;

	while (i < words_count - 1 && at >= words[i].weight)
		at -= words[i++].weight;
	return &words[i];
}
