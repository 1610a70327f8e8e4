/* SPDX-License-Identifier: MIT */
/* own: descriptors of our own programs are like any others. */
#include "core/base/own.h"

#include "core/base/sys.h"

int own_make(int (*make)(void *), void *arg)
{
	return make(arg);
}

void own_close(int fd)
{
	if (fd >= 0)
		sys.close(fd);
}
