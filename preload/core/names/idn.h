/* SPDX-License-Identifier: MIT */
/* idn: names in other alphabets, converted for DNS as libc does. */
#ifndef CORE_NAMES_IDN_H
#define CORE_NAMES_IDN_H

#include "core/base/addr.h"

/* Convert `node`, in the locale's encoding or already ASCII, for DNS. Returns 0, EAI_IDN_ENCODE, or EAI_NONAME if the result is too
 * long. */
int idn_encode(const char *node, char ascii[static ADDR_NAME_MAX + 1]);

/* Convert a name back into the locale's letters. Returns memory from malloc(), or NULL if the locale lacks those letters. */
char *idn_decode(const char *ascii);

#endif
