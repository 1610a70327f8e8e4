/* SPDX-License-Identifier: MIT */
/* hand: one octet with a control message. */
#include "cli/guard/hand.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/sys.h"

struct letter {
	char octet;
	_Alignas(struct cmsghdr) char room[CMSG_SPACE(sizeof(int))];
	struct iovec part;
	struct msghdr message;
};

static struct msghdr *open_letter(struct letter *l)
{
	*l = (struct letter){.part = {&l->octet, 1}};
	l->message = (struct msghdr){.msg_iov = &l->part, .msg_iovlen = 1, .msg_control = l->room, .msg_controllen = sizeof(l->room)};
	return &l->message;
}

int hand_give(int connection, int fd)
{
	struct letter l;
	const struct msghdr *const m = open_letter(&l);
	struct cmsghdr *const rights = CMSG_FIRSTHDR(m);

	*rights = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(fd)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
	memcpy(CMSG_DATA(rights), &fd, sizeof(fd));
	return sys_sendmsg(connection, m, MSG_NOSIGNAL) == 1 ? 0 : -errno;
}

int hand_take(int connection)
{
	struct letter l;
	struct msghdr *const m = open_letter(&l);
	ssize_t n;
	int fd;

	while ((n = recvmsg(connection, m, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR)
		;
	if (n < 0)
		return -errno;
	const struct cmsghdr *const rights = CMSG_FIRSTHDR(m);
	if (!rights || rights->cmsg_len != CMSG_LEN(sizeof(fd)))
		return -EPIPE;
	memcpy(&fd, CMSG_DATA(rights), sizeof(fd));
	return fd;
}
