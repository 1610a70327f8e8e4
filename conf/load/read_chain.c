/* SPDX-License-Identifier: MIT */
/* read_chain: the keys of [chain NAME], and the route that its hops make: one path, or members to choose from. */
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
	struct where length; /* of the key; no file: not given */
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

bool read_mode(struct reading *r, const char *text, int word)
{
	struct chain_draft *const draft = r->into;

	(void)text;
	draft->chain->route.mode = (enum chain_mode)word;
	return true;
}

bool read_length(struct reading *r, const char *text, int word)
{
	struct chain_draft *const draft = r->into;
	uint16_t length;

	(void)word;
	if (!addr_parse_port(&length, text, strlen(text)) || length > HOPS_MAX) {
		text_add(r->problem, "bad length '%s': 1 to %d was meant", text, HOPS_MAX);
		return false;
	}
	draft->length = r->where;
	draft->chain->route.length = length;
	return true;
}

static struct chain_draft *find_draft(struct chain_draft *all, const char *name)
{
	struct chain_draft *found;

	HASH_FIND(handle, all, name, strlen(name), found);
	return found;
}

/* Returns why one of the proxies can only be the first hop; NULL if all can be any. */
static const char *only_first(const struct route *route)
{
	const char *reason = NULL;

	for (size_t i = 0; i < route->n && !reason; i++)
		reason = proxy_only_first(route->hops[i]);
	return reason;
}

/* True if a path of the chain may lead through other proxies before it comes to this member. */
static bool may_be_behind(const struct route *to, size_t member)
{
	switch (to->mode) {
	case CHAIN_STRICT:
	case CHAIN_DYNAMIC:
		return member > 0;
	default:
		return to->length > 1;
	}
}

/* Append a member. Returns false if the chain has too many proxies then. */
static bool append(struct loader *l, struct route *to, const struct route **members, const struct route *member, const struct hop *hop)
{
	if (may_be_behind(to, to->n_members) && only_first(member))
		problems_add(&l->problems, hop->where, "'%s': %s", hop->name, only_first(member));
	members[to->n_members++] = member;
	to->n += member->n;
	const bool many = to->n > CHOICE_MAX, far = !many && route_longest(to) > HOPS_MAX;
	if (many || far)
		problems_add(&l->problems, hop->where, "[chain %s] has more than %d proxies%s", to->name, many ? CHOICE_MAX : HOPS_MAX,
			     many || to->mode == CHAIN_STRICT ? "" : " in one path");
	return !many && !far;
}

/* Judge a length by the mode and the hops that stand beside it. */
static void check_length(struct loader *l, const struct chain_draft *d)
{
	const struct route *const r = &d->chain->route;

	if (!d->length.file)
		return;
	if (r->mode != CHAIN_RANDOM && r->mode != CHAIN_ROUND_ROBIN)
		problems_add(&l->problems, d->length, "'length' is for 'mode = random' and 'mode = round-robin'");
	else if (r->length > r->n_members)
		problems_add(&l->problems, d->length, "bad length '%u': [chain %s] has %zu hop%s", r->length, r->name, r->n_members,
			     r->n_members == 1 ? "" : "s");
}

/* A strict chain of members with one path each has one path itself. */
static bool is_one_path(const struct route *r)
{
	size_t i = 0;

	while (i < r->n_members && route_is_plain(r->members[i]))
		i++;
	return r->mode == CHAIN_STRICT && i == r->n_members;
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

static void resolve_hops(struct loader *l, struct chain_draft *all, struct chain_draft *d, unsigned depth)
{
	struct route *const to = &d->chain->route;
	const struct hop *hop;
	size_t n = 0;

	DL_COUNT(d->hops, hop, n);
	const struct route **const members = loader_take(l, n * sizeof(*members));
	to->members = members;
	for (hop = d->hops; members && hop; hop = hop->next) {
		const struct route *const member = resolve(l, all, d, hop, depth);
		if (member && !append(l, to, members, member, hop))
			return;
	}
}

static void list_proxies(struct loader *l, struct route *to)
{
	const struct proxy **const hops = loader_take(l, to->n * sizeof(*hops));
	size_t n = 0;

	for (size_t i = 0; hops && i < to->n_members; i++)
		for (size_t k = 0; k < to->members[i]->n; k++)
			hops[n++] = to->members[i]->hops[k];
	to->hops = hops;
	to->n = n;
}

static const struct route *flatten(struct loader *l, struct chain_draft *all, struct chain_draft *d, unsigned depth)
{
	struct route *const to = &d->chain->route;

	if (d->state == DONE)
		return to;
	d->state = AT_WORK;
	const unsigned before = l->problems.count;
	resolve_hops(l, all, d, depth);
	if (before == l->problems.count)
		check_length(l, d);
	list_proxies(l, to);
	if (is_one_path(to))
		to->members = NULL;
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
	*chain = (struct chain){.name = s->name, .route = {.kind = ROUTE_CHAIN, .name = s->name, .length = 1}};
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
