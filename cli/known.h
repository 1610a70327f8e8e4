/* SPDX-License-Identifier: MIT */
/* known: what the user's programs have learnt of a chain's proxies, for people and as JSON. */
#ifndef CLI_KNOWN_H
#define CLI_KNOWN_H

#include "conf/config.h"

/* Print a line for each proxy that something is known of; which is nothing where no chain chooses. */
void known_print(const struct route *);

/* Print it as the array "known" of the object at hand. */
void known_json(const struct route *);

#endif
