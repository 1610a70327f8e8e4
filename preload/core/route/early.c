/* SPDX-License-Identifier: MIT */
/* early: one word for each proxy, changed by compare-and-swap. */
#include "core/route/early.h"

#include "core/route/health.h"
#include "core/route/health_table.h"

enum {
	TRIAL_S = 10,
	TRIAL_MAX_S = 60 * 60,
	TRIALS = 9, /* doublings that lead beyond TRIAL_MAX_S */
	DOUBT_S = 60,
	LOST_S = 24 * 60 * 60,
};

/* From the lowest bit: two bits for each habit, two for the method, two unused, eight for trials that showed nothing; 32 for the second before
 * which nothing is put on trial, which is in the past for a proxy that keeps what comes early. */
struct knowledge {
	unsigned habits[2], method, trials, until;
};

static struct knowledge unpack(uint64_t word)
{
	return (struct knowledge){
		.habits = {word & 3, word >> 2 & 3},
		.method = word >> 4 & 3,
		.trials = word >> 8 & 255,
		.until = (unsigned)(word >> 32),
	};
}

static uint64_t pack(const struct knowledge *k)
{
	return k->habits[HABIT_WHOLE] | k->habits[HABIT_BEHIND] << 2 | k->method << 4 | (uint64_t)k->trials << 8 |
	       (uint64_t)k->until << 32;
}

static unsigned now(void)
{
	uint64_t ignored;

	return (unsigned)(health_table_now(&ignored) / 1000);
}

static _Atomic uint64_t *word_of(const struct proxy *p, bool make)
{
	const uint64_t key = health_key(p, "early");
	struct health_entry *const e = make ? health_table_make(key) : health_table_find(key);

	return e ? &e->early : NULL;
}

/* True if the machine may be in another network by now, where the proxy is another. */
static bool is_of_another_network(const struct knowledge *k)
{
	uint64_t since;

	health_table_now(&since);
	return (k->until + 1) * (uint64_t)1000 <= since;
}

/* Returns what is known; what was lost long ago, or kept in another network, is not. */
static struct knowledge look(const _Atomic uint64_t *word)
{
	struct knowledge k = unpack(word ? *word : 0);

	if (k.until && is_of_another_network(&k))
		return (struct knowledge){0};
	for (int i = 0; i < 2; i++)
		if (k.habits[i] == EARLY_LOST && now() >= k.until)
			k.habits[i] = EARLY_UNKNOWN;
	return k;
}

enum early early_of(const struct proxy *p, enum habit habit)
{
	const struct knowledge k = look(word_of(p, false));

	return (enum early)k.habits[habit];
}

enum early_method early_method(const struct proxy *p)
{
	const struct knowledge k = look(word_of(p, false));

	return (enum early_method)k.method;
}

static unsigned pause_after(unsigned trials)
{
	const unsigned s = TRIAL_S << (trials < TRIALS ? trials : TRIALS);

	return s < TRIAL_MAX_S ? s : TRIAL_MAX_S;
}

bool early_try(const struct proxy *p, enum habit habit)
{
	_Atomic uint64_t *const word = word_of(p, true);
	uint64_t before = word ? *word : 0;
	struct knowledge k = look(word);

	if (!word || k.habits[habit] != EARLY_UNKNOWN || now() < k.until)
		return false;
	k.until = now() + pause_after(k.trials);
	k.trials += k.trials < TRIALS;
	return atomic_compare_exchange_strong(word, &before, pack(&k));
}

void early_learn(const struct proxy *p, enum habit habit, enum early early)
{
	_Atomic uint64_t *const word = word_of(p, true);
	struct knowledge k = look(word);

	if (!word || k.habits[habit] == early)
		return;
	k.habits[habit] = early;
	k.trials = 0;
	k.until = now() + (early == EARLY_LOST ? LOST_S : 0);
	*word = pack(&k);
}

void early_doubt(const struct proxy *p)
{
	_Atomic uint64_t *const word = word_of(p, true);
	struct knowledge k = {.until = now() + DOUBT_S};

	if (word)
		*word = pack(&k);
}

void early_chose(const struct proxy *p, bool login)
{
	_Atomic uint64_t *const word = word_of(p, true);
	struct knowledge k = look(word);
	const unsigned method = login ? METHOD_LOGIN : METHOD_OPEN;

	if (!word || k.method == method)
		return;
	k.method = method;
	k.until = k.until ? k.until : now();
	*word = pack(&k);
}
