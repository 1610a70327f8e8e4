/* SPDX-License-Identifier: MIT */
/* origin: a table in which each address has one place. */
#include "core/names/origin.h"

#include <stdatomic.h>
#include <string.h>

#include "core/base/fnv.h"
#include "core/base/pages.h"
#include "core/base/seqlock.h"

enum { PLACES = 1024 };

/* An address has one place, which the next address there takes over. */
struct origin {
	struct seqlock lock;
	uint8_t kind;
	uint8_t ip[16];
	char name[ADDR_NAME_MAX + 1];
};

static _Atomic(void *) origins;

static size_t ip_size(const struct addr *a)
{
	return a->kind == ADDR_IPV4 ? 4 : 16;
}

static struct origin *place_of(struct origin *t, const struct addr *a)
{
	uint32_t h = FNV_BASIS;

	for (size_t i = 0; i < ip_size(a); i++)
		h = fnv_add(h, a->ip[i]);
	return &t[h % PLACES];
}

void origin_put(const struct addr *name, const struct addr *address)
{
	struct origin *t = pages_once(&origins, pages_take_shared, PLACES * sizeof(*t)), *place = t ? place_of(t, address) : NULL;

	if (!place || !seqlock_write(&place->lock))
		return;
	place->kind = address->kind;
	memcpy(place->ip, address->ip, ip_size(address));
	memcpy(place->name, name->name, sizeof(place->name));
	seqlock_written(&place->lock);
}

void origin_put_list(const struct addr *name, const struct addrinfo *list)
{
	struct addr address;

	for (; list; list = list->ai_next)
		if (addr_from_sockaddr(&address, list->ai_addr, list->ai_addrlen))
			origin_put(name, &address);
}

void origin_put_hostent(const struct addr *name, const struct hostent *entry)
{
	struct addr address = {.kind = entry->h_addrtype == AF_INET6 ? ADDR_IPV6 : ADDR_IPV4};

	for (char **ip = entry->h_addr_list; *ip; ip++) {
		memcpy(address.ip, *ip, ip_size(&address));
		origin_put(name, &address);
	}
}

bool origin_get(const struct addr *address, struct addr *name)
{
	struct origin *t = origins, *place = t ? place_of(t, address) : NULL;

	if (!place)
		return false;
	const unsigned version = seqlock_read(&place->lock);
	const bool same = place->kind == address->kind && memcmp(place->ip, address->ip, ip_size(address)) == 0;
	*name = (struct addr){.kind = ADDR_NAME, .port = address->port};
	memcpy(name->name, place->name, sizeof(name->name));
	return seqlock_was_read(&place->lock, version) && same;
}
