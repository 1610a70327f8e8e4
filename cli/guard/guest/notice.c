/* SPDX-License-Identifier: MIT */
/* notice: the four ioctls of a seccomp listener. */
#include "cli/guard/guest/notice.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "core/base/err.h"

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS _IOW('!', 4, uint64_t)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP 1
#endif

static int listener = -1;

void notice_use(int fd)
{
	listener = fd;
	/* Since Linux 6.6: answer on the processor that asked. */
	ioctl(fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
}

/* Returns what poll(2) says of the listener: without POLLIN, to take a notice would wait. */
static int ready(void)
{
	struct pollfd p = {.fd = listener, .events = POLLIN};

	return poll(&p, 1, 0) == 1 ? p.revents : 0;
}

int notice_take(struct notice *r)
{
	for (int events; (events = ready()) != 0;) {
		struct seccomp_notif n = {0};
		if (!(events & POLLIN))
			return -ENOENT;
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n) != 0)
			continue; /* the thread has just been interrupted */
		*r = (struct notice){.id = n.id, .tid = (pid_t)n.pid, .arch = n.data.arch, .number = n.data.nr};
		for (int i = 0; i < 6; i++)
			r->arg[i] = n.data.args[i];
		return 0;
	}
	return -EAGAIN;
}

bool notice_is_over(void)
{
	const int events = ready();

	return events && !(events & POLLIN);
}

bool notice_waits(const struct notice *r)
{
	return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &r->id) == 0;
}

bool notice_answer(const struct notice *r, long rc)
{
	struct seccomp_notif_resp answer = {.id = r->id};

	if (rc == NOTICE_PASS)
		answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	else if (rc < 0)
		answer.error = -err_errno((int)rc);
	else
		answer.val = rc;
	return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) == 0;
}

int notice_place(const struct notice *r, int fd, int number, bool close_on_exec)
{
	struct seccomp_notif_addfd add = {
		.id = r->id,
		.flags = SECCOMP_ADDFD_FLAG_SETFD,
		.srcfd = (uint32_t)fd,
		.newfd = (uint32_t)number,
		.newfd_flags = close_on_exec ? O_CLOEXEC : 0,
	};

	return ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add) < 0 ? -errno : 0;
}
