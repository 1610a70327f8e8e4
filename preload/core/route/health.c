/* SPDX-License-Identifier: MIT */
/* health: an entry of the table for each leg and for each chain that takes turns; and a ring of the latest that refused UDP. */
#include "core/route/health.h"

#include <stdatomic.h>

#include "core/base/clock.h"
#include "core/route/health_table.h"

enum {
	REST_MS = 1000,
	REST_MAX_MS = 60 * 1000,
	RESTS = 7,                 /* doublings that lead beyond REST_MAX_MS */
	CLAIM_MS = 20 * 1000,      /* within this, whoever tries a leg tells how it went */
	FORGET_MS = 3 * 60 * 1000, /* after this, a failure is the first again */
	STALE_S = 30,
	REFUSAL_S = 30,
	REFUSERS = 16,
};

static uint64_t add_bytes(uint64_t hash, const void *bytes, size_t n)
{
	const uint8_t *const at = bytes;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ at[i]) * 0x100000001b3; /* FNV-1a */
	return hash;
}

static uint64_t add_text(uint64_t hash, const char *text)
{
	do
		hash = add_bytes(hash, text, 1);
	while (*text++);
	return hash;
}

static uint64_t add_proxy(uint64_t hash, const struct proxy *p)
{
	const uint8_t kinds[] = {p ? (uint8_t)p->kind + 1 : 0, p ? p->addr.kind : 0};

	hash = add_bytes(hash, kinds, sizeof(kinds));
	if (!p)
		return hash;
	hash = add_bytes(hash, &p->addr.port, sizeof(p->addr.port));
	if (p->addr.kind == ADDR_IPV4 || p->addr.kind == ADDR_IPV6)
		hash = add_bytes(hash, p->addr.ip, sizeof(p->addr.ip));
	else
		hash = add_text(hash, p->addr.name);
	return add_text(hash, p->username);
}

static const uint64_t basis = 0xcbf29ce484222325;

uint64_t health_key(const struct proxy *p, const char *what)
{
	return health_table_key(add_text(add_proxy(basis, p), what));
}

static uint64_t key_of(const struct leg *leg)
{
	return health_table_key(add_proxy(add_proxy(basis, leg->before), leg->hop));
}

static struct health_entry *find(const struct leg *leg)
{
	return health_table_find(key_of(leg));
}

static struct health_entry *make(const struct leg *leg)
{
	return health_table_make(key_of(leg));
}

/* Returns until when the leg rests; 0 if it does not. No rest is that long which a process with another clock (time_namespaces(7)) writes. */
static uint64_t rests_until(const struct health_entry *e, uint64_t now, uint64_t since)
{
	if (!e || e->rests == HEALTH_UNROUTED || e->failed >> 8 < since)
		return 0;
	const uint64_t until = e->rests;
	return until > now + REST_MAX_MS ? 0 : until;
}

enum health health_of(const struct leg *leg)
{
	uint64_t since;
	const uint64_t now = health_table_now(&since), until = rests_until(find(leg), now, since);

	return !until ? HEALTH_FINE : now < until ? HEALTH_RESTING : HEALTH_DUE;
}

int64_t health_rest(const struct leg *leg)
{
	uint64_t since;
	const uint64_t now = health_table_now(&since), until = rests_until(find(leg), now, since);

	return until > now ? (int64_t)(until - now) : 0;
}

bool health_claim(const struct leg *leg)
{
	struct health_entry *const e = find(leg);
	uint64_t since;
	const uint64_t now = health_table_now(&since);

	if (!e)
		return true;
	uint64_t until = e->rests;
	return until <= now && atomic_compare_exchange_strong(&e->rests, &until, now + CLAIM_MS);
}

/* Returns a monotonic time in the table's. */
static uint64_t in_table(uint64_t now, int64_t monotonic)
{
	const int64_t ago = (clock_now() - monotonic) / NS_PER_MS;

	return ago < 0 || (uint64_t)ago > now ? now : now - (uint64_t)ago;
}

