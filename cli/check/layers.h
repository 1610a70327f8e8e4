/* SPDX-License-Identifier: MIT */
/* layers: which of the two engines would carry a command that is started now, and why one would not. */
#ifndef CLI_CHECK_LAYERS_H
#define CLI_CHECK_LAYERS_H

#include "conf/config.h"

/* Find out. The guard is put up for a moment, over a process that does nothing else. */
void layers_find(const struct config *);

/* The same of the guard alone. Returns why there is none, until the next call; NULL if there is one. */
const char *layers_no_guard(const struct config *);

/* Once found: print a line; and the same as the object "layers" of the object at hand. */
void layers_print(void);
void layers_json(void);

#endif
