/* SPDX-License-Identifier: MIT */
/* placeholder_store: put names into the table that all processes share, and find them again, without a lock.
 *
 * An entry's mark is one atomic word: the hash of its name, the second in which it was last used, and whether the name is all there. Handing
 * an entry out sets its second, forgetting it replaces its mark, both by compare-and-swap. So when one process looks up a name while
 * another recycles its entry, exactly one compare-and-swap succeeds, and the loser knows. What was read is believed only if it has the mark's
 * hash; a writer that was stopped for a minute, and goes on in an entry that is another's by then, can spoil that name, not change it.
 *
 * A writer may be killed anywhere. It leaves behind, at worst, an entry that is not all there (taken again after a minute, when its turn
 * comes), one that no bucket leads to (its name gets another), or a bucket that leads to an entry of another name (passed over). */
#include "core/names/placeholder_store.h"

#include <string.h>

#include "core/base/ascii.h"
#include "core/base/fnv.h"

enum {
	HELD_UP = 3600, /* seconds that we expect a thread to be stopped at most */
	AHEAD = 32,     /* entries among which to look for an older one */
	SAMPLES = 64,
};

static uint32_t hash_of(const char *name)
{
	const uint32_t h = fnv_name(name);

	return h ^ h >> 15;
}

static uint64_t mark_of(uint32_t hash, uint32_t used, bool whole)
{
	return (uint64_t)hash << 32 | used << 1 | whole;
}

static uint32_t mark_hash(uint64_t mark)
{
	return (uint32_t)(mark >> 32);
}

static uint32_t mark_used(uint64_t mark)
{
	return (uint32_t)mark >> 1;
}

static bool mark_is_whole(uint64_t mark)
{
	return mark & 1;
}

/* True if the entry was used at `now` or later: this thread may have been held up since it read the clock. */
static bool used_since(uint64_t mark, uint32_t now)
{
	return mark_used(mark) - now < HELD_UP;
}

/* Returns the seconds since the last use. A use far in the future dates from before the machine's last start. */
static uint32_t age(uint64_t mark, uint32_t now)
{
	if (used_since(mark, now))
		return 0;
	return mark_used(mark) < now ? now - mark_used(mark) : UINT32_MAX;
}

static _Atomic uint64_t *word_at(struct placeholder_file *t, uint32_t number, size_t i)
{
	return i < PLACEHOLDER_HEAD ? &t->heads[number][i] : &t->tails[number][i - PLACEHOLDER_HEAD];
}

/* Returns false if there is no room for the name. */
static bool write_name(struct placeholder_file *t, uint32_t number, const char *name)
{
	uint64_t words[PLACEHOLDER_WORDS] = {0};
	const size_t last = strlen(name) / sizeof(words[0]);

	if (last >= PLACEHOLDER_HEAD && !placeholder_file_reserve_tail(t, number))
		return false;
	memcpy(words, name, strlen(name));
	for (size_t i = 0; i <= last; i++)
		atomic_store_explicit(word_at(t, number, i), words[i], memory_order_relaxed);
	return true;
}

static void read_name(struct placeholder_file *t, uint32_t number, char name[static ADDR_NAME_MAX + 1])
{
	for (size_t i = 0; i < PLACEHOLDER_WORDS; i++) {
		const uint64_t word = atomic_load_explicit(word_at(t, number, i), memory_order_relaxed);
		memcpy(name + i * sizeof(word), &word, sizeof(word));
		if (memchr(&word, '\0', sizeof(word)))
			return;
	}
	name[ADDR_NAME_MAX] = '\0';
}

bool placeholder_store_get(struct placeholder_file *t, uint32_t capacity, uint32_t number, char name[static ADDR_NAME_MAX + 1],
			   uint32_t now)
{
	if (number == 0 || number >= capacity || number >= t->reserved)
		return false;
	uint64_t mark = t->marks[number];
	for (;;) {
		if (!mark_is_whole(mark))
			return false;
		read_name(t, number, name);
		if (hash_of(name) != mark_hash(mark))
			return false;
		/* A fresh entry is not taken away; one whose mark changed meanwhile may have been: look again. */
		if (used_since(mark, now))
			return true;
		if (atomic_compare_exchange_strong(&t->marks[number], &mark, mark_of(mark_hash(mark), now, true))) {
			t->used = now;
			return true;
		}
	}
}

static _Atomic uint32_t *bucket_of(struct placeholder_file *t, uint32_t hash)
{
	return t->buckets[hash % PLACEHOLDER_BUCKETS];
}

static bool same(const char *a, const char *b)
{
	const size_t n = strlen(a);

	return n == strlen(b) && ascii_same(a, b, n);
}

static uint32_t find(struct placeholder_file *t, uint32_t capacity, const char *name, uint32_t hash, uint32_t now)
{
	_Atomic uint32_t *const bucket = bucket_of(t, hash);

	for (int i = 0; i < PLACEHOLDER_WAYS; i++) {
		char found[ADDR_NAME_MAX + 1];
		const uint32_t number = bucket[i];
		if (number && number < capacity && mark_hash(t->marks[number]) == hash &&
		    placeholder_store_get(t, capacity, number, found, now) && same(found, name))
			return number;
	}
	return 0;
}

/* Returns the entries that were ever taken, number 0 among them. */
static uint32_t end_of(const struct placeholder_file *t, uint32_t capacity)
{
	return t->taken + 1 < capacity ? t->taken + 1 : capacity;
}

