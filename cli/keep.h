/* SPDX-License-Identifier: MIT */
/* keep: leave a large configuration to the programs that the launcher starts, so that they need not read it again. */
#ifndef CLI_KEEP_H
#define CLI_KEEP_H

#include "conf/config.h"

/* Write the file that programs take the configuration over from, if it is large, and put its name into the environment. Where that cannot
 * be, they read what the user wrote. */
void keep(const struct config *);

#endif
