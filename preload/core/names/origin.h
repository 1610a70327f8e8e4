/* SPDX-License-Identifier: MIT */
/* origin: remember which name libc resolved an address from, so that a rule for the name also holds for the connection. */
#ifndef CORE_NAMES_ORIGIN_H
#define CORE_NAMES_ORIGIN_H

#include <netdb.h>
#include <stdbool.h>

#include "core/base/addr.h"

/* `name` was resolved directly, to this address, this list or this entry. */
void origin_put(const struct addr *name, const struct addr *address);
void origin_put_list(const struct addr *name, const struct addrinfo *);
void origin_put_hostent(const struct addr *name, const struct hostent *);

/* Find the name to which `address` was the latest answer; false if there is none. Forked children know what their parents looked up. */
bool origin_get(const struct addr *address, struct addr *name);

#endif
