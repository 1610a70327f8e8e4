/* SPDX-License-Identifier: MIT */
/* recv: receive datagrams from a socket that sends through relays, without the relays' headers. */
#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/caller.h"
#include "core/base/clock.h"
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
	return true;
}

/* True if the socket has sent through a chain since libc's own call began. Costs most processes a load. */
static inline bool is_late(int fd)
{
	return !sys_plain() && udp_is(fd);
}

/* What such a call has got: false if it is none of the program's, which then waits on. */
static bool late(int fd, const struct msghdr *m, ssize_t *n, struct endpoint *source)
{
	const int saved = errno;
	const ssize_t rc = udp_strip(fd, m, (size_t)*n, source);

	*n = rc == -EAGAIN ? rc : hook_result(rc, saved);
	return rc != -EAGAIN;
}

static bool late_buffers(int fd, const struct iovec *v, size_t n_v, ssize_t *n)
{
	const struct msghdr m = {.msg_iov = (struct iovec *)v, .msg_iovlen = n_v};
	struct endpoint unknown = {0};

	return *n < 0 || late(fd, &m, n, &unknown);
}

static bool late_buffer(int fd, void *to, size_t size, ssize_t *n)
{
	return late_buffers(fd, &(struct iovec){to, size}, 1, n);
}

