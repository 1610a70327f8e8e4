/* SPDX-License-Identifier: MIT */
/* preload_list: the value of LD_PRELOAD, and the place of our library in it. */
#ifndef CORE_EXEC_PRELOAD_LIST_H
#define CORE_EXEC_PRELOAD_LIST_H

#include <stddef.h>

#include "core/base/text.h"

#define PRELOAD_LIBRARY "libsocksify.so"
#define PRELOAD_SEPARATORS " :" /* ld.so(8) knows no way to quote them */

/* Append `others`, the old LD_PRELOAD (or NULL), with `library` in it: where a libsocksify.so stands already, because a wrapper that was put in
 * front of us must find our functions behind its own (RTLD_NEXT); else first, behind AddressSanitizer's runtime. */
void preload_list_join(struct text *, const char *library, const char *others);

/* Append `others` (or NULL) without any libsocksify.so. */
void preload_list_leave(struct text *, const char *others);

/* Returns the first entry of `list` (or NULL) that is a libsocksify.so, and its length in `n`; NULL if there is none. */
const char *preload_list_ours(const char *list, size_t *n);

#endif
