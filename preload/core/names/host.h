/* host: what a name stands for. */
#ifndef CORE_NAMES_HOST_H
#define CORE_NAMES_HOST_H

#include "core/base/addr.h"

enum { HOST_ADDRESSES = 16, HOST_ALIASES = 512 };

struct host {
	bool by_dns; /* it exists there, though it may have no address */
	int n;
	struct addr addresses[HOST_ADDRESSES]; /* port 0 */
	char canonical[ADDR_NAME_MAX + 1];
	char aliases[HOST_ALIASES]; /* each ended by a NUL, the last by another */
	size_t aliases_size;            /* bytes, without that last NUL */
};

#endif
