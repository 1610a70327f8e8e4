/* SPDX-License-Identifier: MIT */
/* configure: read the configuration as the programs will that we start, and refuse what they should not trust. */
#ifndef CLI_CONFIGURE_H
#define CLI_CONFIGURE_H

#include <stdbool.h>

#include "conf/config.h"

/* Read it from the environment that the flags have made. Returns false after messages. */
bool configure(struct config *);

#endif
