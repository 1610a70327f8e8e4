/* SPDX-License-Identifier: MIT */
/* spare: a soft limit just below the hard one. */
#include "cli/guard/guest/spare.h"

#include <sys/resource.h>

enum { SPARE = 4 }; /* to look at a socket takes two */

static void allow_all_but(rlim_t spare)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files))
		return;
	files.rlim_cur = files.rlim_max - spare;
	setrlimit(RLIMIT_NOFILE, &files);
}

void spare_keep(void)
{
	allow_all_but(SPARE);
}

void spare_use(void)
{
	allow_all_but(0);
}
