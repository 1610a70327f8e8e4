/* sys: the real libc, resolved from hooks.def. */
#ifndef BASE_SYS_H
#define BASE_SYS_H

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <resolv.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct sys {
	bool ready;
#define HOOK(name, what) __typeof__(name) *name;
#define OURS(name, what)
#define TWIN(name, of)
#include "hooks.def"
#undef HOOK
#undef OURS
#undef TWIN
};

extern struct sys sys_table;

/* Fill the table; no heap, no lock, harmless when repeated: other libraries' constructors may get here before ours. */
void sys_resolve(void);

static inline const struct sys *sys_ready(void)
{
	if (__builtin_expect(!sys_table.ready, false))
		sys_resolve();
	return &sys_table;
}

/* sys.connect(...) is libc's own. */
#define sys (*sys_ready())

/* Every connect and send that the library itself issues goes through these, so that a second engine can mark them here. They answer as
 * libc does: -1 and errno. */
int sys_connect(int fd, const struct sockaddr *to, socklen_t len);
ssize_t sys_send(int fd, const void *bytes, size_t n, int flags);
ssize_t sys_sendto(int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to, socklen_t len);
ssize_t sys_sendmsg(int fd, const struct msghdr *, int flags);
int sys_sendmmsg(int fd, struct mmsghdr *, unsigned n, int flags);

/* The answer of a libc call as 0.. or -errno. */
static inline long sys_rc(long rc)
{
	return rc < 0 ? -errno : rc;
}

#endif
