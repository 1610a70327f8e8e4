/* sys: the real libc, resolved from hooks.def. */
#include "base/sys.h"

#include <dlfcn.h>

#undef sys

struct sys sys_table;
static atomic_bool special; /* a descriptor needs more than libc */

typedef void *__attribute__((may_alias)) any_pointer;

/* Several threads may be here at once; each pointer is written by one of them. */
static void find(void *function, const char *name)
{
	any_pointer *const pointer = function, none = NULL;

	__atomic_compare_exchange_n(pointer, &none, dlsym(RTLD_NEXT, name), false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

void sys_resolve(void)
{
#define HOOK(name, what) find(&sys_table.name, #name);
#define OURS(name, what)
#define TWIN(name, of)
#include "hooks.def"
	atomic_store_explicit(&sys_table.ready, true, memory_order_release);
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
