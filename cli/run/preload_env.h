/* SPDX-License-Identifier: MIT */
/* preload_env: where the library lies, as LD_PRELOAD names it. */
#ifndef CLI_RUN_PRELOAD_ENV_H
#define CLI_RUN_PRELOAD_ENV_H

#include <stdbool.h>

#include "core/base/text.h"

/* Write how LD_PRELOAD is to name the library, which lies beside this program in a build tree, and otherwise below $LIB, so that each
 * architecture's dynamic linker finds its own. Returns false with the reason in `problem`. */
bool preload_env_library(struct text *library, struct text *problem);

/* preload_env_library() for a launcher at `exe`. */
bool preload_env_library_of(const char *exe, struct text *library, struct text *problem);

#endif
