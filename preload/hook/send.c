/* SPDX-License-Identifier: MIT */
/* send: sends that name a destination, that go to a datagram socket's peer, or that go to the system bus. */
#include <stdint.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/log.h"
#include "dns/daemons.h"
#include "dns/dbus.h"
#include "fd/ready.h"
#include "hook/fastopen.h"
#include "hook/hook.h"
#include "hook/scm_rights.h"
#include "udp/udp.h"

/* Not an err: the kernel may send the message unchanged. */
enum { AS_IT_IS = 1 };

/* Read the destination. AF_UNSPEC means AF_INET to an IPv4 datagram socket, and AF_INET6 to an IPv6 raw one. */
static bool destination(int fd, struct addr *target, const struct sockaddr *to, socklen_t len)
{
	struct sockaddr_storage copy = {0};

	if (!to || len < sizeof(to->sa_family))
		return false;
	if (to->sa_family != AF_UNSPEC)
		return addr_from_sockaddr(target, to, len) && target->kind != ADDR_UNIX;
	memcpy(&copy, to, len < sizeof(copy) ? len : sizeof(copy));
	copy.ss_family = (sa_family_t)sys_option(fd, SO_DOMAIN);
	return addr_from_sockaddr(target, (const struct sockaddr *)&copy, len) && target->kind != ADDR_UNIX;
}

/* A connected stream ignores the destination. */
static bool is_stream(int fd)
{
	return sys_option(fd, SO_TYPE) == SOCK_STREAM;
}

/* Decide the route of a destination that the socket has not sent to before. Returns AS_IT_IS, 0 with *u and *p set, or a negative err. */
static int meet(int fd, const struct sockaddr *to, socklen_t len, struct udp **u, struct udp_dest *p)
{
	struct verdict v;
	struct addr target;

	const struct app *a = destination(fd, &target, to, len) ? app_enter() : NULL;
	if (!a)
		return AS_IT_IS;
	int rc = decide(a, &target, true, &v);
	if (rc == 0 && v.route->kind == ROUTE_DIRECT && target.kind != ADDR_NAME) {
		udp_sends_direct(fd, to, len);
		return AS_IT_IS;
	}
	if (is_stream(fd))
		return AS_IT_IS;
	if (rc == 0 && !*u)
		*u = udp_make(fd, &rc);
	if (rc == 0)
		rc = udp_meet(*u, to, len, &target, v.route, p);
	return rc < 0 ? hook_refuse(&target, rc) : rc;
}

/* True if we answer in place of the kernel, by a chain, a dial or a refusal: then *rc is the result of sendmsg(). */
static bool answered(int fd, const struct msghdr *m, int flags, ssize_t *rc)
{
	const int saved = errno;
	struct udp_dest p;

	*rc = fd_ready(fd, flags, SO_SNDTIMEO);
	if (*rc) {
		errno = saved;
		return true;
	}
	if ((!m->msg_name || !m->msg_namelen) && dbus_is(fd)) {
		*rc = dbus_send(fd, m, flags, daemon_names);
		errno = saved;
		return true;
	}
	struct udp *u = udp_enter(fd);
	if (u && udp_address(u, m->msg_name, m->msg_namelen, &p))
		*rc = 0;
	else
		*rc = m->msg_name ? meet(fd, m->msg_name, m->msg_namelen, &u, &p) : AS_IT_IS;
	const bool ours = *rc != AS_IT_IS;
	if (*rc == 0)
		*rc = udp_send(u, fd, &p, m, flags);
	if (u)
		udp_leave(u);
	errno = saved;
	return ours;
}

/* True if sends without an address on `fd` may need more than the kernel. Costs most processes one load, others three and a test. */
static bool is_special(int fd)
{
	const struct fd_entry *entry = sys_plain() ? NULL : fd_entry_find(fd);

	return entry && fd_entry_is(entry, FD_UDP | FD_DBUS | FD_PENDING | FD_FAILED);
}

/* The same for a send without an address. */
static bool answered_peer(int fd, const struct iovec *v, size_t n, int flags, ssize_t *rc)
{
	const struct msghdr m = {.msg_iov = (struct iovec *)v, .msg_iovlen = n};

	if (!answered(fd, &m, flags, rc))
		return false;
	*rc = hook_result(*rc, errno);
	return true;
}

__extension__ ssize_t sendto(int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to, socklen_t len)
{
	struct iovec v = {(void *)(uintptr_t)bytes, n};
	const struct msghdr m = {.msg_name = (void *)(uintptr_t)to, .msg_namelen = len, .msg_iov = &v, .msg_iovlen = 1};
	ssize_t rc;

	if (fastopen_is(fd, &m, flags))
		return fastopen(fd, &m, flags);
	if ((to ? !udp_is_direct(fd, to, len) : is_special(fd)) && answered(fd, &m, flags, &rc))
		return hook_result(rc, errno);
	return sys_sendto(fd, bytes, n, flags, to, len);
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	ssize_t rc;

	scm_rights_await(m);
	if (fastopen_is(fd, m, flags))
		return fastopen(fd, m, flags);
	if (m && (m->msg_name ? !udp_is_direct(fd, m->msg_name, m->msg_namelen) : is_special(fd)) && answered(fd, m, flags, &rc))
		return hook_result(rc, errno);
	return sys_sendmsg(fd, m, flags);
}

/* Count the leading messages that the kernel may send unchanged. *rc is our result for the first other one, AS_IT_IS if there is none. */
static unsigned kernels(int fd, struct mmsghdr *messages, unsigned n, int flags, ssize_t *rc)
{
	unsigned run = 0;

	*rc = AS_IT_IS;
	while (run < n && !(run && fastopen_is(fd, &messages[run].msg_hdr, flags)) && !answered(fd, &messages[run].msg_hdr, flags, rc))
		run++;
	return run;
}

/* Like the kernel's, send the messages before the first that fails. */
int sendmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags)
{
	const int saved = errno;
	unsigned sent = 0;
	ssize_t rc = 0;

	for (unsigned i = 0; i < n; i++)
		scm_rights_await(&messages[i].msg_hdr);
	if (n && fastopen_is(fd, &messages[0].msg_hdr, flags))
		return fastopen_first(fd, messages, flags);
	while (sent < n && rc >= 0) {
		const unsigned run = kernels(fd, messages + sent, n - sent, flags, &rc);
		const long done = run ? sys_rc(sys_sendmmsg(fd, messages + sent, run, flags)) : 0;
		if (done < (long)run)
			return sent || done > 0 ? (int)sent + (done > 0 ? (int)done : 0) : (int)hook_result(done, saved);
		sent += run;
		if (sent < n && rc >= 0)
			messages[sent++].msg_len = (unsigned)rc;
	}
	return sent || !n ? (int)sent : (int)hook_result(rc, saved);
}

ssize_t send(int fd, const void *bytes, size_t n, int flags)
{
	ssize_t rc;

	if (!is_special(fd) || !answered_peer(fd, &(struct iovec){(void *)bytes, n}, 1, flags, &rc))
		return sys.send(fd, bytes, n, flags);
	return rc;
}

ssize_t write(int fd, const void *bytes, size_t n)
{
	ssize_t rc;

	if (!is_special(fd) || !answered_peer(fd, &(struct iovec){(void *)bytes, n}, 1, 0, &rc))
		return sys.write(fd, bytes, n);
	return rc;
}

ssize_t writev(int fd, const struct iovec *v, int n)
{
	ssize_t rc;

	if (!is_special(fd) || n < 0 || !answered_peer(fd, v, (size_t)n, 0, &rc))
		return sys.writev(fd, v, n);
	return rc;
}
