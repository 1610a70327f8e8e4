/* SPDX-License-Identifier: MIT */
/* resolv_conf: which name servers are the system's: those of resolv.conf(5). Any thread, any signal handler; sends nothing. */
#ifndef CORE_NAMES_RESOLV_CONF_H
#define CORE_NAMES_RESOLV_CONF_H

#include "core/base/addr.h"

/* True if /etc/resolv.conf names the IP address as a name server, or did when this process looked before: a program that read the file at
 * its start goes on asking the servers of then. Ports and scopes do not count. */
bool resolv_conf_names(const struct addr *);

#endif
