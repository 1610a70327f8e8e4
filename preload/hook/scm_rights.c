/* SPDX-License-Identifier: MIT */
/* scm_rights: wait for the dials of all descriptors in a message's control data. */
#include "hook/scm_rights.h"

#include <string.h>

#include "fd/entered.h"

static void await_all(const struct cmsghdr *c)
{
	const unsigned char *at = CMSG_DATA(c), *const end = (const unsigned char *)c + c->cmsg_len;
	int fd;

	for (; end - at >= (long)sizeof(fd); at += sizeof(fd)) {
		memcpy(&fd, at, sizeof(fd));
		fd_await(fd);
	}
}

void scm_rights_await(const struct msghdr *m)
{
	if (!m || !m->msg_control || m->msg_controllen < sizeof(struct cmsghdr))
		return;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR((struct msghdr *)m, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
			await_all(c);
}
