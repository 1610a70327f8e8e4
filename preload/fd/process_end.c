/* SPDX-License-Identifier: MIT */
/* process_end: by a pidfd, or by the numbers of processes. */
#include "fd/process_end.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>

#include "core/base/sys.h"
#include "fd/hidden.h"

struct process_end process_end_none(void)
{
	return (struct process_end){.fd = -1, .parent = getppid()};
}

void process_end_await(struct process_end *e, int process)
{
	const int fd = (int)sys.syscall(SYS_pidfd_open, process, 0);

	process_end_forget(e);
	e->process = process;
	e->fd = fd < 0 ? -1 : hidden_move(fd);
}

void process_end_forget(struct process_end *e)
{
	own_close(e->fd);
	e->fd = -1;
}

/* Without a pidfd, as in a sandbox, look at our parent's number: kill(2) still finds a process that has ended but is not reaped. */
bool process_has_ended(const struct process_end *e)
{
	if (e->fd >= 0)
		return poll(&(struct pollfd){.fd = e->fd, .events = POLLIN}, 1, 0) > 0;
	return (e->process == e->parent && getppid() != e->parent) || (kill(e->process, 0) < 0 && errno == ESRCH);
}

bool process_is_there(int process)
{
	struct process_end e = process_end_none();

	process_end_await(&e, process);
	const bool ended = process_has_ended(&e);
	process_end_forget(&e);
	return !ended;
}