static uint64_t rest_for(uint64_t times)
{
	const uint64_t ms = (uint64_t)REST_MS << (times < RESTS ? times : RESTS);

	return ms < REST_MAX_MS ? ms : REST_MAX_MS;
}

void health_failed(const struct leg *leg, int64_t since)
{
	struct health_entry *const e = make(leg);
	uint64_t ignored;
	const uint64_t now = health_table_now(&ignored);

	if (!e)
		return;
	uint64_t failed = e->failed;
	if (failed >> 8 > in_table(now, since))
		return;
	const uint64_t times = !failed || now - (failed >> 8) > FORGET_MS ? 0 : (failed & 255) + 1;
	if (atomic_compare_exchange_strong(&e->failed, &failed, now << 8 | (times < RESTS ? times : RESTS)))
		e->rests = now + rest_for(times);
}

void health_unrouted(const struct leg *leg)
{
	struct health_entry *const e = make(leg);

	if (e)
		e->rests = HEALTH_UNROUTED;
}

static void note_delay(struct health_entry *e, uint64_t now, int64_t ns)
{
	const uint64_t old = e->delay & UINT32_MAX, us = (uint64_t)ns / 1000 + 1, mean = old ? (old + us) / 2 : us;

	e->delay = now / 1000 << 32 | (mean < UINT32_MAX ? mean : UINT32_MAX);
}

void health_answered(const struct leg *leg, int64_t ns)
{
	struct health_entry *const e = make(leg);
	uint64_t since;
	const uint64_t now = health_table_now(&since);

	if (!e)
		return;
	if (e->rests == HEALTH_UNROUTED)
		health_table_void();
	if (e->rests)
		e->rests = 0;
	if (e->failed)
		e->failed = 0;
	if (ns > 0)
		note_delay(e, now, ns);
}

uint64_t health_delay(const struct leg *leg)
{
	const struct health_entry *const e = find(leg);
	uint64_t since;
	const uint64_t now = health_table_now(&since), delay = e ? e->delay : 0;

	if (now / 1000 - (delay >> 32) > STALE_S)
		return 0;
	return delay & UINT32_MAX ? delay & UINT32_MAX : UINT32_MAX;
}

void health_measuring(const struct leg *leg)
{
	struct health_entry *const e = make(leg);
	uint64_t since;

	if (e && !health_delay(leg))
		e->delay = health_table_now(&since) / 1000 << 32 | (e->delay & UINT32_MAX);
}

unsigned health_turn(const struct route *r)
{
	uint64_t hash = add_text(basis, r->name);

	for (size_t i = 0; i < r->n; i++)
		hash = add_proxy(hash, r->hops[i]);
	struct health_entry *const e = health_table_make(health_table_key(hash));
	return e ? (unsigned)atomic_fetch_add(&e->turns, r->length) : 0;
}

bool health_has_failed(const struct leg *leg, int64_t since)
{
	const struct health_entry *const e = find(leg);
	uint64_t ignored;
	const uint64_t now = health_table_now(&ignored);

	return e && e->failed >> 8 >= in_table(now, since);
}

/* A writer sets `of` to NULL while it changes `since`. */
static struct {
	_Atomic(const void *) of;
	_Atomic int64_t since;
} refusers[REFUSERS];

void health_refused_udp(const void *of)
{
	static atomic_uint next;
	unsigned i = 0;

	while (i < REFUSERS && refusers[i].of != of)
		i++;
	i = i < REFUSERS ? i : next++ % REFUSERS;
	refusers[i].of = NULL;
	refusers[i].since = clock_coarse();
	refusers[i].of = of;
}

bool health_refuses_udp(const void *of)
{
	for (unsigned i = 0; i < REFUSERS; i++)
		if (refusers[i].of == of && clock_coarse() - refusers[i].since < (int64_t)REFUSAL_S * NS_PER_S)
			return true;
	return false;
}
