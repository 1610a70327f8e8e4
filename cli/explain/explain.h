/* SPDX-License-Identifier: MIT */
/* explain: tell which rule and chain decide about a destination, without sending anything. */
#ifndef CLI_EXPLAIN_EXPLAIN_H
#define CLI_EXPLAIN_EXPLAIN_H

#include "conf/config.h"

/* Explain HOST[:PORT][/udp] on stdout. Returns the exit status. */
int explain(const struct config *, const char *destination, bool as_json);

#endif