/* The same with the source at `name`, of `*len` bytes, as the kernel has told it. */
static bool late_named(int fd, const struct msghdr *m, ssize_t *n, struct sockaddr *name, socklen_t *len)
{
	struct sockaddr_storage kernels = {0};
	struct endpoint source = {0};
	socklen_t size = 0;

	if (*n < 0)
		return true;
	if (name && caller_read(&size, len, sizeof(size)) && size <= sizeof(kernels) && caller_read(&kernels, name, size))
		source = endpoint_from((struct sockaddr *)&kernels, size);
	if (!late(fd, m, n, &source))
		return false;
	if (*n >= 0 && endpoint_len(&source) && endpoint_len(&source) <= size)
		caller_give_address(name, len, &source, endpoint_len(&source));
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

static ssize_t plain(int fd, struct msghdr *whole, int flags)
{
	ssize_t n = sys.recvmsg(fd, whole, flags);
	struct msghdr m;

	if (n < 0 || flags & MSG_ERRQUEUE || !is_late(fd) || !caller_read(&m, whole, sizeof(m)) ||
	    late_named(fd, &m, &n, m.msg_name, &whole->msg_namelen))
		return n;
	return recvmsg(fd, whole, flags);
}

/* recvmsg() on such a socket. The program's memory is written to as the kernel does (____sys_recvmsg() in net/socket.c). */
static ssize_t receive(int fd, struct msghdr *whole, int flags)
{
	struct endpoint source;
	struct msghdr m;
	ssize_t rc;

	if (!caller_read(&m, whole, sizeof(m)))
		return sys.recvmsg(fd, caller_nowhere(), flags);
	struct sockaddr *const name = m.msg_name;
	m.msg_name = name ? &source : NULL;
	m.msg_namelen = sizeof(source);
	if (!answered(fd, &m, flags, &rc))
		return plain(fd, whole, flags);
	const int saved = errno;
	int given = rc >= 0 && name ? caller_give_address(name, &whole->msg_namelen, &source, m.msg_namelen) : 0;
	if (rc >= 0 && !(caller_write(&whole->msg_flags, &m.msg_flags, sizeof(m.msg_flags)) &&
			 caller_write(&whole->msg_controllen, &m.msg_controllen, sizeof(m.msg_controllen))))
		given = -EFAULT;
	return given ? hook_result(given, saved) : rc;
}

ssize_t recvmsg(int fd, struct msghdr *m, int flags)
{
	return sys_plain() || !udp_is(fd) ? plain(fd, m, flags) : receive(fd, m, flags);
}

__extension__ ssize_t recvfrom(int fd, void *restrict to, size_t n, int flags, struct sockaddr *restrict from, socklen_t *restrict len)
{
	struct endpoint source;
	struct iovec v = {to, n};
	struct msghdr m = {.msg_name = from ? &source : NULL, .msg_namelen = sizeof(source), .msg_iov = &v, .msg_iovlen = 1};
	ssize_t rc;

	if (sys_plain() || !answered(fd, &m, flags, &rc)) {
		rc = __extension__ sys.recvfrom(fd, to, n, flags, from, len);
		return !is_late(fd) || late_named(fd, &m, &rc, from, len) ? rc : recvfrom(fd, to, n, flags, from, len);
	}
	if (rc < 0 || !from)
		return rc;
	const int given = caller_give_address(from, len, &source, m.msg_namelen);
	return given ? hook_result(given, errno) : rc;
}

ssize_t recv(int fd, void *to, size_t n, int flags)
{
	ssize_t rc;

	if (!sys_plain() && answered_buffer(fd, to, n, flags, &rc))
		return rc;
	rc = sys.recv(fd, to, n, flags);
	return !is_late(fd) || late_buffer(fd, to, n, &rc) ? rc : recv(fd, to, n, flags);
}

ssize_t read(int fd, void *to, size_t n)
{
	ssize_t rc;

	if (!sys_plain() && answered_buffer(fd, to, n, 0, &rc))
		return rc;
	rc = sys.read(fd, to, n);
	return !is_late(fd) || late_buffer(fd, to, n, &rc) ? rc : read(fd, to, n);
}

ssize_t readv(int fd, const struct iovec *v, int n)
{
	ssize_t rc;

	if (!sys_plain() && n >= 0 && answered_buffers(fd, v, (size_t)n, 0, &rc))
		return rc;
	rc = sys.readv(fd, v, n);
	return !is_late(fd) || n < 0 || late_buffers(fd, v, (size_t)n, &rc) ? rc : readv(fd, v, n);
}

/* Receive one of many. Returns its length, or -1. */
static ssize_t receive_next(int fd, struct mmsghdr *message, int flags)
{
	const int saved = errno;
	const ssize_t rc = receive(fd, &message->msg_hdr, flags);
	const unsigned len = (unsigned)rc;

	return rc < 0 || caller_write(&message->msg_len, &len, sizeof(len)) ? rc : hook_result(-EFAULT, saved);
}

/* Like the kernel's, check the time after each datagram, and leave an error behind the first one for the next call. Returns how many came,
 * or -1. */
static int receive_many(int fd, struct mmsghdr *messages, unsigned n, int flags, int64_t end)
{
	const int saved = errno;
	unsigned got = 0;

	while (got < n && receive_next(fd, &messages[got], flags & ~MSG_WAITFORONE) >= 0) {
		got++;
		if (flags & MSG_WAITFORONE)
			flags |= MSG_DONTWAIT;
		if (end != INT64_MAX && clock_now() >= end)
			break;
	}
	if (!got && n)
		return -1;
	errno = saved;
	return (int)got;
}

static int64_t end_of(const struct timespec *timeout)
{
	return timeout->tv_sec < INT32_MAX ? clock_now() + (int64_t)timeout->tv_sec * NS_PER_S + timeout->tv_nsec : INT64_MAX;
}

/* Tell what is left of the time, as the kernel does. Returns 0 or -EFAULT. */
static int give_rest(struct timespec *timeout, int64_t end)
{
	const int64_t now = clock_now(), left = end > now ? end - now : 0;
	const struct timespec rest = {.tv_sec = (time_t)(left / NS_PER_S), .tv_nsec = (long)(left % NS_PER_S)};

	return caller_write(timeout, &rest, sizeof(rest)) ? 0 : -EFAULT;
}

/* libc's own has got `n` datagrams. In place of one that is none of the program's comes the next, if there is one. Returns how many the program
 * may have, or -1. */
static int late_many(int fd, struct mmsghdr *messages, int n, int flags)
{
	const int next = (flags & ~MSG_WAITFORONE) | (flags & MSG_WAITFORONE && n > 1 ? MSG_DONTWAIT : 0);

	for (int i = 0; i < n; i++) {
		struct msghdr *const whole = &messages[i].msg_hdr;
		struct mmsghdr m;
		if (!caller_read(&m, &messages[i], sizeof(m)))
			return i ? i : (int)hook_result(-EFAULT, errno);
		ssize_t len = m.msg_len;
		if (!late_named(fd, &m.msg_hdr, &len, m.msg_hdr.msg_name, &whole->msg_namelen))
			len = recvmsg(fd, whole, next);
		m.msg_len = (unsigned)len;
		if (len < 0 || !caller_write(&messages[i].msg_len, &m.msg_len, sizeof(m.msg_len)))
			return i ? i : -1;
	}
	return n;
}

static int plain_many(int fd, struct mmsghdr *messages, unsigned n, int flags, struct timespec *timeout)
{
	const int got = sys.recvmmsg(fd, messages, n, flags, timeout);

	return got <= 0 || flags & MSG_ERRQUEUE || !is_late(fd) ? got : late_many(fd, messages, got, flags);
}

int recvmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags, struct timespec *timeout)
{
	const int saved = errno;
	struct timespec limit;

	if (sys_plain() || !udp_is(fd))
		return plain_many(fd, messages, n, flags, timeout);
	if (!timeout)
		return receive_many(fd, messages, n, flags, INT64_MAX);
	if (!caller_read(&limit, timeout, sizeof(limit)))
		return sys.recvmmsg(fd, messages, n, flags, caller_nowhere());
	const int64_t end = end_of(&limit);
	const int got = receive_many(fd, messages, n, flags, end), rest = got > 0 ? give_rest(timeout, end) : 0;
	return rest ? (int)hook_result(rest, saved) : got;
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
