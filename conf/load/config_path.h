/* config_path: where a configuration may lie. */
#ifndef CONF_LOAD_CONFIG_PATH_H
#define CONF_LOAD_CONFIG_PATH_H

#include <stdbool.h>

#include "core/base/text.h"

/* The `i`th place to look: the one that SOCKSIFY_CONFIG names and no other, else those in the home directory and below /etc. False
 * past the last. */
bool config_path(int i, struct text *path);

/* The configuration in use: the first place where there is a file, or where it cannot be told. False without any. Neither allocates
 * nor locks. */
bool config_path_found(struct text *path);

#endif
