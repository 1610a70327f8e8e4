/* SPDX-License-Identifier: MIT */
/* endpoint: copy only what belongs to the address, so that the rest stays zero. */
#include "core/base/endpoint.h"

#include <stddef.h>
#include <string.h>

struct endpoint endpoint_from(const struct sockaddr *sa, socklen_t len)
{
	struct endpoint e = {0};

	memcpy(&e, sa, len < sizeof(e) ? len : sizeof(e));
	if (e.sa.sa_family == AF_UNSPEC)
		e.sa.sa_family = AF_INET;
	if (e.sa.sa_family == AF_INET && len >= sizeof(e.in4)) {
		memset((char *)&e + offsetof(struct sockaddr_in, sin_zero), 0, sizeof(e) - offsetof(struct sockaddr_in, sin_zero));
		return e;
	}
	if (e.sa.sa_family == AF_INET6 && len >= offsetof(struct sockaddr_in6, sin6_scope_id)) {
		e.in6.sin6_flowinfo = 0;
		return e;
	}
	return (struct endpoint){0};
}

bool endpoint_to(struct endpoint *e, const struct addr *a, int family)
{
	struct sockaddr_storage sa = {0};

	*e = endpoint_from((struct sockaddr *)&sa, addr_to_sockaddr(a, &sa, family));
	return endpoint_len(e) != 0;
}

socklen_t endpoint_len(const struct endpoint *e)
{
	switch (e->sa.sa_family) {
	case AF_INET:
		return sizeof(e->in4);
	case AF_INET6:
		return sizeof(e->in6);
	default:
		return 0;
	}
}

bool endpoint_is_unspecified(const struct endpoint *e)
{
	struct addr a;

	return addr_from_sockaddr(&a, &e->sa, endpoint_len(e)) && addr_is_unspecified(&a);
}

bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}
