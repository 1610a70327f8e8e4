/* SPDX-License-Identifier: MIT */
/* placeholder: turn a number of the table into an address of the range, and back. */
#include "core/names/placeholder.h"

#include <arpa/inet.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/names/placeholder_share.h"

static const struct config *range;

void placeholder_use(const struct config *c)
{
	range = c;
}

static uint32_t now_seconds(void)
{
	return (uint32_t)(clock_coarse() / NS_PER_S) + 1; /* 0 means never */
}

/* Both ranges use the size of the smaller one, so that a name's two placeholders share a number. */
static int bits(void)
{
	const int v4 = 32 - range->placeholder_ipv4_prefix, v6 = 128 - range->placeholder_ipv6_prefix;
	const int least = v4 < v6 ? v4 : v6;

	return least < PLACEHOLDER_BITS ? least : PLACEHOLDER_BITS;
}

/* Returns where in the range a number's placeholder lies. Each table starts elsewhere, so that a placeholder from another table (its file
 * was removed, or it was another user's) stands for no name here, rather than for the wrong one. */
static uint32_t turned(const struct placeholder_file *t, uint32_t number)
{
	const uint32_t n = (1u << bits()) - 1; /* 1 to n */

	return 1 + (number - 1 + t->turn % n) % n;
}

static uint32_t turned_back(const struct placeholder_file *t, uint32_t number)
{
	const uint32_t n = (1u << bits()) - 1;

	return number == 0 || number > n ? 0 : 1 + (number - 1 + n - t->turn % n) % n;
}

static void to_placeholder(uint32_t number, int family, uint16_t port, struct addr *a)
{
	*a = family == AF_INET6 ? range->placeholder_ipv6 : range->placeholder_ipv4;
	a->port = port;
	uint8_t *low = a->ip + (family == AF_INET6 ? 12 : 0);
	uint32_t value;
	memcpy(&value, low, 4);
	value = htonl(ntohl(value) + number);
	memcpy(low, &value, 4);
}

/* Returns 0 if there is none, or not for this process. */
static uint32_t number_for(struct placeholder_file *t, const char *name, uint32_t now)
{
	const uint32_t capacity = 1u << bits(), old = placeholder_store_find(t, capacity, name, now);

	if (old)
		return old;
	return placeholder_share_take(t, capacity, now) ? placeholder_store_put(t, capacity, name, now) : 0;
}

int placeholder_put(const struct addr *name, int family, struct addr *placeholder)
{
	const uint32_t now = now_seconds();
	struct placeholder_file *t = placeholder_file(bits(), now);
	const uint32_t number = t ? number_for(t, name->name, now) : 0;

	if (!number)
		return ERR_NAMES_FULL;
	to_placeholder(turned(t, number), family, name->port, placeholder);
	return 0;
}

bool placeholder_covers(const struct addr *a)
{
	return config_covers(range, a);
}

bool placeholder_get(const struct addr *placeholder, struct addr *name)
{
	const uint32_t now = now_seconds();
	struct placeholder_file *t = placeholder_file(bits(), now);
	const int at = placeholder->kind == ADDR_IPV6 ? 12 : 0;
	const struct addr *first = at ? &range->placeholder_ipv6 : &range->placeholder_ipv4;
	struct addr found = {.kind = ADDR_NAME, .port = placeholder->port};
	uint32_t value, base;

	memcpy(&value, placeholder->ip + at, 4);
	memcpy(&base, first->ip + at, 4);
	if (!t || !placeholder_covers(placeholder) || memcmp(placeholder->ip, first->ip, (size_t)at) != 0 ||
	    !placeholder_store_get(t, 1u << bits(), turned_back(t, ntohl(value) - ntohl(base)), found.name, now))
		return false;
	*name = found;
	return true;
}

bool placeholder_stands(const struct addr *a)
{
	struct addr name;

	return placeholder_covers(a) && placeholder_get(a, &name);
}
