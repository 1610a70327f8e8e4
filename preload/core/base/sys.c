/* SPDX-License-Identifier: MIT */
/* sys: the table, the calls that are marked, and a few that answer more simply than libc's. */
#include "core/base/sys.h"

#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>

#include "core/base/pages.h"

EARLY static uint32_t marker; /* 0: there is no guard */
EARLY static bool strict;

void sys_mark(uint32_t of_guard)
{
	marker = sys_is_marker(of_guard) ? of_guard : 0;
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

uint32_t sys_marker_of(const char *value)
{
	uint32_t number = 0;

	for (int i = 0; value && i < 8; i++) {
		const int next = digit(value[i]);
		if (next < 0)
			return 0;
		number = number << 4 | (uint32_t)next;
	}
	return sys_is_marker(number) ? number : 0;
}

/* The arguments of a call behind its descriptor. */
struct rest {
	uintptr_t a, b, c, d, e;
};

/* libc's own functions take a descriptor of 32 bits. */
static long marked(long number, int fd, struct rest r)
{
	return sys.syscall(number, (uint64_t)marker << 32 | (uint32_t)fd, r.a, r.b, r.c, r.d, r.e);
}

/* syscall(2) is no cancellation point: so let the thread be cancelled at any instruction of it. */
static long marked_cancelably(long number, int fd, struct rest r)
{
	int type;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &type);
	const long rc = marked(number, fd, r);
	pthread_setcanceltype(type, NULL);
	return rc;
}

bool sys_is_marking(void)
{
	return __builtin_expect(marker != 0, false);
}

bool sys_tell_sign(const uint64_t *at, uint64_t sign)
{
	return sys_is_marking() && marked(SYS_getpeername, SYS_SIGN, (struct rest){(uintptr_t)at, sign, 0, 0, 0}) == 0;
}

bool sys_is_guarded(void)
{
	const int saved = errno;
	const bool answered = sys_is_marking() && marked(SYS_getpeername, SYS_PROBE, (struct rest){0}) < 0 && errno == SYS_PROBE_ERRNO;

	errno = saved;
	return answered;
}

void sys_heed_strict(const char *word)
{
	strict = word && strstr(word, SYS_STRICT);
}

bool sys_is_unheard(void)
{
	return sys_is_marking() && !strict;
}

int sys_connect(int fd, const struct sockaddr *to, socklen_t len)
{
	if (!sys_is_marking())
		return __extension__ sys.connect(fd, to, len);
	const int saved = errno, rc = (int)marked_cancelably(SYS_connect, fd, (struct rest){(uintptr_t)to, len, 0, 0, 0});
	if (rc == 0 || errno != EACCES || !strict)
		return rc;
	errno = saved;
	return __extension__ sys.connect(fd, to, len);
}

ssize_t sys_send(int fd, const void *bytes, size_t n, int flags)
{
	return sys_sendto(fd, bytes, n, flags, NULL, 0);
}

ssize_t sys_sendto(int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to, socklen_t len)
{
	if (sys_is_marking() && (to || flags & MSG_FASTOPEN))
		return marked_cancelably(SYS_sendto, fd, (struct rest){(uintptr_t)bytes, n, (uintptr_t)flags, (uintptr_t)to, len});
	return __extension__ sys.sendto(fd, bytes, n, flags, to, len);
}

ssize_t sys_sendmsg(int fd, const struct msghdr *message, int flags)
{
	if (sys_is_marking())
		return marked_cancelably(SYS_sendmsg, fd, (struct rest){(uintptr_t)message, (uintptr_t)flags, 0, 0, 0});
	return sys.sendmsg(fd, message, flags);
}

int sys_sendmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags)
{
	if (sys_is_marking())
		return (int)marked_cancelably(SYS_sendmmsg, fd, (struct rest){(uintptr_t)messages, n, (uintptr_t)flags, 0, 0});
	return sys.sendmmsg(fd, messages, n, flags);
}

int sys_bind(int fd, const struct sockaddr *at, socklen_t len)
{
	if (sys_is_marking())
		return (int)marked(SYS_bind, fd, (struct rest){(uintptr_t)at, len, 0, 0, 0});
	return __extension__ sys.bind(fd, at, len);
}

int sys_listen(int fd, int backlog)
{
	if (sys_is_marking())
		return (int)marked(SYS_listen, fd, (struct rest){(uintptr_t)backlog, 0, 0, 0, 0});
	return sys.listen(fd, backlog);
}

int sys_setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	if (sys_is_marking())
		return (int)marked(SYS_setsockopt, fd, (struct rest){(uintptr_t)level, (uintptr_t)name, (uintptr_t)value, len, 0});
	return sys.setsockopt(fd, level, name, value, len);
}

int sys_getsockname(int fd, struct sockaddr *own, socklen_t *len)
{
	if (sys_is_marking())
		return (int)marked(SYS_getsockname, fd, (struct rest){(uintptr_t)own, (uintptr_t)len, 0, 0, 0});
	return __extension__ sys.getsockname(fd, own, len);
}

int sys_getpeername(int fd, struct sockaddr *to, socklen_t *len)
{
	if (sys_is_marking())
		return (int)marked(SYS_getpeername, fd, (struct rest){(uintptr_t)to, (uintptr_t)len, 0, 0, 0});
	return __extension__ sys.getpeername(fd, to, len);
}

int sys_getsockopt(int fd, int level, int name, void *value, socklen_t *len)
{
	if (sys_is_marking() && level == SOL_SOCKET && name == SO_ERROR)
		return (int)marked(SYS_getsockopt, fd,
				   (struct rest){(uintptr_t)level, (uintptr_t)name, (uintptr_t)value, (uintptr_t)len, 0});
	return sys.getsockopt(fd, level, name, value, len);
}

uint64_t sys_cookie(int fd)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);
	const int saved = errno;

	if (sys.getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len))
		errno = saved;
	return cookie;
}

int sys_ask_error(int fd, void *value, socklen_t *len)
{
	const uint64_t signed_level = (uint64_t)marker << 32 | SOL_SOCKET;

	return (int)sys.syscall(SYS_getsockopt, (uint64_t)(uint32_t)fd, signed_level, SO_ERROR, value, len);
}

int sys_option(int fd, int name)
{
	int value = 0;
	socklen_t len = sizeof(value);

	return sys.getsockopt(fd, SOL_SOCKET, name, &value, &len) ? -errno : value;
}
