/* SPDX-License-Identifier: MIT */
/* send: send a datagram through its association, which is set up first if need be. */
#include "core/base/caller.h"
#include "core/base/iovec.h"
#include "core/base/scratch.h"
#include "core/base/sys.h"
#include "core/journal/dials.h"
#include "fd/control.h"
#include "udp/socket.h"

enum { FEW = 14, IOV_LIMIT = 1024, WAITS = 1 };

/* The kernel would cut segments without regard to our header. */
static bool asks_for_segments(const struct msghdr *m)
{
	struct control c = control_of(m);
	struct cmsghdr head;
	const char *data;
	size_t n;

	while (control_next(&c, &head, &data, &n))
		if (head.cmsg_level == IPPROTO_UDP)
			return true;
	return false;
}

static int check(const struct msghdr *m, int flags)
{
	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	return asks_for_segments(m) ? -EINVAL : 0;
}

static bool is_nonblocking(int fd, int flags)
{
	return flags & MSG_DONTWAIT || sys.fcntl(fd, F_GETFL) & O_NONBLOCK;
}

/* Returns 0 once the association stands; WAITS if the datagram waits in the queue; or a negative err. */
static int admit(struct udp *u, int fd, struct udp_dest *d, const struct msghdr *m, int flags)
{
	bool waits = false;
	int rc = d->route->kind == ROUTE_HERE ? udp_face_dns(u, d) : 0;

	while (rc == 0 && !waits) {
		lock_take(&u->lock);
		udp_admit(u, d);
		lock_give(&u->lock);
		if (d->stands)
			return 0;
		rc = udp_associate(u, fd, d, m, is_nonblocking(fd, flags), &waits);
	}
	return rc ? rc : WAITS;
}

/* The kernel reports that the relay is gone, so look whether its connection has ended. */
static void relay_is_gone(struct udp *u, const struct udp_dest *d)
{
	lock_take(&u->lock);
	struct association *a = udp_association(u, d->route, d->group);
	if (a && a->state == ASSOCIATION_READY)
		association_check(a, true);
	lock_give(&u->lock);
}

/* From here on the thread may be cancelled, or jump away: it must hold nothing. False if the number was closed meanwhile, and may be another
 * socket's, which must not hear from our relay. */
static bool leave(struct udp **u, int fd)
{
	struct udp *const now = udp_enter(fd);
	const bool same = now == *u;

	if (now)
		udp_leave(now);
	udp_leave(*u);
	*u = NULL;
	return same;
}

static void look_into(int fd, const struct udp_dest *d, int error)
{
	struct udp *u = udp_enter(fd);

	if (!u)
		return;
	udp_watched(u, fd);
	if (error == -ECONNREFUSED)
		relay_is_gone(u, d);
	udp_leave(u);
}

/* Send headers in front of the application's own buffers, whose list has room for one more there. */
static ssize_t send_relayed(struct udp **u, int fd, struct udp_dest *d, const struct msghdr *m, int flags)
{
	const bool continues = atomic_exchange(&(*u)->corked, flags & MSG_MORE);
	const size_t n = continues ? 0 : (size_t)d->front_len + d->header_len;
	struct msghdr out = {.msg_name = &d->at,
			     .msg_namelen = endpoint_len(&d->at),
			     .msg_iov = m->msg_iov - 1,
			     .msg_iovlen = m->msg_iovlen + 1,
			     .msg_control = m->msg_control,
			     .msg_controllen = m->msg_controllen};

	out.msg_iov[0] = (struct iovec){(uint8_t *)d + offsetof(struct udp_dest, header) - d->front_len, n};
	if (!leave(u, fd))
		return -EBADF;
	const ssize_t sent = sys_rc(sys_sendmsg(fd, &out, flags));
	if (sent < 0 && sent != -EAGAIN)
		look_into(fd, d, (int)sent);
	return sent < 0 ? sent : sent - (ssize_t)n;
}

static ssize_t send_plain(struct udp **u, int fd, struct udp_dest *d, const struct msghdr *m, int flags)
{
	struct msghdr direct = *m;

	direct.msg_name = d->connected ? NULL : &d->at;
	direct.msg_namelen = d->connected ? 0 : endpoint_len(&d->at);
	return !leave(u, fd) ? -EBADF : sys_rc(sys_sendmsg(fd, &direct, flags));
}

/* Send along a chain. `v` is room for the message's buffers and one more. */
static ssize_t send_chained(struct udp **u, int fd, struct udp_dest *d, const struct msghdr *m, struct iovec *v, int flags)
{
	struct msghdr own = *m;
	int rc = check(m, flags);

	own.msg_iov = v + 1;
	if (rc == 0 && !caller_read(own.msg_iov, m->msg_iov, m->msg_iovlen * sizeof(*v)))
		rc = -EFAULT;
	if (rc == 0 && !d->stands)
		rc = admit(*u, fd, d, &own, flags);
	d->queued = rc == WAITS;
	if (rc)
		return d->queued ? (ssize_t)iovec_size(own.msg_iov, own.msg_iovlen) : rc;
	return send_relayed(u, fd, d, &own, flags);
}

static ssize_t send_many(struct udp **u, int fd, struct udp_dest *d, const struct msghdr *m, int flags)
{
	if (m->msg_iovlen >= IOV_LIMIT)
		return -EMSGSIZE;
	SCRATCH(room);
	struct iovec *const v = scratch_take(&room, (m->msg_iovlen + 1) * sizeof(*v));
	if (!v)
		return -ENOBUFS;
	scratch_expect_end();
	return send_chained(u, fd, d, m, v, flags);
}

/* What goes to our own DNS server is no news. */
__attribute__((noinline)) static void write_down(const struct udp_dest *d, ssize_t rc)
{
	struct addr target;

	if (d->route->kind != ROUTE_HERE && udp_header_get(&target, d->header, d->header_len) > 0)
		journal_datagram(&target, d->route, rc < 0 ? (int)rc : d->queued ? -EINPROGRESS : 0);
}

ssize_t udp_send(struct udp *u, int fd, struct udp_dest *d, const struct msghdr *m, int flags)
{
	struct iovec few[FEW + 1];
	ssize_t rc = udp_error(u);

	if (rc == 0 && d->plain)
		rc = send_plain(&u, fd, d, m, flags);
	else if (rc == 0)
		rc = m->msg_iovlen <= FEW ? send_chained(&u, fd, d, m, few, flags) : send_many(&u, fd, d, m, flags);
	if (u)
		udp_leave(u);
	if (d->first)
		write_down(d, rc);
	return rc;
}
