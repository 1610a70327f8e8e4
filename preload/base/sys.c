/* sys: the real libc, resolved from hooks.def. */
#include "base/sys.h"

#include <dlfcn.h>
#include <string.h>

#undef sys

struct sys sys_table;
static atomic_bool special; /* a descriptor needs more than libc */

/* dlsym() answers with an object pointer; ISO C has no cast from there to a function. */
static void find(void *function, const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	memcpy(function, &found, sizeof(found));
}

void sys_resolve(void)
{
#define HOOK(name, what) find(&sys_table.name, #name);
#define OURS(name, what)
#define TWIN(name, of)
#include "hooks.def"
	sys_table.ready = true;
	sys_table.plain = !special;
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
