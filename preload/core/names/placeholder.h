/* SPDX-License-Identifier: MIT */
/* placeholder: hand out an address for a host name, and find the name again, in every process of the user.
 * Any thread, forked children too; no lock. Not async-signal-safe before the first call has mapped the table. */
#ifndef CORE_NAMES_PLACEHOLDER_H
#define CORE_NAMES_PLACEHOLDER_H

#include <stdbool.h>

#include "conf/config.h"

/* Use the ranges of this configuration, which must live as long as the process. Nothing is opened before the first name. */
void placeholder_use(const struct config *);

/* Hand out a placeholder of `family` (AF_INET or AF_INET6) for the ADDR_NAME `name`, with its port. Returns 0; or ERR_NAMES_FULL, also
 * if this process has had its share of new names (placeholder_share.h). */
int placeholder_put(const struct addr *name, int family, struct addr *placeholder);

/* True if the address lies in one of the placeholder ranges. */
bool placeholder_covers(const struct addr *);

/* True if such an address stands for a name. Others in the ranges may be real: the system has looked them up, or a rule names them. */
bool placeholder_stands(const struct addr *);

/* Find the name behind a placeholder, with the placeholder's port. Returns false if the address was never handed out. */
bool placeholder_get(const struct addr *placeholder, struct addr *name);

#endif
