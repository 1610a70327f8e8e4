/* SPDX-License-Identifier: MIT */
/* endpoint: an IP address and a port in the kernel's form. Pure. */
#ifndef CORE_BASE_ENDPOINT_H
#define CORE_BASE_ENDPOINT_H

#include <netinet/in.h>
#include <stdbool.h>

#include "core/base/addr.h"

/* Everything outside the address (padding, a flow label) is zero, so equal endpoints have equal bytes; all zero means none. The port is
 * at the same place in both families. */
struct endpoint {
	union {
		struct sockaddr sa;
		struct sockaddr_in in4;
		struct sockaddr_in6 in6;
	};
};

/* Returns the endpoint in `len` bytes at `sa`, with AF_UNSPEC taken for AF_INET, as sendto(2) does; none if the bytes are too few or of
 * another family. */
struct endpoint endpoint_from(const struct sockaddr *sa, socklen_t len);

/* Express an address for a socket of `family`, as addr_to_sockaddr() does; false if that is impossible. */
bool endpoint_to(struct endpoint *, const struct addr *, int family);

/* Returns the length that goes with `sa`; 0 for none. */
socklen_t endpoint_len(const struct endpoint *);

/* As addr_is_unspecified(). */
bool endpoint_is_unspecified(const struct endpoint *);

bool endpoint_equal(const struct endpoint *, const struct endpoint *);

#endif
