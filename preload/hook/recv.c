/* SPDX-License-Identifier: MIT */
/* recv: receive datagrams from a socket that sends through relays, without the relays' headers. */
#include <poll.h>
#include <stddef.h>
#include <time.h>

#include "core/base/err.h"
#include "fd/ready.h"
#include "hook/hook.h"
#include "udp/udp.h"

/* True if a dial answers in place of the kernel. */
static bool unready(int fd, int flags, ssize_t *rc)
{
	const int saved = errno, no = fd_ready(fd, flags, SO_RCVTIMEO);

	*rc = hook_result(no, saved);
	return no;
}

/* True if we receive in place of the kernel, because the socket sends through a chain, or has to be dialled: then *rc is the result of
 * recvmsg(). */
static bool answered(int fd, struct msghdr *m, int flags, ssize_t *rc)
{
	const int saved = errno;
	struct udp *u = udp_is(fd) ? udp_enter(fd) : NULL;

	if (!u)
		return unready(fd, flags, rc);
	*rc = hook_result(udp_receive(u, fd, m, flags), saved);
	udp_leave(u);
	return true;
}

static bool answered_buffers(int fd, const struct iovec *v, size_t n, int flags, ssize_t *rc)
{
	struct msghdr m = {.msg_iov = (struct iovec *)v, .msg_iovlen = n};

	return answered(fd, &m, flags, rc);
}

static bool answered_buffer(int fd, void *to, size_t n, int flags, ssize_t *rc)
{
	return answered_buffers(fd, &(struct iovec){to, n}, 1, flags, rc);
}

ssize_t recvmsg(int fd, struct msghdr *m, int flags)
{
	ssize_t rc;

	return sys_plain() || !m || !answered(fd, m, flags, &rc) ? sys.recvmsg(fd, m, flags) : rc;
}

__extension__ ssize_t recvfrom(int fd, void *restrict to, size_t n, int flags, struct sockaddr *restrict from, socklen_t *restrict len)
{
	struct iovec v = {to, n};
	struct msghdr m = {.msg_name = from, .msg_namelen = from && len ? *len : 0, .msg_iov = &v, .msg_iovlen = 1};
	ssize_t rc;

	if (sys_plain() || !answered(fd, &m, flags, &rc))
		return __extension__ sys.recvfrom(fd, to, n, flags, from, len);
	if (rc >= 0 && from && len)
		*len = m.msg_namelen;
	return rc;
}

ssize_t recv(int fd, void *to, size_t n, int flags)
{
	ssize_t rc;

	return sys_plain() || !answered_buffer(fd, to, n, flags, &rc) ? sys.recv(fd, to, n, flags) : rc;
}

ssize_t read(int fd, void *to, size_t n)
{
	ssize_t rc;

	return sys_plain() || !answered_buffer(fd, to, n, 0, &rc) ? sys.read(fd, to, n) : rc;
}

ssize_t readv(int fd, const struct iovec *v, int n)
{
	ssize_t rc;

	return sys_plain() || n < 0 || !answered_buffers(fd, v, (size_t)n, 0, &rc) ? sys.readv(fd, v, n) : rc;
}

static bool is_over(const struct timespec *end)
{
	struct timespec now;

	if (!end)
		return false;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec > end->tv_sec || (now.tv_sec == end->tv_sec && now.tv_nsec >= end->tv_nsec);
}

/* Like the kernel's, check the time after each datagram, and leave an error behind the first one for the next call. */
int recvmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags, struct timespec *timeout)
{
	struct timespec end;
	unsigned got = 0;
	ssize_t rc = 0;

	if (sys_plain() || !udp_is(fd))
		return sys.recvmmsg(fd, messages, n, flags, timeout);
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (timeout) {
		end.tv_sec += timeout->tv_sec + (end.tv_nsec + timeout->tv_nsec) / 1000000000;
		end.tv_nsec = (end.tv_nsec + timeout->tv_nsec) % 1000000000;
	}
	const int saved = errno;
	while (got < n) {
		if (!answered(fd, &messages[got].msg_hdr, flags & ~MSG_WAITFORONE, &rc))
			return sys.recvmmsg(fd, messages + got, n - got, flags, timeout);
		if (rc < 0)
			break;
		messages[got++].msg_len = (unsigned)rc;
		if (flags & MSG_WAITFORONE)
			flags |= MSG_DONTWAIT;
		if (is_over(timeout ? &end : NULL))
			break;
	}
	if (got)
		errno = saved;
	return got ? (int)got : (int)rc;
}

ssize_t __recvfrom_chk(int fd, void *to, size_t n, size_t size, int flags, struct sockaddr *from, socklen_t *len)
{
	/* let libc's own end the program that overruns its buffer */
	return sys_plain() || n > size ? sys.__recvfrom_chk(fd, to, n, size, flags, from, len) : recvfrom(fd, to, n, flags, from, len);
}

ssize_t __recv_chk(int fd, void *to, size_t n, size_t size, int flags)
{
	return sys_plain() || n > size ? sys.__recv_chk(fd, to, n, size, flags) : recv(fd, to, n, flags);
}

ssize_t __read_chk(int fd, void *to, size_t n, size_t size)
{
	return sys_plain() || n > size ? sys.__read_chk(fd, to, n, size) : read(fd, to, n);
}
