/* SPDX-License-Identifier: MIT */
/* connections: copy the entries that are whole, sort them, and add up neighbours. */
#include "cli/report/connections.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli/say.h"
#include "core/base/clock.h"

enum { WANTED_MS = 60 * 1000 };

struct journal_file *connections_begin(void)
{
	struct journal_file *const f = journal_file_map(true);

	if (f)
		connections_want(f);
	else
		say("no directory to keep a journal in: XDG_RUNTIME_DIR and /tmp cannot be used");
	return f;
}

/* Several may read at once: none shortens another's time. */
void connections_want(struct journal_file *f)
{
	const int64_t until = clock_in_ms(WANTED_MS);
	int64_t now = f->wanted_until;

	while (now < until && !atomic_compare_exchange_weak(&f->wanted_until, &now, until))
		;
}

static bool is_alive(pid_t pid)
{
	return kill(pid, 0) == 0 || errno == EPERM;
}

static bool copy(struct connections *to, const struct journal_entry *e, uint32_t report)
{
	const unsigned version = seqlock_read(&e->lock);

	memcpy(&to->first, e, sizeof(*e));
	if (!seqlock_was_read(&e->lock, version) || (report && to->first.report != report))
		return false;
	to->n = 1;
	to->ms = to->first.ms;
	to->measured = to->first.way != JOURNAL_REFUSED && !to->first.udp;
	to->lost = to->measured && !to->first.ended && (report || !is_alive(to->first.pid));
	return true;
}

static int by_time(const void *a, const void *b)
{
	const struct connections *const x = a, *const y = b;

	return (x->first.begun > y->first.begun) - (x->first.begun < y->first.begun);
}

struct connections *connections_read(const struct journal_file *f, uint32_t report, size_t *n)
{
	struct connections *const all = calloc(JOURNAL_ENTRIES, sizeof(*all));

	*n = 0;
	for (size_t i = 0; all && i < JOURNAL_ENTRIES; i++)
		if (f->entries[i].begun && copy(&all[*n], &f->entries[i], report))
			++*n;
	if (*n)
		qsort(all, *n, sizeof(*all), by_time);
	return all;
}

static bool are_alike(const struct connections *a, const struct connections *b)
{
	return a->first.way == b->first.way && a->first.udp == b->first.udp && a->first.err == b->first.err &&
	       strcmp(a->first.target, b->first.target) == 0 && strcmp(a->first.via, b->first.via) == 0 &&
	       strcmp(a->first.program, b->first.program) == 0;
}

static void add(struct connections *to, const struct connections *c)
{
	if (c->ms >= 0)
		to->ms = to->ms < 0 ? c->ms : (to->ms * to->n + c->ms) / (to->n + 1);
	to->n += c->n;
	to->first.sent += c->first.sent;
	to->first.received += c->first.received;
	to->lost |= c->lost;
}

/* Quadratic in the number of kinds, of which there are few. */
size_t connections_group(struct connections *all, size_t n)
{
	size_t kinds = 0;

	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < kinds && !are_alike(&all[k], &all[i]))
			k++;
		if (k < kinds)
			add(&all[k], &all[i]);
		else
			all[kinds++] = all[i];
	}
	return kinds;
}
