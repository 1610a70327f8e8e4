/* SPDX-License-Identifier: MIT */
/* advice: what to do about a chain that does not work. */
#ifndef CLI_CHECK_ADVICE_H
#define CLI_CHECK_ADVICE_H

#include "cli/check/probe.h"

/* Returns a sentence, or NULL if there is nothing to say. */
const char *advice(const struct probe *);

#endif
