/* preload_env: LD_PRELOAD, with our library in front of what is there. */
#ifndef CLI_PRELOAD_ENV_H
#define CLI_PRELOAD_ENV_H

#include <stdbool.h>

#include "conf/text.h"

/* The library as LD_PRELOAD names it, found from where this program lies: beside it in a build tree, else below $LIB so
 * that each architecture's dynamic linker finds its own. False with the reason in `problem`. */
bool preload_env_library(struct text *library, struct text *problem);

/* The same for a program at `exe`. */
bool preload_env_library_of(const char *exe, struct text *library, struct text *problem);

/* Append `library` and, behind it, `others`: the old LD_PRELOAD (or NULL) without any libsocksify.so. */
void preload_env_join(struct text *, const char *library, const char *others);

/* Whether libsocksify.so is among the entries of `list` (or NULL). */
bool preload_env_has_ours(const char *list);

#endif
