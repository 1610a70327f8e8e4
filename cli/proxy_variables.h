/* SPDX-License-Identifier: MIT */
/* proxy_variables: ALL_PROXY and its kin, by which a program would find a proxy by itself, and go to it through ours. */
#ifndef CLI_PROXY_VARIABLES_H
#define CLI_PROXY_VARIABLES_H

#include <stdbool.h>

#include "conf/config.h"

enum { PROXY_VARIABLES = 8 };

/* Take them out of the environment where a chain is in force, unless `keep_proxy_variables` is set; what they mean to us, SOCKSIFY_* says from then
 * on. `gone` then names those that were there, and ends with NULL. Returns false after a message. */
bool proxy_variables_remove(const struct config *, const char *gone[static PROXY_VARIABLES + 1]);

#endif
