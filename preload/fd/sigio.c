/* SPDX-License-Identifier: MIT */
/* sigio: send the signal to the socket's owner ourselves, since the kernel does so only when something happens to the socket. */
#include "fd/sigio.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include "core/base/sys.h"

void sigio_hold(int fd, int flags)
{
	if (flags & O_ASYNC)
		sys.fcntl(fd, F_SETFL, flags & ~O_ASYNC);
}

/* What the kernel has in its POLL_OUT or POLL_ERR lies where a sender of a signal has its own words: si_band over si_pid, si_fd over si_value. */
static siginfo_t told(int number, int fd, bool failed)
{
	siginfo_t info = {.si_signo = number, .si_code = SI_QUEUE};

	info.si_pid = failed ? POLLERR : POLLOUT | POLLWRNORM | POLLWRBAND;
	info.si_value.sival_int = fd;
	return info;
}

static void signal_thread(int thread, int number, siginfo_t *info)
{
	if (number)
		sys.syscall(SYS_rt_tgsigqueueinfo, getpid(), thread, number, info);
	else
		sys.syscall(SYS_tgkill, getpid(), thread, SIGIO);
}

static void signal_owner(const struct f_owner_ex *owner, int number, siginfo_t *info)
{
	if (owner->type == F_OWNER_TID)
		signal_thread(owner->pid, number, info);
	else if (owner->type == F_OWNER_PID && number)
		sys.syscall(SYS_rt_sigqueueinfo, owner->pid, number, info);
	else
		kill(owner->type == F_OWNER_PGRP ? -owner->pid : owner->pid, number ? number : SIGIO);
}

void sigio_release(int fd, bool failed)
{
	const int number = sys.fcntl(fd, F_GETSIG);
	siginfo_t info = told(number, fd, failed);
	struct f_owner_ex owner = {0};

	sys.fcntl(fd, F_SETFL, sys.fcntl(fd, F_GETFL) | O_ASYNC);
	if (sys.fcntl(fd, F_GETOWN_EX, &owner) == 0 && owner.pid)
		signal_owner(&owner, number, &info);
}
