/* SPDX-License-Identifier: MIT */
/* hosts: the names that need no name server: those of /etc/hosts, localhost, and this machine's own. */
#ifndef CORE_NAMES_HOSTS_H
#define CORE_NAMES_HOSTS_H

#include "core/names/host.h"

/* Find what /etc/hosts says about `name`, both families in its order; if it says nothing, the loopback addresses for localhost, *.localhost
 * and this machine's name. Returns how many, 0 for any other name; -EMFILE if the file cannot be read for now. Sends nothing. */
int hosts_find(const char *name, struct host *);

/* Find the names that /etc/hosts has for an address. Returns 0 if it has none; -EMFILE likewise. */
int hosts_name(const struct addr *address, struct host *);

#endif