/* A hand goes round the table, past the fresh entries. Of the first few from there on that are not, the least recently used makes room, and the
 * hand goes on behind it: those before it have another chance until the next round. Returns 0, and remembers how long that holds, if every
 * entry is fresh. */
static uint32_t old(struct placeholder_file *t, uint32_t capacity, uint32_t now, uint64_t *mark)
{
	const uint32_t end = end_of(t, capacity), hand = t->hand, first = hand < 1 || hand >= end ? 1 : hand;
	uint32_t best = 0, most = 0, nearly = 0;

	if (t->full - now - 1 <= PLACEHOLDER_FRESH_SECONDS)
		return 0;
	for (uint32_t i = 0, seen = 0; i + 1 < end && seen < AHEAD; i++) {
		const uint32_t number = first + i < end ? first + i : first + i - end + 1;
		const uint64_t its = atomic_load_explicit(&t->marks[number], memory_order_relaxed);
		const uint32_t its_age = age(its, now);
		if (its_age <= PLACEHOLDER_FRESH_SECONDS && its_age > nearly)
			nearly = its_age;
		if (its_age > PLACEHOLDER_FRESH_SECONDS && its_age > most) {
			most = its_age;
			*mark = its;
			best = number;
		}
		seen += best != 0;
	}
	if (best)
		t->hand = best + 1;
	else
		t->full = now + 1 + PLACEHOLDER_FRESH_SECONDS - nearly;
	return best;
}

/* Take an entry that was never used, or else one whose name is forgotten for it. Its mark is then `mine`. */
static uint32_t take(struct placeholder_file *t, uint32_t capacity, uint64_t mine, uint32_t now)
{
	uint32_t taken = t->taken;
	uint64_t mark = 0;

	while (taken + 1 < capacity && placeholder_file_reserve_head(t, taken + 1))
		if (atomic_compare_exchange_weak(&t->taken, &taken, taken + 1)) {
			mark = 0;
			if (atomic_compare_exchange_strong(&t->marks[++taken], &mark, mine))
				return taken;
		}
	for (;;) {
		const uint32_t number = old(t, capacity, now, &mark);
		if (number == 0 || atomic_compare_exchange_strong(&t->marks[number], &mark, mine))
			return number;
	}
}

static bool leads_here(const struct placeholder_file *t, uint32_t number, uint32_t hash)
{
	const uint64_t mark = number < PLACEHOLDER_ENTRIES ? t->marks[number] : 0;

	return mark && mark_hash(mark) % PLACEHOLDER_BUCKETS == hash % PLACEHOLDER_BUCKETS;
}

/* Let find() see it: in a free place of the bucket, else in one that leads to another name's entry, else in that of the name used least
 * recently: that name keeps its entry, but gets a second one when it is asked for again. */
static void publish(struct placeholder_file *t, uint32_t number, uint32_t hash, uint32_t now)
{
	_Atomic uint32_t *const bucket = bucket_of(t, hash);
	uint32_t most = 0;
	int worst = 0;

	for (int i = 0; i < PLACEHOLDER_WAYS; i++) {
		uint32_t there = bucket[i];
		if (there == number)
			return;
		if ((there == 0 || !leads_here(t, there, hash)) && atomic_compare_exchange_strong(&bucket[i], &there, number))
			return;
		if (there < PLACEHOLDER_ENTRIES && age(t->marks[there], now) > most) {
			most = age(t->marks[there], now);
			worst = i;
		}
	}
	bucket[worst] = number;
}

static void withdraw(struct placeholder_file *t, uint32_t number, uint32_t hash)
{
	_Atomic uint32_t *const bucket = bucket_of(t, hash);

	for (int i = 0; i < PLACEHOLDER_WAYS; i++)
		atomic_compare_exchange_strong(&bucket[i], &(uint32_t){number}, 0);
}

uint32_t placeholder_store_spare(const struct placeholder_file *t, uint32_t capacity, uint32_t now)
{
	const uint32_t step = capacity < SAMPLES ? 1 : capacity / SAMPLES;
	uint32_t spare = 0;

	for (uint32_t number = step; number < capacity; number += step)
		spare += number > t->taken || age(t->marks[number], now) > PLACEHOLDER_FRESH_SECONDS;
	return spare * step;
}

uint32_t placeholder_store_find(struct placeholder_file *t, uint32_t capacity, const char *name, uint32_t now)
{
	return find(t, capacity, name, hash_of(name), now);
}

uint32_t placeholder_store_put(struct placeholder_file *t, uint32_t capacity, const char *name, uint32_t now)
{
	const uint32_t hash = hash_of(name);
	uint32_t number = find(t, capacity, name, hash, now);

	while (!number) {
		uint64_t mine = mark_of(hash, now, false);
		number = take(t, capacity, mine, now);
		if (!number || !write_name(t, number, name))
			return 0;
		/* A thread that was stopped here for more than a minute has lost the entry. */
		if (!atomic_compare_exchange_strong(&t->marks[number], &mine, mark_of(hash, now, true))) {
			number = 0;
			continue;
		}
		t->used = now;
		publish(t, number, hash, now);
		/* When two threads put the same name at once, both use the entry that a look-up finds first. */
		const uint32_t first = find(t, capacity, name, hash, now);
		if (first && first != number) {
			withdraw(t, number, hash);
			number = first;
		}
	}
	return number;
}
