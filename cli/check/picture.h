/* SPDX-License-Identifier: MIT */
/* picture: what a probe found, for people and as JSON. */
#ifndef CLI_CHECK_PICTURE_H
#define CLI_CHECK_PICTURE_H

#include "cli/check/probe.h"

/* Print the way, what each hop can do, and what to do about what failed. */
void picture_print(const struct probe *);

/* Print an object with the same, what was learnt of the hops before, and the layers (layers.h), which have been found. */
void picture_json(const struct probe *, const char *name, const char *source);

#endif
