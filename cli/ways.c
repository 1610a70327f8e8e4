/* SPDX-License-Identifier: MIT */
/* ways: let every chain among the hops choose its ith member in the ith way. */
#include "ways.h"

enum { WAYS_MAX = CHOICE_MAX };

size_t ways_count(const struct route *r)
{
	size_t most = 1;

	if (route_is_plain(r))
		return 1;
	for (size_t i = 0; i < r->n_members; i++) {
		const size_t n = ways_count(r->members[i]);
		most = n > most ? n : most;
	}
	most *= route_takes_all(r) ? 1 : r->n_members;
	return most < WAYS_MAX ? most : WAYS_MAX;
}

static void append(struct way *w, const struct route *r, size_t i)
{
	if (route_is_plain(r)) {
		for (size_t k = 0; k < r->n && w->route.n < HOPS_MAX; k++)
			w->hops[w->route.n++] = r->hops[k];
	} else if (route_takes_all(r)) {
		for (size_t k = 0; k < r->n_members; k++)
			append(w, r->members[k], i);
	} else {
		for (size_t k = 0; k < r->length; k++)
			append(w, r->members[(i + k) % r->n_members], i / r->n_members);
	}
}

void ways_lay(struct way *w, const struct route *r, size_t i)
{
	w->route = (struct route){.kind = r->kind, .name = r->name, .hops = w->hops, .length = 1};
	append(w, r, i);
}

void ways_leave_out(struct way *w, size_t i)
{
	w->route.n--;
	for (; i < w->route.n; i++)
		w->hops[i] = w->hops[i + 1];
}

bool ways_end_in(const struct route *r, enum proxy_ability ability)
{
	if (route_is_plain(r))
		return proxy_can(r->hops[r->n - 1], ability);
	if (route_takes_all(r))
		return ways_end_in(r->members[r->n_members - 1], ability);
	for (size_t i = 0; i < r->n_members; i++)
		if (ways_end_in(r->members[i], ability))
			return true;
	return false;
}
