/* SPDX-License-Identifier: MIT */
/* setuid: before a program changes what it may do: read the configuration while it can, and have no thread of ours in the way of a call that
 * only a process without others may make. */
#include <sched.h>
#include <unistd.h>

#include "core/dial/engine.h"
#include "fd/table.h"
#include "hook/hook.h"

int setuid(uid_t user)
{
	app_enter();
	return sys.setuid(user);
}

int seteuid(uid_t user)
{
	app_enter();
	return sys.seteuid(user);
}

int setreuid(uid_t real, uid_t effective)
{
	app_enter();
	return sys.setreuid(real, effective);
}

int setresuid(uid_t real, uid_t effective, uid_t saved)
{
	app_enter();
	return sys.setresuid(real, effective, saved);
}

int chroot(const char *path)
{
	app_enter();
	return sys.chroot(path);
}

/* Part from the descriptors of the program's other threads, which keep the helper: what is being connected would end in their table alone. */
static int leave(int flags)
{
	fd_table_await();
	const int rc = sys.unshare(flags);
	if (rc == 0)
		fd_table_leave();
	return rc;
}

/* The kernel says whether there are other threads, and does no more. */
static bool has_others(void)
{
	return sys.unshare(CLONE_THREAD);
}

int unshare(int flags)
{
	if (!(flags & (CLONE_NEWUSER | CLONE_THREAD | CLONE_SIGHAND | CLONE_VM | CLONE_FILES)) || fd_table_foreign())
		return sys.unshare(flags);
	if (flags != CLONE_FILES)
		app_enter();
	const int before = errno;
	engine_pause();
	const bool leaves = flags & CLONE_FILES && has_others();
	if (leaves)
		engine_resume();
	errno = before;
	const int rc = leaves ? leave(flags) : sys.unshare(flags), saved = errno;
	if (!leaves)
		engine_resume();
	errno = saved;
	return rc;
}

int setns(int fd, int kind)
{
	if (fd_table_foreign())
		return sys.setns(fd, kind);
	app_enter();
	engine_pause();
	const int rc = sys.setns(fd, kind), saved = errno;
	engine_resume();
	errno = saved;
	return rc;
}
