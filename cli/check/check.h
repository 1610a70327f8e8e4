/* SPDX-License-Identifier: MIT */
/* check: try out the chains, and show what was found. */
#ifndef CLI_CHECK_CHECK_H
#define CLI_CHECK_CHECK_H

#include "conf/config.h"

/* Check the chain or proxy that one of the words names, to the destination that the other is; NULL: not given. Without a name: the default
 * chain and those that rules use. Returns the exit status, 0 if all work, whatever they say of the destination. */
int check(const struct config *, const char *word, const char *other, bool as_json);

#endif
