/* sys: the real libc, resolved from hooks.def. */
#include "core/base/sys.h"

#include <dlfcn.h>
#include <sched.h>
#include <string.h>

#undef sys

struct sys sys_table;
static atomic_bool special; /* a descriptor needs more than libc */

static atomic_bool begun;
static __thread bool mine; /* this thread fills the table, further up its stack */

/* dlsym() answers with an object pointer; ISO C has no cast from there to a function. */
static void find(void *function, const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	memcpy(function, &found, sizeof(found));
}

void sys_resolve(void)
{
	if (!mine && atomic_exchange(&begun, true)) {
		while (!sys_table.ready)
			sched_yield();
		return;
	}
	mine = true; /* a signal handler that comes now does all of it again, and finds the same */
#define HOOK(name, what) find(&sys_table.name, #name);
#define OURS(name, what)
#define TWIN(name, of)
#include "hooks.def"
	mine = false;
	sys_table.ready = true;
	sys_table.plain = !special;
}

void sys_forked(void)
{
	if (!sys_table.ready && !mine)
		begun = false; /* the thread that was at it is not here */
}

void sys_plain_no_more(void)
{
	special = true;
	sys_table.plain = false;
}

int sys_connect(int fd, const struct sockaddr *to, socklen_t len)
{
	return __extension__ sys_ready()->connect(fd, to, len);
}

ssize_t sys_send(int fd, const void *bytes, size_t n, int flags)
{
	return sys_sendto(fd, bytes, n, flags, NULL, 0);
}

ssize_t sys_sendto(int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to, socklen_t len)
{
	return __extension__ sys_ready()->sendto(fd, bytes, n, flags, to, len);
}

ssize_t sys_sendmsg(int fd, const struct msghdr *message, int flags)
{
	return sys_ready()->sendmsg(fd, message, flags);
}

int sys_sendmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags)
{
	return sys_ready()->sendmmsg(fd, messages, n, flags);
}
