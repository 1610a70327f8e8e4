/* SPDX-License-Identifier: MIT */
/* known_early: what the user's programs have learnt of proxies and bytes that come early (pipeline = auto), for people and as JSON. */
#ifndef CLI_KNOWN_EARLY_H
#define CLI_KNOWN_EARLY_H

#include "conf/config.h"

/* Print a line for each proxy of the route where that is ours to find out. */
void known_early_print(const struct route *);

/* Print it as the array "early" of the object at hand. */
void known_early_json(const struct route *);

#endif
