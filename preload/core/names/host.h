/* SPDX-License-Identifier: MIT */
/* host: what a look-up of a name found, as gethostbyname(3) would tell it. */
#ifndef CORE_NAMES_HOST_H
#define CORE_NAMES_HOST_H

#include "core/base/addr.h"

enum { HOST_ADDRESSES = 16, HOST_ALIASES = 512 };

struct host {
	bool by_dns; /* DNS knows the name, though perhaps without an address */
	int n;
	struct addr addresses[HOST_ADDRESSES]; /* port 0 */
	char canonical[ADDR_NAME_MAX + 1];
	char aliases[HOST_ALIASES]; /* NUL-terminated strings, one after the other, then another NUL */
	size_t aliases_size;        /* bytes of them, without that last NUL */
};

/* Begin with nothing found; most of the 5 KB may keep their bytes. */
static inline void host_clear(struct host *r)
{
	r->by_dns = false;
	r->n = 0;
	r->canonical[0] = r->aliases[0] = '\0';
	r->aliases_size = 0;
}

#endif
