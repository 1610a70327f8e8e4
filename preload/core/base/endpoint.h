/* SPDX-License-Identifier: MIT */
/* endpoint: an IP address and a port as the kernel takes and gives them. Pure. */
#ifndef CORE_BASE_ENDPOINT_H
#define CORE_BASE_ENDPOINT_H

#include <netinet/in.h>
#include <stdbool.h>

#include "core/base/addr.h"

/* What is no part of the address (padding, a flow label) is zero: two that are equal have the same bytes. All zero: none. The port is at the same
 * place in both. */
struct endpoint {
	union {
		struct sockaddr sa;
		struct sockaddr_in in4;
		struct sockaddr_in6 in6;
	};
};

/* The endpoint that `len` bytes at `sa` say, AF_UNSPEC being AF_INET, as sendto(2) has it; none if they are too few or of another family. */
struct endpoint endpoint_from(const struct sockaddr *sa, socklen_t len);

/* Say an address in the words of a socket of `family`, as addr_to_sockaddr() does; false if it cannot be said. */
bool endpoint_to(struct endpoint *, const struct addr *, int family);

/* The length that goes with `sa`; 0 for none. */
socklen_t endpoint_len(const struct endpoint *);

bool endpoint_equal(const struct endpoint *, const struct endpoint *);

#endif
