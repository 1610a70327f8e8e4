/* placeholder: give every host name a placeholder address, and take it back again, in every process of the user. */
#ifndef CORE_NAMES_PLACEHOLDER_H
#define CORE_NAMES_PLACEHOLDER_H

#include <stdbool.h>

#include "conf/config.h"

/* Use the ranges of this configuration; it must outlive the process. Nothing is opened before the first name. */
void placeholder_use(const struct config *);

/* A placeholder of `family` (AF_INET or AF_INET6) for the ADDR_NAME `name`, with its port. 0 or ERR_NAMES_FULL. */
int placeholder_put(const struct addr *name, int family, struct addr *placeholder);

/* Whether an address lies in the ranges of placeholders. */
bool placeholder_covers(const struct addr *);

/* The name behind a placeholder, with the placeholder's port; false if nobody was given that address. */
bool placeholder_get(const struct addr *placeholder, struct addr *name);

#endif
