/* udp_relay: where a datagram goes first, and what stands in front of it there. */
#include "core/proto/udp_relay.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/proto/udp_header.h"

int udp_relay_through(struct udp_relay *r, const struct addr *hops, size_t n, int family)
{
	struct buf front = {.at = r->front, .size = sizeof(r->front)};
	struct sockaddr_storage at = {0};

	r->len = addr_to_sockaddr(&hops[0], &at, family);
	if (!r->len)
		return ERR_PROXY_ADDRESS;
	memcpy(&r->at, &at, sizeof(r->at));
	for (size_t i = 1; i < n; i++)
		udp_header_put(&front, &hops[i]);
	r->front_len = (uint16_t)front.len;
	return front.overflow ? ERR_TOO_LONG : 0;
}

bool udp_relay_is(const struct udp_relay *r, const struct sockaddr_in6 *from)
{
	if (r->at.sin6_family != from->sin6_family || r->at.sin6_port != from->sin6_port) /* the same place in sockaddr_in */
		return false;
	if (from->sin6_family == AF_INET6)
		return memcmp(&r->at.sin6_addr, &from->sin6_addr, 16) == 0;
	return memcmp(&r->at.sin6_flowinfo, &from->sin6_flowinfo, 4) == 0; /* sin_addr */
}

/* A relay known by name answers from an address that only the one before it knows. */
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
