/* place: where a configuration may lie. */
#ifndef CONF_PLACE_H
#define CONF_PLACE_H

#include <stdbool.h>

#include "text.h"

/* The `i`th place to look: the one that SOCKSIFY_CONFIG names and no other, else those in the home directory and below /etc. False
 * past the last. */
bool place(int i, struct text *path);

/* The configuration in use: the first place where there is a file, or where it cannot be told. False without any. Neither allocates
 * nor locks. */
bool place_found(struct text *path);

#endif
