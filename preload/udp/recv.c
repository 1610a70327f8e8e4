/* SPDX-License-Identifier: MIT */
/* udp: receive a datagram: remove the headers, and name the source as the application knows it. */
#include <limits.h>
#include <string.h>

#include "core/base/caller.h"
#include "core/base/err.h"
#include "core/base/iovec.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/names/placeholder.h"
#include "udp/socket.h"

enum { FEW = 14, IOV_LIMIT = 1024, SPILL = UDP_RELAY_FRONT + UDP_HEADER_MAX };

/* One datagram: `front` takes the expected headers, the application's buffers the data, and `spill` as many bytes as headers may exceed
 * the expected length. */
struct in {
	struct endpoint from;
	uint8_t front[SPILL], spill[SPILL];
	size_t front_len, room, len; /* `len` counts the whole datagram, even what did not fit */
	struct iovec *v;
	size_t n_v;
	struct msghdr m;
};

/* Copy `n` of the received bytes, `skip` bytes from their start. */
static void peek(const struct in *in, size_t skip, uint8_t *to, size_t n)
{
	for (size_t i = 0; i < in->n_v && n; i++) {
		const size_t len = in->v[i].iov_len;
		if (skip >= len) {
			skip -= len;
			continue;
		}
		const size_t part = n < len - skip ? n : len - skip;
		memcpy(to, (const uint8_t *)in->v[i].iov_base + skip, part);
		to += part;
		n -= part;
		skip = 0;
	}
}

/* Move the data, of which `data` bytes were received, to the application's buffers, since the headers had not the expected length. The
 * kernel may have written less there. */
static int shift(struct in *in, size_t headers, size_t data)
{
	uint8_t *const copy = pages_take(data);
	bool there = true;
	size_t at = 0;

	if (!copy)
		return -ENOBUFS;
	peek(in, headers, copy, data);
	for (size_t i = 1; i < in->n_v - 1 && at < data && there; i++) {
		const size_t part = in->v[i].iov_len < data - at ? in->v[i].iov_len : data - at;
		there = caller_write(in->v[i].iov_base, copy + at, part);
		at += part;
	}
	pages_free(copy, data);
	return there ? 0 : -EFAULT;
}

static ssize_t take(int fd, struct in *in, int flags)
{
	in->m.msg_iov = in->v;
	in->m.msg_iovlen = in->n_v;
	in->m.msg_name = &in->from;
	in->m.msg_namelen = sizeof(in->from);
	const ssize_t n = sys.recvmsg(fd, &in->m, flags | MSG_TRUNC);
	if (n < 0)
		return -errno;
	in->from = endpoint_from(&in->from.sa, in->m.msg_namelen);
	in->len = (size_t)n;
	return n;
}

/* Express an address as the application can know it; false if that is impossible. */
static bool speak_of(struct endpoint *as, const struct addr *a, int family)
{
	struct addr placeholder;

	if (a->kind == ADDR_NAME && placeholder_put(a, family, &placeholder) == 0)
		a = &placeholder;
	return endpoint_to(as, a, family);
}

static bool is_peer(const struct udp *u, const struct endpoint *as)
{
	return !u->connected || endpoint_equal(&u->peer.as, as);
}

/* Find the source of an answer that came along a chain from `from`. False if the application cannot know it, or does not want to hear
 * it. */
static bool through_chain(struct udp *u, const struct association *a, const struct addr *from, struct endpoint *as)
{
	struct peer *p = peers_answering(&u->peers, a->route, a->group, from);

	if (!p && !u->connected && a->group && speak_of(as, from, u->family)) {
		/* A name answers from a second address or port (TFTP): what is sent there must go the same route. */
		p = peers_add(&u->peers, as, from, a->route);
		p->group = (uint8_t)a->group;
	} else if (p) {
		*as = p->as;
	} else if (!speak_of(as, from, u->family)) {
		return false;
	}
	return is_peer(u, as);
}

/* Find the source of a direct datagram; false if the application does not send directly itself. */
static bool directly(struct udp *u, const struct in *in, struct endpoint *as)
{
	struct addr from;

	if (!u->direct || !addr_from_sockaddr(&from, &in->from.sa, sizeof(in->from)))
		return false;
	*as = in->from;
	for (struct peer *p = u->peers.of; p < u->peers.of + u->peers.n; p++)
		if (p->route->kind == ROUTE_DIRECT && endpoint_equal(&p->real, &in->from)) {
			*as = p->as;
			return is_peer(u, as);
		}
	return decide_is_direct(udp_app(), &from, true);
}

