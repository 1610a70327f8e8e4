/* aliases: which name libc resolved an address from, so that a rule for the name also holds for the connection. */
#ifndef NET_ALIASES_H
#define NET_ALIASES_H

#include <netdb.h>
#include <stdbool.h>

#include "conf/addr.h"

/* `name` is resolved directly, to this address, this list or this entry. */
void aliases_put(const struct addr *name, const struct addr *address);
void aliases_put_list(const struct addr *name, const struct addrinfo *);
void aliases_put_entry(const struct addr *name, const struct hostent *);

/* The name that `address` was the answer to, last of all; false if to none. Forked children know what their parents looked up. */
bool aliases_get(const struct addr *address, struct addr *name);

#endif
