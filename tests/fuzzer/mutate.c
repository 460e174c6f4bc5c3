// SPDX-License-Identifier: GPL-2.0-or-later
/* Mutations of well-formed requests: wrong lengths, flags, reserved fields and words */
#include "fuzz.h"

static const uint64_t odd[] = { 0,	    1,	       7,	  8,	   127,	      128,
				129,	    255,       1023,	  1024,	   1025,      0x7fff,
				0x8000,	    0xffff,    0x10000,	  0x10001, INT32_MAX, 1ULL << 31,
				UINT32_MAX, INT64_MAX, UINT64_MAX };

static uint64_t draw_odd(struct rng *rng)
{
	return percent(rng, 70) ? odd[below(rng, sizeof(odd) / sizeof(*odd))] : rng_next(rng);
}

/* Draw an offset, mostly within the header. */
static int draw_offset(struct rng *rng, const struct request *request)
{
	int len = request->len ? request->len : 1;

	return below(rng, percent(rng, 80) && len > 40 ? 40 : len);
}

static void flip_bit(struct rng *rng, struct request *request)
{
	request->data[draw_offset(rng, request)] ^= 1 << below(rng, 8);
}

/* Set a field of 1, 2, 4 or 8 bytes to a number of odd[], or change it by a little. */
static void set_field(struct rng *rng, struct request *request)
{
	int size = 1 << below(rng, 4);
	int at = draw_offset(rng, request) / size * size;
	uint64_t number = draw_odd(rng), was = 0;

	if (percent(rng, 40)) {
		memcpy(&was, request->data + at, size);
		number = was + below(rng, 17) - 8;
	}
	memcpy(request->data + at, &number, size);
}

static void set_optlen(struct rng *rng, struct request *request)
{
	request->optlen = draw_odd(rng);
}

static void nudge_optlen(struct rng *rng, struct request *request)
{
	request->optlen = request->len + (int)below(rng, 33) - 16;
}

static void negate_optlen(struct rng *rng, struct request *request)
{
	(void)rng;
	request->optlen = -request->optlen;
}

/* Send another word: any of the range, one next to the range, or another command. */
static void set_word(struct rng *rng, struct request *request)
{
	switch (below(rng, 4)) {
	case 0:
		request->word = KV_SO_BASE + below(rng, KV_SO_WORDS);
		break;
	case 1:
		request->word = KV_SO_BASE + (percent(rng, 50) ? -1 - (int)below(rng, 8) :
								 KV_SO_WORDS + (int)below(rng, 8));
		break;
	case 2:
		request->set = !request->set;
		break;
	default:
		request->word = words[below(rng, words_count)].word;
		request->set = word_find(request->word, true) != NULL;
	}
}

static void scramble(struct rng *rng, struct request *request)
{
	for (int i = below(rng, 16); i; i--)
		request->data[draw_offset(rng, request)] = rng_next(rng);
}

/* Insert bytes, which moves all later fields. */
static void shift(struct rng *rng, struct request *request)
{
	int at = draw_offset(rng, request), by = 1 + below(rng, 16);

	memmove(request->data + at + by, request->data + at, request->len - at);
	request->len += by;
}

void mutate(struct rng *rng, struct request *request)
{
	static void (*const ways[])(struct rng *, struct request *) = {
		flip_bit,     flip_bit,	     set_field, set_field, set_optlen,
		nudge_optlen, negate_optlen, set_word,	scramble,  shift,
	};
	int times = percent(rng, 80) ? 1 : 1 + below(rng, 4);

	request->plain = false;
	if (!request->len) /* INFO has no request */
		memset(request->data, 0, 8);
	while (times--)
		ways[below(rng, sizeof(ways) / sizeof(*ways))](rng, request);
}
