/* SPDX-License-Identifier: MIT */
/* live: what the journal has as open, joined with what the kernel tells of its socket. */
#include "cli/report/live.h"

#include <netinet/tcp.h>
#include <stdlib.h>

#include "cli/report/sockets.h"
#include "core/base/clock.h"

/* Of a connection whose process tells nobody when it closes it, the kernel must know. */
static bool is_open(const struct connections *c, const struct sockets *sockets)
{
	return c->measured && !c->lost && !c->first.over && (c->first.told || sockets_find(sockets, c->first.cookie));
}

static const struct live *find(const struct sample *s, uint64_t cookie)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->of[i].entry.cookie == cookie)
			return &s->of[i];
	return NULL;
}

static uint64_t rate(uint64_t now, uint64_t before, int64_t ns)
{
	return ns > 0 && now > before ? (uint64_t)((double)(now - before) * NS_PER_S / (double)ns) : 0;
}

static void measure(struct live *l, const struct socket_state *s)
{
	l->up = s->carried.sent - l->entry.sent_before;
	l->down = s->carried.received - l->entry.received_before;
	l->state = s->state == TCP_ESTABLISHED ? "established" : "closing";
}

static struct live describe(const struct journal_entry *e, const struct sockets *sockets, const struct sample *before, int64_t now)
{
	struct live l = {.entry = *e, .state = "elsewhere", .age = (now - e->begun) / NS_PER_S};
	const struct socket_state *const s = sockets_find(sockets, e->cookie);
	const struct live *const then = find(before, e->cookie);

	if (s)
		measure(&l, s);
	if (then) {
		l.up_s = rate(l.up, then->up, now - before->taken);
		l.down_s = rate(l.down, then->down, now - before->taken);
	}
	return l;
}

/* The fastest first; among equals, those that have carried more; then the youngest. */
static int by_rate(const void *a, const void *b)
{
	const struct live *const x = a, *const y = b;
	const uint64_t fast_x = x->up_s + x->down_s, fast_y = y->up_s + y->down_s, much_x = x->up + x->down, much_y = y->up + y->down;

	if (fast_x != fast_y)
		return fast_x < fast_y ? 1 : -1;
	if (much_x != much_y)
		return much_x < much_y ? 1 : -1;
	return (x->entry.begun < y->entry.begun) - (x->entry.begun > y->entry.begun);
}

void live_take(struct sample *s, struct sample *before, const struct journal_file *f)
{
	size_t n;
	struct connections *const all = connections_read(f, 0, &n);
	struct sockets *const sockets = sockets_read();

	*s = (struct sample){.taken = clock_now(), .of = calloc(n ? n : 1, sizeof(*s->of))};
	for (size_t i = 0; s->of && i < n; i++)
		if (is_open(&all[i], sockets))
			s->of[s->n++] = describe(&all[i].first, sockets, before, s->taken);
	if (s->n)
		qsort(s->of, s->n, sizeof(*s->of), by_rate);
	sockets_free(sockets);
	free(all);
	free(before->of);
}
