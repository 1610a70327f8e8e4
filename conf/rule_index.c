/* SPDX-License-Identifier: MIT */
/* rule_index: one look-up for each prefix length in use, or for each domain that a name is below. */
#include "conf/rule_index.h"

#include <string.h>

/* What a search looks for, and the first rule found so far. */
struct search {
	const struct rule_index *index;
	const struct destination *to;
	rule_test *passes;
	const struct rule *found;
};

static void note(struct rule_index *x, const struct host_key *key)
{
	if (key->kind == ADDR_IPV4)
		x->ipv4[key->bits] = true;
	else if (key->kind == ADDR_IPV6)
		x->ipv6[key->bits] = true;
	else
		x->below |= key->bits;
}

static bool add_pattern(struct rule_index *x, struct arena *arena, struct host_pattern *p)
{
	struct host_pattern *first;

	HASH_FIND(index.handle, x->keys, &p->key, p->n, first);
	if (first) {
		first->index.last->index.same = p;
		first->index.last = p;
		return true;
	}
	note(x, &p->key);
	p->index.last = p;
	HASH_ADD_KEYPTR(index.handle, x->keys, &p->key, p->n, p);
	return p->index.handle.tbl;
}

static void add_any(struct rule_index *x, struct rule *r)
{
	if (x->any_last)
		x->any_last->any = r;
	else
		x->any = r;
	x->any_last = r;
}

bool rule_index_add(struct rule_index *x, struct arena *arena, struct rule *r)
{
	bool any = !r->hosts;

	r->place = x->count++;
	for (struct host_pattern *p = r->hosts; p; p = p->next) {
		p->index.rule = r;
		if (p->key.kind == ADDR_NONE)
			any = true;
		else if (!add_pattern(x, arena, p))
			return false;
	}
	if (any)
		add_any(x, r);
	return true;
}

/* Take `r` if it passes. Returns true if the rules behind it in its list are of no interest: each stands behind what was found. */
static bool try(struct search *s, const struct rule *r)
{
	if (s->found && s->found->place <= r->place)
		return true;
	if (!s->passes(r, s->to))
		return false;
	s->found = r;
	return true;
}

static void try_any(struct search *s)
{
	const struct rule *r = s->index->any;

	while (r && !try(s, r))
		r = r->any;
}

static void try_key(struct search *s, const struct host_key *key, unsigned n)
{
	const struct host_pattern *p;

	HASH_FIND(index.handle, s->index->keys, key, n, p);
	while (p && !try(s, p->index.rule))
		p = p->index.same;
}

static void try_address(struct search *s, const struct addr *a)
{
	const bool *const used = a->kind == ADDR_IPV4 ? s->index->ipv4 : s->index->ipv6;
	const unsigned most = a->kind == ADDR_IPV4 ? 32 : 128;
	struct host_key key;

	for (unsigned bits = 0; bits <= most; bits++)
		if (used[bits])
			try_key(s, &key, host_key_of_address(&key, a, bits));
}

/* Returns the domain that a name is directly below, or NULL. */
static const char *parent(const char *name)
{
	const char *const dot = strchr(name, '.');

	return dot && dot[1] ? dot + 1 : NULL;
}

static void try_name(struct search *s, const char *name)
{
	struct host_key key;

	try_key(s, &key, host_key_of_name(&key, name, false));
	for (; s->index->below && name; name = parent(name))
		try_key(s, &key, host_key_of_name(&key, name, true));
}

static void try_host(struct search *s, const struct addr *a)
{
	if (a->kind == ADDR_NAME)
		try_name(s, a->name);
	else if (a->kind == ADDR_IPV4 || a->kind == ADDR_IPV6)
		try_address(s, a);
}

const struct rule *rule_index_first(const struct rule_index *index, const struct destination *to, rule_test *passes)
{
	struct search s = {.index = index, .to = to, .passes = passes};

	try_any(&s);
	try_host(&s, to->addr);
	if (to->origin)
		try_host(&s, to->origin);
	return s.found;
}
