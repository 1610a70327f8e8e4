/* SPDX-License-Identifier: MIT */
/* self: this library, as LD_PRELOAD names it. */
#ifndef SELF_H
#define SELF_H

/* Remember how LD_PRELOAD in the environment names this library, as an absolute path or with its $LIB; else where the dynamic linker found it.
 * Call it at the start: the environment and the working directory may change later. */
void self_capture(char *const env[]);

/* Returns what was remembered, or NULL if nothing was. */
const char *self_library(void);

#endif
