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
	size_t aliases_size;            /* bytes of them, without that last NUL */
};

#endif
