/* preload_env: where the library lies, as LD_PRELOAD names it. */
#ifndef CLI_PRELOAD_ENV_H
#define CLI_PRELOAD_ENV_H

#include <stdbool.h>

#include "core/base/text.h"

/* The library as LD_PRELOAD names it, found from where this program lies: beside it in a build tree, else below $LIB so
 * that each architecture's dynamic linker finds its own. False with the reason in `problem`. */
bool preload_env_library(struct text *library, struct text *problem);

/* The same for a program at `exe`. */
bool preload_env_library_of(const char *exe, struct text *library, struct text *problem);

#endif
