/* SPDX-License-Identifier: MIT */
/* scm_rights: wait for the dials of all descriptors in a message's control data. */
#include "hook/scm_rights.h"

#include "core/base/caller.h"
#include "fd/control.h"
#include "fd/entered.h"

static void await_all(const char *numbers, size_t n)
{
	int fd;

	for (; n >= sizeof(fd) && caller_read(&fd, numbers, sizeof(fd)); numbers += sizeof(fd), n -= sizeof(fd))
		fd_await(fd);
}

void scm_rights_await(const struct msghdr *m)
{
	struct control c = control_of(m);
	struct cmsghdr head;
	const char *data;
	size_t n;

	while (control_next(&c, &head, &data, &n))
		if (head.cmsg_level == SOL_SOCKET && head.cmsg_type == SCM_RIGHTS)
			await_all(data, n);
}
