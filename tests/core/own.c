/* SPDX-License-Identifier: MIT */
#include "core/base/own.h"

#include <unistd.h>

int own_make(int (*make)(void *), void *arg)
{
	return make(arg);
}

void own_close(int fd)
{
	if (fd >= 0)
		close(fd);
}
