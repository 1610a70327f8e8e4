/* SPDX-License-Identifier: MIT */
/* manners: how a hop is spoken to, in words: whether it lets us in, and whether it is told all at once. */
#ifndef CLI_CHECK_MANNERS_H
#define CLI_CHECK_MANNERS_H

#include "cli/check/probe.h"

/* Returns whether the `i`th hop lets us in, and what for. */
const char *manners_entry(const struct probe *, size_t i);

/* Returns whether a hop is told all at once, without waiting for its answers in between, and who says so. */
const char *manners_pipelining(const struct proxy *);

#endif