/* Returns the length of the headers: 0 for a direct datagram, -1 to drop it. The socket is locked. */
static int accept_from(struct udp *u, const struct in *in, size_t taken, struct endpoint *as)
{
	uint8_t head[SPILL];
	struct addr from;

	if (u->forwarded && endpoint_equal(&u->at, &in->from)) {
		*as = u->peer.as;
		return 0;
	}
	if (in->len == 0 && endpoint_equal(&u->waker, &in->from))
		return -1;
	for (struct association *a = u->associations; a < u->associations + UDP_ASSOCIATIONS; a++) {
		if (!a->route || a->state != ASSOCIATION_READY || !endpoint_equal(&a->relay.at, &in->from))
			continue;
		const size_t n = taken < sizeof(head) ? taken : sizeof(head);
		const uint8_t *at = in->front;
		if (in->front_len < n) {
			peek(in, 0, head, n);
			at = head;
		}
		const int headers = udp_relay_open(&a->relay, at, n, &from);
		return headers >= 0 && through_chain(u, a, &from, as) ? headers : -1;
	}
	return directly(u, in, as) ? 0 : -1;
}

/* Returns the length of the likeliest headers: those that end with an IPv4 address. */
static size_t expected(const struct udp *u)
{
	return u->forwarded ? 0 : atomic_load_explicit(&u->front_len, memory_order_relaxed) + UDP_HEADER_IPV4;
}

static void give_name(struct msghdr *m, const struct endpoint *source)
{
	const socklen_t room = m->msg_namelen, len = endpoint_len(source);

	if (!m->msg_name)
		return;
	memcpy(m->msg_name, source, room < len ? room : len);
	m->msg_namelen = len;
}

/* Receive one datagram; false if it was dropped, else *rc is the result of recvmsg(). */
static bool receive_one(struct udp *u, int fd, struct in *in, struct msghdr *m, int flags, ssize_t *rc)
{
	struct endpoint source;

	in->m.msg_control = m->msg_control;
	in->m.msg_controllen = m->msg_controllen;
	*rc = take(fd, in, flags);
	if (*rc < 0) {
		if (*rc != -EAGAIN)
			udp_watched(u, fd);
		return true;
	}
	if (!endpoint_len(&in->from)) { /* no datagram: the program has shut the socket down */
		give_name(m, &in->from);
		return true;
	}
	const size_t whole = in->front_len + in->room + sizeof(in->spill);
	const size_t taken = in->len < whole ? in->len : whole;
	lock_take(&u->lock);
	const int headers = accept_from(u, in, taken, &source);
	lock_give(&u->lock);
	if (headers < 0) {
		if (flags & MSG_PEEK) /* peeking has left it on the socket */
			sys.recv(fd, NULL, 0, MSG_DONTWAIT);
		return false;
	}
	const size_t data = in->len - (size_t)headers, given = data < in->room ? data : in->room;
	const int moved = (size_t)headers != in->front_len && given ? shift(in, (size_t)headers, given) : 0;
	give_name(m, &source);
	m->msg_controllen = in->m.msg_controllen;
	m->msg_flags = (in->m.msg_flags & ~MSG_TRUNC) | (data > in->room ? MSG_TRUNC : 0);
	*rc = moved ? moved : (ssize_t)(flags & MSG_TRUNC ? data : given);
	return true;
}

static ssize_t receive(struct udp *u, int fd, struct iovec *v, struct msghdr *m, int flags)
{
	struct in in;
	ssize_t rc;

	if (!caller_read(v + 1, m->msg_iov, m->msg_iovlen * sizeof(*v)))
		return -EFAULT;
	in.m = (struct msghdr){0};
	in.front_len = expected(u);
	in.room = iovec_size(v + 1, m->msg_iovlen);
	in.v = v;
	in.n_v = m->msg_iovlen + 2;
	v[0] = (struct iovec){in.front, in.front_len};
	v[in.n_v - 1] = (struct iovec){in.spill, sizeof(in.spill)};
	do {
		rc = udp_error(u);
		if (rc)
			return rc;
	} while (!receive_one(u, fd, &in, m, flags, &rc));
	return rc;
}

ssize_t udp_receive(struct udp *u, int fd, struct msghdr *m, int flags)
{
	struct iovec few[FEW + 2];
	const size_t size = IOV_LIMIT * sizeof(struct iovec);

	if (flags & MSG_ERRQUEUE)
		return sys_rc(sys.recvmsg(fd, m, flags));
	if (m->msg_iovlen <= FEW)
		return receive(u, fd, few, m, flags);
	if (m->msg_iovlen > IOV_LIMIT - 2)
		return -EMSGSIZE;
	struct iovec *many = pages_take(size);
	if (!many)
		return -ENOBUFS;
	const ssize_t rc = receive(u, fd, many, m, flags);
	pages_free(many, size);
	return rc;
}

int udp_pending(struct udp *u, int fd)
{
	struct msghdr m = {0};
	const ssize_t n = udp_receive(u, fd, &m, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);

	return n < 0 ? 0 : (int)n;
}
