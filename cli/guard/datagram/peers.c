/* SPDX-License-Identifier: MIT */
/* peers: a list. */
#include "cli/guard/datagram/peers.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "core/base/own.h"

struct peer *peers_add(struct peers *all, int near, const struct endpoint *to, const struct addr *target)
{
	struct peer *const p = malloc(sizeof(*p));

	if (!p) {
		own_close(near);
		return NULL;
	}
	*p = (struct peer){.near = near, .to = *to, .target = *target};
	DL_APPEND(all->list, p);
	all->n++;
	return p;
}

void peers_drop(struct peers *all, struct peer *p)
{
	DL_DELETE(all->list, p);
	all->n--;
	own_close(p->near);
	free(p);
}

void peers_close(struct peers *all)
{
	while (all->list)
		peers_drop(all, all->list);
	own_close(all->stranger.fd);
	all->stranger.fd = -1;
}

void peers_keep(struct peers *all, const struct endpoint *to)
{
	struct peer *p, *next;

	DL_FOREACH_SAFE(all->list, p, next)
		if (!endpoint_equal(&p->to, to))
			peers_drop(all, p);
	own_close(all->stranger.fd);
	all->stranger.fd = -1;
}

struct peer *peers_find(const struct peers *all, const struct endpoint *to)
{
	struct peer *p;

	DL_FOREACH(all->list, p)
		if (endpoint_equal(&p->to, to))
			break;
	return p;
}

static bool is(const struct peer *p, const struct addr *from)
{
	return p->target.kind == ADDR_NAME ? p->target.port == from->port : addr_equal(&p->target, from);
}

struct peer *peers_from(const struct peers *all, const struct addr *from)
{
	struct peer *const first = all->list, *p;

	DL_FOREACH(first, p)
		if (is(p, from))
			return p;
	const bool alone = first && !first->next && first->target.kind == ADDR_NAME;
	return alone && (from->kind == ADDR_NAME || !from->port) ? first : NULL;
}

static bool is_stranger(const struct peers *all, const struct endpoint *to)
{
	return all->stranger.fd >= 0 && endpoint_equal(&all->stranger.to, to);
}

int peers_take_stranger(struct peers *all, const struct endpoint *to)
{
	const int fd = is_stranger(all, to) ? all->stranger.fd : -1;

	if (fd >= 0)
		all->stranger.fd = -1;
	return fd;
}

bool peers_go_with(const struct peers *all, const struct addr *target, const struct endpoint *to)
{
	const struct addr *const first = all->list ? &all->list->target : target;

	if (is_stranger(all, to) || peers_find(all, to))
		return true;
	return first->kind == ADDR_NAME || target->kind == ADDR_NAME
		       ? first->kind == target->kind && strcmp(first->name, target->name) == 0
		       : true;
}
