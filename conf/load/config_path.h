/* SPDX-License-Identifier: MIT */
/* config_path: the paths where a configuration is looked for. */
#ifndef CONF_LOAD_CONFIG_PATH_H
#define CONF_LOAD_CONFIG_PATH_H

#include <stdbool.h>

#include "core/base/text.h"

/* Write the `i`th path to try: only the one that SOCKSIFY_CONFIG names, if it is set, else those in the home directory and below /etc.
 * Returns false past the last. */
bool config_path(int i, struct text *path);

/* Write the path in use: the first where a file is, or where the kernel will not say. Returns false if there is none. Neither allocates
 * nor locks. */
bool config_path_found(struct text *path);

#endif
