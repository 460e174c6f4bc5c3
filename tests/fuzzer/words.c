// SPDX-License-Identifier: GPL-2.0-or-later
/* The words, with the errors that kv_proto.h names for each */
#include "fuzz.h"

/* clang-format off */
const struct word words[] = {
	{ "PUT", KV_SO_PUT, true, 22, build_put, NULL,
	  { EPERM, EEXIST, ENOENT, ESTALE, ENOSPC, EDQUOT, EDOM, EROFS } },
	{ "DELETE", KV_SO_DELETE, true, 10, build_delete, NULL,
	  { EPERM, ENOENT, ESTALE, EDOM, EROFS } },
	{ "SEAL", KV_SO_SEAL, true, 1, build_seal, NULL, { EPERM } },
	{ "INFO", KV_SO_INFO, false, 5, build_info, check_info, { 0 } },
	{ "GET", KV_SO_GET, false, 20, build_get, check_get, { ENOENT, EPERM, ERANGE } },
	{ "LIST", KV_SO_LIST, false, 12, build_list, check_list, { ERANGE } },
	{ "TXN", KV_SO_TXN, false, 20, build_txn, check_txn, { EPERM, ERANGE, EROFS } },
	{ "WATCH", KV_SO_WATCH, false, 4, build_watch, check_watch, { ENFILE, EMFILE } },
	{ "DESCRIBE", KV_SO_DESCRIBE, false, 6, build_describe, check_describe, { ERANGE } },
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
