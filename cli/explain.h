/* SPDX-License-Identifier: MIT */
/* explain: which rule and chain decide about a destination; nothing is sent. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "conf/config.h"

/* Explain HOST[:PORT][/udp] on stdout. The exit status. */
int explain(const struct config *, const char *destination);

#endif
