// SPDX-License-Identifier: GPL-2.0-or-later
/* A pseudo-random generator: splitmix64 */
#include "fuzz.h"

uint64_t rng_next(struct rng *rng)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* Combine two numbers into a seed. */
uint64_t rng_mix(uint64_t a, uint64_t b)
{
	struct rng rng = { a };

	rng.state = rng_next(&rng) + b;
	return rng_next(&rng);
}

unsigned int below(struct rng *rng, unsigned int n)
{
	return n ? rng_next(rng) % n : 0;
}

bool percent(struct rng *rng, unsigned int chance)
{
	return below(rng, 100) < chance;
}
