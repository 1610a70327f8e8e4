/* SPDX-License-Identifier: MIT */
/* dns_reverse: addresses as names under in-addr.arpa (RFC 1035, 3.5) and ip6.arpa (RFC 3596, 2.5). */
#ifndef CORE_PROTO_DNS_REVERSE_H
#define CORE_PROTO_DNS_REVERSE_H

#include <stdbool.h>

#include "core/base/addr.h"

/* Read the address in such a name. Returns false if it is none. */
bool dns_reverse_address(struct addr *, const char *name);

/* Write the name for an ADDR_IPV4 or ADDR_IPV6. */
void dns_reverse_name(const struct addr *, char name[static ADDR_NAME_MAX + 1]);

#endif
