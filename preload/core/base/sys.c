/* SPDX-License-Identifier: MIT */
/* sys: the table, and the few calls that answer more simply than libc's. */
#include "core/base/sys.h"

int sys_connect(int fd, const struct sockaddr *to, socklen_t len)
{
	return __extension__ sys.connect(fd, to, len);
}

ssize_t sys_send(int fd, const void *bytes, size_t n, int flags)
{
	return sys_sendto(fd, bytes, n, flags, NULL, 0);
}

ssize_t sys_sendto(int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to, socklen_t len)
{
	return __extension__ sys.sendto(fd, bytes, n, flags, to, len);
}

ssize_t sys_sendmsg(int fd, const struct msghdr *message, int flags)
{
	return sys.sendmsg(fd, message, flags);
}

int sys_sendmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags)
{
	return sys.sendmmsg(fd, messages, n, flags);
}

int sys_option(int fd, int name)
{
	int value = 0;
	socklen_t len = sizeof(value);

	return sys.getsockopt(fd, SOL_SOCKET, name, &value, &len) ? -errno : value;
}
