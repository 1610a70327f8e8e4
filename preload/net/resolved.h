/* resolved: what a name stands for. */
#ifndef NET_RESOLVED_H
#define NET_RESOLVED_H

#include "conf/addr.h"

enum { RESOLVED_MAX = 16, RESOLVED_ALIASES = 512 };

struct resolved {
	bool by_dns; /* it exists there, though it may have no address */
	int n;
	struct addr addresses[RESOLVED_MAX]; /* port 0 */
	char canonical[ADDR_NAME_MAX + 1];
	char aliases[RESOLVED_ALIASES]; /* each ended by a NUL, the last by another */
	size_t aliases_size;            /* bytes, without that last NUL */
};

#endif
