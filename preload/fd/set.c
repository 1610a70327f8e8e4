/* SPDX-License-Identifier: MIT */
/* set: it is readable when one of its descriptors is ready. */
#include "fd/set.h"

#include "core/base/own.h"
#include "core/base/sys.h"

static int make(void *unused)
{
	(void)unused;
	return (int)sys_rc(epoll_create1(EPOLL_CLOEXEC));
}

int set_make(void)
{
	return own_make(make, NULL);
}

void set_add(int set, int fd, uint32_t events)
{
	struct epoll_event event = {.events = events};

	if (set >= 0 && fd >= 0)
		sys.epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
}
