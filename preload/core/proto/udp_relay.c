/* SPDX-License-Identifier: MIT */
/* udp_relay: nest one header for each further relay. */
#include "core/proto/udp_relay.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/proto/udp_header.h"

int udp_relay_through(struct udp_relay *r, const struct addr *hops, size_t n, int family)
{
	struct buf front = {.at = r->front, .size = sizeof(r->front)};

	if (!endpoint_to(&r->at, &hops[0], family))
		return ERR_PROXY_ADDRESS;
	for (size_t i = 1; i < n; i++)
		udp_header_put(&front, &hops[i]);
	r->front_len = (uint16_t)front.len;
	return front.overflow ? ERR_TOO_LONG : 0;
}

/* A relay known by name answers from an address that only the relay before it knows. */
static bool is_from(const struct addr *hop, const struct addr *from)
{
	return addr_equal(hop, from) || (hop->kind == ADDR_NAME && hop->port == from->port);
}

int udp_relay_open(const struct udp_relay *r, const uint8_t *at, size_t n, struct addr *from)
{
	size_t done = 0;

	if (n >= r->front_len && memcmp(at, r->front, r->front_len) == 0)
		done = r->front_len;
	for (size_t i = done; i < r->front_len;) {
		struct addr hop;
		i += (size_t)udp_header_get(&hop, r->front + i, r->front_len - i);
		const int len = udp_header_get(from, at + done, n - done);
		if (len < 0 || !is_from(&hop, from))
			return -1;
		done += (size_t)len;
	}
	const int len = udp_header_get(from, at + done, n - done);
	return len < 0 ? -1 : (int)done + len;
}
