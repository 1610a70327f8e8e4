/* SPDX-License-Identifier: MIT */
/* idn: names in other alphabets, as libc makes them fit for DNS. */
#ifndef HOOK_IDN_H
#define HOOK_IDN_H

#include "core/base/addr.h"

/* `node` as DNS has it, in the locale's encoding or already in ASCII: 0, EAI_IDN_ENCODE, or EAI_NONAME if it is too long. */
int idn_encode(const char *node, char ascii[static ADDR_NAME_MAX + 1]);

/* A name back in the locale's own letters, in memory from malloc(); NULL if it cannot be said in those. */
char *idn_decode(const char *ascii);

#endif
