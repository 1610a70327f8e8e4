/* SPDX-License-Identifier: MIT */
/* placeholder_share: count in one atomic word, the second in which the minute began and the names since. */
#include "core/names/placeholder_share.h"

static _Atomic uint64_t minute;

static uint32_t count_of(uint64_t word, uint32_t now)
{
	return now - (uint32_t)(word >> 32) < PLACEHOLDER_FRESH_SECONDS ? (uint32_t)word : 0;
}

bool placeholder_share_take(const struct placeholder_file *t, uint32_t capacity, uint32_t now)
{
	uint64_t word = minute, next;

	do {
		const uint32_t count = count_of(word, now);
		if (count >= capacity / PLACEHOLDER_SHARE && count >= placeholder_store_spare(t, capacity, now))
			return false;
		next = (count ? word : (uint64_t)now << 32) + 1;
	} while (!atomic_compare_exchange_weak(&minute, &word, next));
	return true;
}
