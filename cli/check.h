/* SPDX-License-Identifier: MIT */
/* check: dial each hop of the chains in turn, and show and time every step. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "conf/config.h"

/* Check the chain or proxy `name`; NULL: the default chain and those that rules use. Returns the exit status, 0 if all work. */
int check(const struct config *, const char *name);

#endif
