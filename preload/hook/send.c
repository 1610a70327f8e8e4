/* SPDX-License-Identifier: MIT */
/* send: sends that name a destination, that go to a datagram socket's peer, or that go to the system bus. */
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "core/base/caller.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/dns/daemons.h"
#include "core/route/source_route.h"
#include "dns/dbus.h"
#include "fd/control.h"
#include "fd/message.h"
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
	struct sockaddr_in6 copy = {0};

	if (!to || len < sizeof(to->sa_family))
		return false;
	if (to->sa_family != AF_UNSPEC)
		return addr_from_sockaddr(target, to, len) && target->kind != ADDR_UNIX;
	memcpy(&copy, to, len < sizeof(copy) ? len : sizeof(copy));
	copy.sin6_family = (sa_family_t)sys_option(fd, SO_DOMAIN);
	return addr_from_sockaddr(target, (const struct sockaddr *)&copy, len) && target->kind != ADDR_UNIX;
}

/* A connected stream ignores the destination. */
static bool is_stream(int fd)
{
	return sys_option(fd, SO_TYPE) == SOCK_STREAM;
}

/* Decide the route of a destination that the socket has not sent to before. Returns AS_IT_IS, 0 with *u and *p set, or a negative err. Its
 * frame is gone before the datagram is sent. */
__attribute__((noinline)) static int meet(int fd, const struct sockaddr *to, socklen_t len, struct udp **u, struct udp_dest *p)
{
	struct verdict v;
	struct addr target;

	const struct app *a = destination(fd, &target, to, len) ? app_enter() : NULL;
	if (!a)
		return AS_IT_IS;
	int rc = decide_for(fd, a, &target, true, &v);
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
	if (u && udp_address(u, fd, m->msg_name, m->msg_namelen, &p))
		*rc = 0;
	else
		*rc = m->msg_name ? meet(fd, m->msg_name, m->msg_namelen, &u, &p) : AS_IT_IS;
	const bool ours = *rc != AS_IT_IS;
	if (*rc == 0)
		*rc = udp_send(u, fd, &p, m, flags);
	else if (u)
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
	struct sockaddr_storage copy;
	struct iovec v = {(void *)(uintptr_t)bytes, n};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
	ssize_t rc;

	if (to && !caller_address(&copy, to, len))
		return sys_sendto(fd, bytes, n, flags, caller_nowhere(), len);
	if (to) {
		m.msg_name = &copy;
		m.msg_namelen = len;
	}
	if (fastopen_is(fd, &m, flags))
		return fastopen(fd, &m, flags);
	if ((to ? !udp_is_direct(fd, m.msg_name, len) : is_special(fd)) && answered(fd, &m, flags, &rc))
		return hook_result(rc, errno);
	return sys_sendto(fd, bytes, n, flags, m.msg_name, m.msg_namelen);
}

/* Returns -EPERM if the control data would lead the message past its address, else 0. */
static int check_control(const struct msghdr *m)
{
	struct control c = control_of(m);
	struct cmsghdr head;
	const char *data;
	size_t n;

	while (control_next(&c, &head, &data, &n))
		if (source_route_by_control(head.cmsg_level, head.cmsg_type) && !hook_goes_unseen())
			return -EPERM;
	return 0;
}

ssize_t sendmsg(int fd, const struct msghdr *whole, int flags)
{
	struct message copy;
	const struct msghdr *const m = &copy.own;
	ssize_t rc;

	if (!message_read(&copy, whole))
		return sys_sendmsg(fd, copy.kernels, flags);
	const int saved = errno, refused = check_control(m);
	if (refused)
		return hook_result(refused, saved);
	scm_rights_await(m);
	if (fastopen_is(fd, m, flags))
		return fastopen(fd, m, flags);
	if ((m->msg_name ? !udp_is_direct(fd, m->msg_name, m->msg_namelen) : is_special(fd)) && answered(fd, m, flags, &rc))
		return hook_result(rc, errno);
	return sys_sendmsg(fd, m, flags);
}

/* Count the leading messages that the kernel may send unchanged. *rc is the result for the first other one, AS_IT_IS if there is none. */
static unsigned kernels(int fd, const struct mmsghdr *messages, unsigned n, int flags, ssize_t *rc)
{
	struct message m;
	unsigned run = 0;

	for (*rc = AS_IT_IS; run < n; run++) {
		if (!message_read(&m, &messages[run].msg_hdr)) {
			*rc = sys_rc(sys_sendmsg(fd, m.kernels, flags));
			break;
		}
		const int refused = check_control(&m.own);
		if (refused) {
			*rc = refused;
			break;
		}
		scm_rights_await(&m.own);
		if ((run && fastopen_is(fd, &m.own, flags)) || answered(fd, &m.own, flags, rc))
			break;
	}
	return run;
}

/* True if the first message connects: then *rc is the result of sending it. */
static bool connects(int fd, const struct mmsghdr *messages, int flags, ssize_t *rc)
{
	struct message first;

	if (!(flags & MSG_FASTOPEN) || !message_read(&first, &messages[0].msg_hdr) || !fastopen_is(fd, &first.own, flags))
		return false;
	*rc = sys_rc(fastopen(fd, &first.own, flags));
	return true;
}

static bool set_length(struct mmsghdr *message, ssize_t n)
{
	const unsigned len = (unsigned)n;

	return caller_write(&message->msg_len, &len, sizeof(len));
}

/* Like the kernel's, send the messages before the first that fails. Returns how many, or a negative err if that is the first. */
static ssize_t send_many(int fd, struct mmsghdr *messages, unsigned n, int flags)
{
	unsigned sent = 0;
	ssize_t rc = 0;

	if (n && connects(fd, messages, flags, &rc))
		return rc < 0 ? rc : set_length(messages, rc) ? 1 : -EFAULT;
	while (sent < n && rc >= 0) {
		const unsigned run = kernels(fd, messages + sent, n - sent, flags, &rc);
		const long done = run ? sys_rc(sys_sendmmsg(fd, messages + sent, run, flags)) : 0;
		sent += done > 0 ? (unsigned)done : 0;
		if (done < (long)run)
			return sent ? (ssize_t)sent : done;
		if (sent < n && rc >= 0 && set_length(&messages[sent], rc))
			sent++;
		else if (sent < n && rc >= 0)
			rc = -EFAULT;
	}
	return sent ? (ssize_t)sent : rc;
}

int sendmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags)
{
	const int saved = errno;

	if (!n)
		return sys_sendmmsg(fd, messages, n, flags);
	return (int)hook_result(send_many(fd, messages, n < IOV_MAX ? n : IOV_MAX, flags), saved);
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
