/* SPDX-License-Identifier: MIT */
/* kin: a ring in shared memory. A relative may have dropped its privileges and be an enemy: what it writes is no more than compared, or checked. */
#include "udp/kin.h"

#include "core/base/pages.h"
#include "core/base/seqlock.h"
#include "core/proto/udp_header.h"
#include "sys_resolve.h"

enum { PLACES = 50, NUMBERS = 256, WORD = 64 };

/* A relay by which one of the processes sends. */
struct place {
	struct seqlock lock;
	unsigned headers; /* one for each hop */
	uint64_t cookie;
	struct endpoint relay, named;
};

struct shared {
	atomic_uint told;
	struct place of[PLACES];
};

_Static_assert(sizeof(struct shared) <= 4096, "one page is enough");

_Atomic(void *) kin_shared;
EARLY atomic_bool kin_made_some;
EARLY static _Atomic uint64_t made[NUMBERS / WORD]; /* a bit for each of the first numbers */

void kin_expect(int fd)
{
	kin_made_some = true;
	if (fd >= 0 && fd < NUMBERS)
		atomic_fetch_or_explicit(&made[fd / WORD], UINT64_C(1) << fd % WORD, memory_order_relaxed);
}

bool kin_expected(int fd)
{
	return fd >= NUMBERS || (fd >= 0 && atomic_load_explicit(&made[fd / WORD], memory_order_relaxed) & UINT64_C(1) << fd % WORD);
}

void kin_before_fork(void)
{
	if (atomic_load_explicit(&kin_made_some, memory_order_relaxed) &&
	    pages_once(&kin_shared, pages_take_shared, sizeof(struct shared)))
		sys_plain_no_more();
}

static bool read_place(const struct place *p, struct place *copy)
{
	const unsigned version = seqlock_read(&p->lock);

	*copy = *p;
	return seqlock_was_read(&p->lock, version);
}

/* Find what was told of the socket, and of the relay if that is known. */
static bool find(uint64_t cookie, const struct endpoint *relay, struct place *found)
{
	const struct shared *s = kin_shared;

	for (const struct place *p = s ? s->of : NULL; p && p < s->of + PLACES; p++)
		if (p->cookie == cookie && read_place(p, found) && found->cookie == cookie &&
		    (!endpoint_len(relay) || endpoint_equal(&found->relay, relay)))
			return true;
	return false;
}

static unsigned headers_of(const struct udp_relay *r)
{
	struct addr hop;
	unsigned n = 1;

	for (size_t i = 0; i < r->front_len; n++)
		i += (size_t)udp_header_get(&hop, r->front + i, r->front_len - i);
	return n;
}

void kin_tell(uint64_t cookie, const struct udp_relay *r, const struct endpoint *named)
{
	struct shared *s = kin_shared;
	struct place known;

	if (!s || !cookie || find(cookie, &r->at, &known))
		return;
	struct place *p = &s->of[atomic_fetch_add(&s->told, 1) % PLACES];
	if (!seqlock_write(&p->lock))
		return;
	p->headers = headers_of(r);
	p->cookie = cookie;
	p->relay = r->at;
	p->named = *named;
	seqlock_written(&p->lock);
}

bool kin_knows(uint64_t cookie)
{
	struct place found;

	return cookie && find(cookie, &(struct endpoint){0}, &found);
}

int kin_open(uint64_t cookie, const struct endpoint *relay, const uint8_t *at, size_t n, struct addr *from, struct endpoint *named)
{
	struct place by;
	size_t done = 0;

	if (!find(cookie, relay, &by))
		return -1;
	for (unsigned i = 0; i < by.headers; i++) {
		const int len = udp_header_get(from, at + done, n - done);
		if (len < 0)
			return -1;
		done += (size_t)len;
	}
	*named = by.named;
	return (int)done;
}
