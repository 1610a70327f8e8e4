/* SPDX-License-Identifier: MIT */
/* udp: receive a datagram: remove the headers, and name the source as the application knows it. */
#include <limits.h>
#include <string.h>

#include "core/base/caller.h"
#include "core/base/err.h"
#include "core/base/iovec.h"
#include "core/base/pages.h"
#include "core/base/scratch.h"
#include "core/base/sys.h"
#include "udp/in.h"

enum { FEW = 14, IOV_LIMIT = 1024 };

/* Move the data, of which `data` bytes were received, to the application's buffers, since the headers had not the expected length. The
 * kernel may have written less there. */
static int shift(struct udp_in *in, size_t headers, size_t data)
{
	uint8_t *const copy = pages_take(data);
	bool there = true;
	size_t at = 0;

	if (!copy)
		return -ENOBUFS;
	udp_in_peek(in, headers, copy, data);
	for (size_t i = 1; i < in->n_v - 1 && at < data && there; i++) {
		const size_t part = in->v[i].iov_len < data - at ? in->v[i].iov_len : data - at;
		there = caller_write(in->v[i].iov_base, copy + at, part);
		at += part;
	}
	pages_free(copy, data);
	return there ? 0 : -EFAULT;
}

static ssize_t take(int fd, struct udp_in *in, int flags)
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
static bool receive_one(struct udp *u, int fd, struct udp_in *in, struct msghdr *m, int flags, ssize_t *rc)
{
	struct endpoint source;

	if (*rc < 0) {
		if (*rc != -EAGAIN)
			udp_watched(u, fd);
		return true;
	}
	if (!endpoint_len(&in->from)) { /* no datagram: the program has shut the socket down */
		give_name(m, &in->from);
		return true;
	}
	const int headers = udp_in_accept(u, in, flags, &source);
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

/* Lay out the buffers: the application's, whose list is in `v` from the second place on, behind `front_len` bytes for headers. */
static void lay_out(struct udp_in *in, struct iovec *v, size_t n, size_t front_len, size_t spill)
{
	in->m = (struct msghdr){0};
	in->front_len = front_len;
	in->room = iovec_size(v + 1, n);
	in->v = v;
	in->n_v = n + 2;
	v[0] = (struct iovec){in->front, front_len};
	v[n + 1] = (struct iovec){in->spill, spill};
}

/* Wait for a datagram, holding nothing: the thread may be cancelled here, or jump away. *u is NULL if the socket was closed meanwhile. */
static ssize_t await(struct udp **u, int fd, struct udp_in *in, const struct msghdr *m, int flags)
{
	udp_leave(*u);
	*u = NULL;
	in->m.msg_control = m->msg_control;
	in->m.msg_controllen = m->msg_controllen;
	const ssize_t n = take(fd, in, flags);
	*u = udp_enter(fd);
	return *u || n < 0 ? n : -EBADF;
}

static ssize_t receive(struct udp **u, int fd, struct iovec *v, struct msghdr *m, int flags)
{
	SCRATCH(room);
	struct udp_in *const in = scratch_take(&room, sizeof(*in));
	ssize_t rc;

	if (!in)
		return -ENOBUFS;
	if (!caller_read(v + 1, m->msg_iov, m->msg_iovlen * sizeof(*v)))
		return -EFAULT;
	scratch_expect_end();
	lay_out(in, v, m->msg_iovlen, expected(*u), sizeof(in->spill));
	do {
		rc = flags & MSG_ERRQUEUE ? 0 : udp_error(*u);
		if (rc)
			return rc;
		rc = await(u, fd, in, m, flags);
		if (!*u)
			return rc;
	} while (!receive_one(*u, fd, in, m, flags, &rc));
	return rc;
}

/* The same with a list that is in scratch. */
static ssize_t receive_many(struct udp **u, int fd, struct msghdr *m, int flags)
{
	SCRATCH(room);
	struct iovec *const v = scratch_take(&room, (m->msg_iovlen + 2) * sizeof(*v));

	return v ? receive(u, fd, v, m, flags) : -ENOBUFS;
}

ssize_t udp_receive(struct udp *u, int fd, struct msghdr *m, int flags)
{
	struct iovec few[FEW + 2];
	ssize_t rc = -EMSGSIZE;

	if (flags & MSG_ERRQUEUE && u->watches) {
		udp_watched(u, fd);
		rc = -EAGAIN;
	} else if (m->msg_iovlen <= FEW) {
		rc = receive(&u, fd, few, m, flags);
	} else if (m->msg_iovlen <= IOV_LIMIT - 2) {
		rc = receive_many(&u, fd, m, flags);
	}
	if (u)
		udp_leave(u);
	return rc;
}

/* Without the source, try every relay. */
static int accept_from_somewhere(struct udp *u, struct udp_in *in, struct endpoint *source)
{
	int headers = u->direct || u->forwarded || u->kins ? 0 : -1;

	for (struct association *a = u->associations; a < u->associations + UDP_ASSOCIATIONS; a++) {
		in->from = a->relay.at;
		const int rc = a->route && a->state == ASSOCIATION_READY ? udp_in_accept(u, in, 0, source) : -1;
		headers = rc > headers ? rc : headers;
	}
	in->from = (struct endpoint){0};
	const int rc = kin_any() ? udp_in_accept(u, in, 0, source) : -1;
	return rc > headers ? rc : headers;
}

static ssize_t strip(struct udp *u, struct iovec *v, const struct msghdr *m, size_t n, struct endpoint *source)
{
	const bool known = endpoint_len(source);
	SCRATCH(room);
	struct udp_in *const in = scratch_take(&room, sizeof(*in));

	if (!in)
		return -ENOBUFS;
	if (!caller_read(v + 1, m->msg_iov, m->msg_iovlen * sizeof(*v)))
		return -EFAULT;
	lay_out(in, v, m->msg_iovlen, 0, 0);
	in->from = *source;
	in->len = n;
	const int headers = known ? udp_in_accept(u, in, 0, source) : accept_from_somewhere(u, in, source);
	const size_t data = n - (headers > 0 ? (size_t)headers : 0);
	const int rc = headers < 0 ? -EAGAIN : headers && data ? shift(in, (size_t)headers, data) : 0;
	return rc ? rc : (ssize_t)data;
}

ssize_t udp_strip(int fd, const struct msghdr *m, size_t n, struct endpoint *source)
{
	struct iovec few[FEW + 2];
	struct udp *u = udp_enter(fd);
	ssize_t rc = (ssize_t)n;

	if (!u) /* closed meanwhile */
		return -EBADF;
	if (m->msg_iovlen <= FEW)
		rc = strip(u, few, m, n, source);
	udp_leave(u);
	return rc;
}

int udp_pending(struct udp *u, int fd)
{
	struct msghdr m = {0};
	const ssize_t n = udp_receive(u, fd, &m, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);

	return n < 0 ? 0 : (int)n;
}
