/* SPDX-License-Identifier: MIT */
/* fastopen: MSG_FASTOPEN as a plain connect and a plain send, since no proxy passes a cookie on. */
#include "hook/fastopen.h"

#include "hook/hook.h"

bool fastopen_is(int fd, const struct msghdr *m, int flags)
{
	return flags & MSG_FASTOPEN && m->msg_name && m->msg_namelen >= sizeof(sa_family_t) &&
	       ((const struct sockaddr *)m->msg_name)->sa_family != AF_UNSPEC && sys_option(fd, SO_TYPE) == SOCK_STREAM;
}

ssize_t fastopen(int fd, const struct msghdr *m, int flags)
{
	struct msghdr rest = *m;

	if (__extension__ connect(fd, m->msg_name, m->msg_namelen))
		return -1;
	rest.msg_name = NULL;
	rest.msg_namelen = 0;
	return sys_sendmsg(fd, &rest, flags & ~MSG_FASTOPEN);
}
