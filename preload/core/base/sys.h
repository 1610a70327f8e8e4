/* SPDX-License-Identifier: MIT */
/* sys: libc's own functions of hooks.def, never the hooks that stand before them in this process. The table is a seam: while the library
 * is relocated it fills its table itself; any other program fills it with the functions' addresses. */
#ifndef CORE_BASE_SYS_H
#define CORE_BASE_SYS_H

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <sched.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#if __GLIBC__ * 1000 + __GLIBC_MINOR__ < 2034
#error "socksify needs glibc 2.34 or newer: hooks.def stands in for functions that older ones, and other C libraries, do not have"
#endif
_Static_assert(sizeof(void *) == 8,
	       "socksify needs a 64-bit machine: with 32 bits glibc has a second set of functions, for 64-bit times, that no hook sees");

/* libc declares these only for programs that are built with _FORTIFY_SOURCE. */
ssize_t __recvfrom_chk(int, void *, size_t, size_t, int, struct sockaddr *, socklen_t *);
ssize_t __recv_chk(int, void *, size_t, size_t, int);
ssize_t __read_chk(int, void *, size_t, size_t);

/* What rlogind calls of a host's list; in no header. Newer libraries keep it for programs that were linked long ago: then it is NULL. */
int __ivaliduser(FILE *list, uint32_t host, const char *local, const char *remote) __attribute__((weak));

/* In libc since 2.39. */
__typeof__(posix_spawn) pidfd_spawn __attribute__((weak)), pidfd_spawnp __attribute__((weak));

struct sys {
#define HOOK(name, what) __typeof__(name) *name;
#include "core/base/hooks.def"
};

/* sys.connect(...) is libc's own. */
extern struct sys sys;

/* The library itself connects, sends, binds, listens and joins groups only by these, so that they can be marked for the guard, which stops a process's other
 * calls of these names. They return what libc's do, -1 and errno, and are cancellation points where those are. */
int sys_connect(int fd, const struct sockaddr *to, socklen_t len);
ssize_t sys_send(int fd, const void *bytes, size_t n, int flags);
ssize_t sys_sendto(int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to, socklen_t len);
ssize_t sys_sendmsg(int fd, const struct msghdr *, int flags);
int sys_sendmmsg(int fd, struct mmsghdr *, unsigned n, int flags);
int sys_bind(int fd, const struct sockaddr *at, socklen_t len);
int sys_listen(int fd, int backlog);
int sys_setsockopt(int fd, int level, int name, const void *value, socklen_t len);

/* What the kernel says of a socket that the library knows itself, without asking the guard what that knows. */
int sys_getsockname(int fd, struct sockaddr *own, socklen_t *len);
int sys_getpeername(int fd, struct sockaddr *to, socklen_t *len);
int sys_getsockopt(int fd, int level, int name, void *value, socklen_t *len);

/* SO_ERROR as the guard knows it, of a socket that this library may not have connected. The guard takes none for a socket whose connect it has missed:
 * those that pass this library do not reach it. */
int sys_ask_error(int fd, void *value, socklen_t *len);

/* The guard tells its marker, eight hexadecimal digits, by this variable. */
#define SYS_MARKER "SOCKSIFY_MARKER"

/* It ends in this if Landlock lets the process connect to the proxies' ports alone: other TCP connects of the library's are then the guard's to make. */
#define SYS_STRICT ".strict"

/* Heed that in the guard's word, the whole value of SYS_MARKER (NULL: there is no guard). */
void sys_heed_strict(const char *word);

/* Mark calls from now on if this is a marker: it stands in the upper half of the descriptor's register, which the kernel ignores but the guard's
 * filter sees. A number that is none: mark no more. */
void sys_mark(uint32_t marker);

bool sys_is_marking(void);

/* True if a guard stands above that never hears of the library's calls: with SYS_STRICT it makes some of them. */
bool sys_is_unheard(void);

/* True if the guard whose marker this is stands above this process. Leaves errno alone. */
bool sys_is_guarded(void);

/* What that asks: getpeername(2) of a marked number that no descriptor has, which only the guard's filter answers like this. By another such number
 * the guard itself is told something. */
enum { SYS_PROBE = INT_MIN, SYS_SIGN = INT_MIN + 1, SYS_PROBE_ERRNO = EALREADY };

/* Tell the guard that this thread may be trusted whenever `sign` stands at that address (core/base/reentry.h). Returns false if none hears it. Changes
 * errno. */
bool sys_tell_sign(const uint64_t *at, uint64_t sign);

/* Returns the number that an environment's SYS_MARKER stands for (NULL: there is none); 0 if that is none. Without libc: it runs when a process starts. */
uint32_t sys_marker_of(const char *value);

/* True if a marker can be told from the upper half of an unmarked descriptor's register: 0, or all ones for -1. */
static inline bool sys_is_marker(uint32_t marker)
{
	return marker != 0 && marker != UINT32_MAX;
}

/* Returns the number that getsockopt(SOL_SOCKET, name) reports of `fd`, for SO_TYPE or SO_DOMAIN; -errno. Changes errno. */
int sys_option(int fd, int name);

/* Returns what tells a socket from every other, before and after (SO_COOKIE); 0 if there is no such thing. Leaves errno alone. */
uint64_t sys_cookie(int fd);

/* Returns the result of a libc call as 0.. or -errno. */
static inline long sys_rc(long rc)
{
	return rc < 0 ? -errno : rc;
}

#endif
