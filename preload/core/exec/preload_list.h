/* preload_list: LD_PRELOAD, with our library in front of what is there. */
#ifndef CORE_EXEC_PRELOAD_LIST_H
#define CORE_EXEC_PRELOAD_LIST_H

#include <stdbool.h>

#include "core/base/text.h"

#define PRELOAD_LIBRARY "libsocksify.so"
#define PRELOAD_SEPARATORS " :" /* ld.so(8) knows no way to quote them */

/* Append `library` and, behind it, `others`: the old LD_PRELOAD (or NULL) without any libsocksify.so. */
void preload_list_join(struct text *, const char *library, const char *others);

/* Whether libsocksify.so is among the entries of `list` (or NULL). */
bool preload_list_has_ours(const char *list);

/* Remember how LD_PRELOAD in the environment names this library, as an absolute path or with its $LIB; else where the dynamic linker found it.
 * At start, as both change later. */
void preload_list_capture(char *const env[]);

/* What was remembered; NULL if nothing was. */
const char *preload_list_captured(void);

/* Whether programs that the library does not get into may be run all the same: --unsafe. */
bool program_unsafe(void);

#endif
