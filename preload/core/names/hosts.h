/* SPDX-License-Identifier: MIT */
/* hosts: the names that need no name server: those of /etc/hosts, localhost, and this machine's own. */
#ifndef CORE_NAMES_HOSTS_H
#define CORE_NAMES_HOSTS_H

#include <stdbool.h>

#include "core/names/host.h"

/* Find what /etc/hosts says about `name`, both families in its order; if it says nothing, the loopback addresses for localhost, *.localhost
 * and this machine's name. Returns false for any other name. Sends nothing. */
bool hosts_find(const char *name, struct host *);

/* Find the names that /etc/hosts has for an address. Returns false if it has none. */
bool hosts_name(const struct addr *address, struct host *);

#endif
