/* udp: a datagram on its way out. */
#include <string.h>

#include "core/base/iovec.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/base/err.h"
#include "core/dial/lookup.h"
#include "udp/socket.h"

enum { FEW = 14, IOV_LIMIT = 1024 };

static void address(struct udp_dest *p, const struct peer *peer)
{
	p->route = peer->route;
	p->group = peer->group;
	p->header_len = peer->header_len;
	if (peer->route->kind == ROUTE_DIRECT)
		p->real = peer->real;
	memcpy(p->header, peer->header, peer->header_len);
}

bool udp_address(struct udp *u, const struct sockaddr *to, socklen_t len, struct udp_dest *p)
{
	const struct peer *peer = NULL;

	const struct endpoint as = to ? endpoint_from(to, len) : (struct endpoint){0};

	lock_take(&u->lock);
	if (to)
		peer = peers_find(&u->peers, &as);
	else if (u->connected)
		peer = &u->peer;
	if (peer)
		address(p, peer);
	p->to_peer = !to;
	lock_give(&u->lock);
	return peer;
}

/* Where a name is that goes directly: the system's resolver is asked, as it would be without us. */
static int locate(struct peer *p, const struct addr *where, int family)
{
	struct addresses found;

	if (!lookup(where->name, &found))
		return ERR_TARGET_NAME;
	const struct addr a = lookup_address(&found, lookup_first(&found, family), where->port);
	return endpoint_to(&p->real, &a, family) ? 0 : -EAFNOSUPPORT;
}

int udp_meet(struct udp *u, const struct sockaddr *to, socklen_t len, const struct addr *where, const struct route *route, struct udp_dest *p)
{
	const struct endpoint as = endpoint_from(to, len);
	struct peer found = {.route = route};
	int rc = 0;

	if (route->kind == ROUTE_DIRECT)
		rc = locate(&found, where, u->family);
	if (rc)
		return rc;
	lock_take(&u->lock);
	struct peer *peer = peers_add(&u->peers, &as, where, route);
	if (route->kind == ROUTE_DIRECT) {
		peer->real = found.real;
		u->direct = true;
	}
	address(p, peer);
	p->to_peer = false;
	lock_give(&u->lock);
	return 0;
}

/* How one send is put together. */
struct out {
	struct endpoint at;
	uint8_t front[UDP_RELAY_FRONT + UDP_HEADER_MAX];
	size_t front_len;
	struct msghdr m;
};

/* The headers and the relay, if the association stands; the socket is locked meanwhile. */
static bool prepare(struct udp *u, const struct udp_dest *p, const struct msghdr *m, struct out *out)
{
	struct association *a = udp_association(u, p->route, p->group);

	if (!a || a->state != ASSOCIATION_READY)
		return false;
	association_check(a, false);
	if (a->state != ASSOCIATION_READY)
		return false;
	memcpy(out->front, a->relay.front, a->relay.front_len);
	memcpy(out->front + a->relay.front_len, p->header, p->header_len);
	out->front_len = u->corked ? 0 : (size_t)a->relay.front_len + p->header_len;
	out->at = a->relay.at;
	out->m = (struct msghdr){.msg_control = m->msg_control, .msg_controllen = m->msg_controllen};
	if (u->linked != a - u->associations) {
		out->m.msg_name = &out->at;
		out->m.msg_namelen = endpoint_len(&out->at);
	}
	return true;
}

/* The headers in front of the application's own buffers. */
static ssize_t put(int fd, struct out *out, const struct msghdr *m, struct iovec *v, int flags)
{
	v[0] = (struct iovec){out->front, out->front_len};
	if (m->msg_iovlen)
		memcpy(v + 1, m->msg_iov, m->msg_iovlen * sizeof(*v));
	out->m.msg_iov = v;
	out->m.msg_iovlen = m->msg_iovlen + 1;
	const ssize_t n = sys_sendmsg(fd, &out->m, flags);
	return n < 0 ? -errno : n - (ssize_t)out->front_len;
}

static ssize_t put_many(int fd, struct out *out, const struct msghdr *m, int flags)
{
	const size_t size = IOV_LIMIT * sizeof(struct iovec);
	struct iovec *v = m->msg_iovlen < IOV_LIMIT ? pages_take(size) : NULL;

	if (!v)
		return m->msg_iovlen < IOV_LIMIT ? -ENOBUFS : -EMSGSIZE;
	const ssize_t n = put(fd, out, m, v, flags);
	pages_free(v, size);
	return n;
}

/* Segments would be cut without regard to the header. */
static bool asks_for_segments(const struct msghdr *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR((struct msghdr *)m, c))
		if (c->cmsg_level == IPPROTO_UDP)
			return true;
	return false;
}

static ssize_t send_direct(int fd, const struct udp_dest *p, const struct msghdr *m, int flags)
{
	struct msghdr direct = *m;

	direct.msg_name = p->to_peer ? NULL : (void *)&p->real;
	direct.msg_namelen = p->to_peer ? 0 : endpoint_len(&p->real);
	return sys_rc(sys_sendmsg(fd, &direct, flags));
}

ssize_t udp_send(struct udp *u, int fd, const struct udp_dest *p, const struct msghdr *m, int flags)
{
	struct out out;
	bool waits = false;
	int rc = udp_error(u);

	if (rc)
		return rc;
	if (p->route->kind == ROUTE_DIRECT)
		return send_direct(fd, p, m, flags);
	if (p->route->kind == ROUTE_HERE)
		rc = udp_face_dns(u, fd, p);
	if (rc)
		return rc;
	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (asks_for_segments(m))
		return -EINVAL;
	for (;;) {
		lock_take(&u->lock);
		const bool ready = prepare(u, p, m, &out);
		if (ready)
			u->corked = flags & MSG_MORE;
		lock_give(&u->lock);
		if (ready)
			break;
		const bool nonblocking = flags & MSG_DONTWAIT || sys.fcntl(fd, F_GETFL) & O_NONBLOCK;
		rc = udp_associate(u, fd, p, m, nonblocking, &waits);
		if (rc)
			return rc;
		if (waits)
			return (ssize_t)iovec_size(m->msg_iov, m->msg_iovlen);
	}
	struct iovec few[FEW + 1];
	const ssize_t n = m->msg_iovlen <= FEW ? put(fd, &out, m, few, flags) : put_many(fd, &out, m, flags);
	/* The relay is not there any more, says the kernel: then its connection will be seen to have ended. */
	if (n == -ECONNREFUSED) {
		lock_take(&u->lock);
		struct association *a = udp_association(u, p->route, p->group);
		if (a && a->state == ASSOCIATION_READY)
			association_check(a, true);
		lock_give(&u->lock);
	}
	return n;
}
