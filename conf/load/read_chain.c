/* SPDX-License-Identifier: MIT */
/* read_chain: the keys of [chain NAME], and the route that its hops make. */
#include <string.h>
#include <utlist.h>

#include "conf/load/loader.h"
#include "core/base/ascii.h"

enum { NESTED_MAX = 16 };

struct hop {
	struct hop *next, *prev; /* of its chain (utlist) */
	const char *name;
	struct where where;
};

/* A chain whose hops may still name other chains. */
struct chain_draft {
	UT_hash_handle handle; /* by name; `handle.next` is the next in their order */
	const struct section *section;
	struct chain *chain;
	struct hop *hops;
	enum { RAW, AT_WORK, DONE } state;
};

bool read_hop(struct reading *r, const char *text, int word)
{
	struct chain_draft *const draft = r->into;
	struct hop *const hop = arena_take(&r->loader->scratch, sizeof(*hop));

	(void)word;
	if (!hop) {
		text_add(r->problem, "out of memory");
		return false;
	}
	*hop = (struct hop){.name = text, .where = r->where};
	DL_APPEND(draft->hops, hop);
	return true;
}

bool read_length(struct reading *r, const char *text, int word)
{
	const size_t n = strlen(text);
	uint16_t length;

	(void)word;
	if (addr_parse_port(&length, text, n) && length <= HOPS_MAX)
		text_add(r->problem, "'length' is not yet supported");
	else
		text_add(r->problem, "bad length '%s': 1 to %d was meant", text, HOPS_MAX);
	return false;
}

static struct chain_draft *find_draft(struct chain_draft *all, const char *name)
{
	struct chain_draft *found;

	HASH_FIND(handle, all, name, strlen(name), found);
	return found;
}

static bool append(struct loader *l, struct route *to, const struct proxy **hops, const struct route *route, const struct hop *hop)
{
	if (to->n + route->n > HOPS_MAX) {
		problems_add(&l->problems, hop->where, "[chain %s] has more than %d proxies", to->name, HOPS_MAX);
		return false;
	}
	if (to->n && route->n && route->hops[0]->addr.kind == ADDR_UNIX)
		problems_add(&l->problems, hop->where, "'%s' is reached through a unix socket and can only be the first hop", hop->name);
	if (route->n)
		memcpy(hops + to->n, route->hops, route->n * sizeof(*hops));
	to->n += route->n;
	return true;
}

static const struct route *flatten(struct loader *, struct chain_draft *all, struct chain_draft *, unsigned depth);

/* Returns the route that a hop names, or NULL after reporting why it names none. */
static const struct route *resolve(struct loader *l, struct chain_draft *all, const struct chain_draft *d, const struct hop *hop,
				   unsigned depth)
{
	struct chain_draft *const nested = find_draft(all, hop->name);
	TEXT(problem, 256);

	if (!nested) {
		const struct route *const route = loader_route(l, hop->name, &problem);
		if (route && route->kind != ROUTE_CHAIN)
			text_add(&problem, "'%s' cannot be a hop", hop->name);
		if (!problem.len)
			return route;
	} else if (nested->state == AT_WORK) {
		text_add(&problem, "'%s' leads back to [chain %s]", hop->name, d->chain->name);
	} else if (depth == NESTED_MAX) {
		text_add(&problem, "chains are nested more than %d deep", NESTED_MAX);
	} else {
		return flatten(l, all, nested, depth + 1);
	}
	problems_add(&l->problems, hop->where, "%s", problem.at);
	return NULL;
}

static const struct route *flatten(struct loader *l, struct chain_draft *all, struct chain_draft *d, unsigned depth)
{
	struct route *const to = &d->chain->route;

	if (d->state == DONE)
		return to;
	d->state = AT_WORK;
	const struct proxy **const hops = loader_take(l, HOPS_MAX * sizeof(*hops));
	for (const struct hop *hop = d->hops; hops && hop; hop = hop->next) {
		const struct route *const route = resolve(l, all, d, hop, depth);
		if (route && !append(l, to, hops, route, hop))
			break;
	}
	to->hops = hops;
	d->state = DONE;
	return to;
}

static struct chain_draft *new_draft(struct loader *l, struct chain_draft **all, const struct section *s)
{
	struct arena *const arena = &l->scratch;
	struct chain_draft *const d = arena_take(arena, sizeof(*d));
	struct chain *const chain = loader_take(l, sizeof(*chain));

	if (!d || !chain) {
		problems_add_memory(&l->problems);
		return NULL;
	}
	if (config_route(l->c, s->name, strlen(s->name)))
		problems_add(&l->problems, (struct where){s->file->path, s->line}, "'%s' names both a [proxy] and a [chain]", s->name);
	*chain = (struct chain){.name = s->name, .route = {.kind = ROUTE_CHAIN, .name = s->name}};
	*d = (struct chain_draft){.section = s, .chain = chain};
	HASH_ADD_KEYPTR(handle, *all, s->name, strlen(s->name), d);
	if (!d->handle.tbl)
		problems_add_memory(&l->problems);
	return d;
}

void loader_read_chains(struct loader *l)
{
	struct chain_draft *all = NULL;

	for (const struct section *s = l->merged.sections.of[SECTION_CHAIN]; s; s = s->handle.next) {
		struct chain_draft *const d = new_draft(l, &all, s);
		if (d)
			loader_read_section(l, s, d);
	}
	/* Only now, because new_draft() asks config_route() which names the proxies have taken. */
	for (const struct chain_draft *d = all; d; d = d->handle.next)
		loader_add_chain(l, &l->c->chains, d->chain);
	for (struct chain_draft *d = all; d; d = d->handle.next)
		flatten(l, all, d, 1);
}
