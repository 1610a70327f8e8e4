/* SPDX-License-Identifier: MIT */
/* self: the path of this library, as LD_PRELOAD has it. */
#ifndef SELF_H
#define SELF_H

/* Remember the library's path from LD_PRELOAD in this environment, made absolute or with its $LIB; else where the dynamic linker found
 * it. Call it at the start: the environment and the working directory may change later. */
void self_capture(char *const env[]);

/* Returns what was remembered, or NULL if nothing was. */
const char *self_library(void);

#endif
