/* hosts: the names that need no name server: those of /etc/hosts, localhost, and this machine's own. */
#ifndef CORE_NAMES_HOSTS_H
#define CORE_NAMES_HOSTS_H

#include <stdbool.h>

#include "core/names/host.h"

/* What /etc/hosts says about `name`, of both families and in its order; without a word from there: the loopback addresses for localhost,
 * *.localhost and the name of this machine. False if it is none of these. Nobody is asked. */
bool hosts_find(const char *name, struct host *);

/* The names that /etc/hosts has for an address; false if none. */
bool hosts_name(const struct addr *address, struct host *);

#endif
