/* SPDX-License-Identifier: MIT */
/* send: copy the message out of the command's memory, decide about its address, and send it from here on the command's own socket. */
#include "cli/guard/send.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/guard/calls.h"
#include "cli/guard/guest.h"
#include "cli/guard/nameserver.h"
#include "cli/guard/socket.h"
#include "core/base/err.h"
#include "core/base/sys.h"

enum { DATAGRAM_MAX = 65536, CONTROL_MAX = 1024, PARTS_MAX = 1024 /* UIO_MAXIOV */ };

/* One message, copied. */
struct parcel {
	struct sockaddr_storage to;
	socklen_t len; /* of `to`; 0: it has no address of its own */
	int flags;
	size_t n, control_n;
	_Alignas(max_align_t) uint8_t control[CONTROL_MAX];
	uint8_t bytes[DATAGRAM_MAX];
};

/* The kernel's struct msghdr, which differs between programs of 32 and of 64 bits. */
struct header {
	uint64_t name, parts, n_parts, control, control_n;
	uint32_t name_len;
};

static struct parcel parcel;

static int read_address(const struct notice *r, struct parcel *p, uint64_t at, int len)
{
	p->len = 0;
	if (!at || len == 0)
		return 0;
	if (len < 0 || (size_t)len > sizeof(p->to))
		return -EINVAL;
	p->len = (socklen_t)len;
	memset(&p->to, 0, sizeof(p->to));
	return guest_read(r, &p->to, at, (size_t)len);
}

static int read_bytes(const struct notice *r, struct parcel *p, uint64_t at, uint64_t n)
{
	if (n > sizeof(p->bytes) - p->n)
		return -EMSGSIZE;
	const int rc = guest_read(r, p->bytes + p->n, at, n);
	p->n += n;
	return rc;
}

static int read_parts(const struct notice *r, struct parcel *p, const struct header *h)
{
	const bool narrow = call_is_narrow(r);
	const size_t size = narrow ? 8 : 16;
	int rc = h->n_parts > PARTS_MAX ? -EMSGSIZE : 0;

	for (uint64_t i = 0; rc == 0 && i < h->n_parts; i++) {
		union {
			uint64_t wide[2];
			uint32_t narrow[2];
		} part;
		rc = guest_read(r, &part, h->parts + i * size, size);
		if (rc == 0)
			rc = read_bytes(r, p, narrow ? part.narrow[0] : part.wide[0], narrow ? part.narrow[1] : part.wide[1]);
	}
	return rc;
}

static int read_header(const struct notice *r, struct header *h, uint64_t at)
{
	uint32_t narrow[7];
	struct msghdr wide;
	int rc;

	if (call_is_narrow(r)) {
		rc = guest_read(r, narrow, at, sizeof(narrow));
		*h = (struct header){narrow[0], narrow[2], narrow[3], narrow[4], narrow[5], narrow[1]};
		return rc;
	}
	rc = guest_read(r, &wide, at, sizeof(wide));
	*h = (struct header){(uintptr_t)wide.msg_name,    (uintptr_t)wide.msg_iov, wide.msg_iovlen,
			     (uintptr_t)wide.msg_control, wide.msg_controllen,     wide.msg_namelen};
	return rc;
}

/* Control messages of 32-bit programs have another form. */
static int read_control(const struct notice *r, struct parcel *p, const struct header *h)
{
	p->control_n = h->control ? h->control_n : 0;
	if (p->control_n > sizeof(p->control) || (p->control_n && call_is_narrow(r)))
		return -EINVAL;
	return guest_read(r, p->control, h->control, p->control_n);
}

/* Returns the length, or -errno. A full socket does not make the supervisor wait: datagrams may be lost. */
static long post(const struct guest_socket *s, struct parcel *p)
{
	struct iovec part = {p->bytes, p->n};
	const struct msghdr m = {
		.msg_name = &p->to,
		.msg_namelen = p->len,
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = p->control_n ? p->control : NULL,
		.msg_controllen = p->control_n,
	};
	const long rc = sys_rc(sys_sendmsg(s->fd, &m, p->flags | MSG_DONTWAIT | MSG_NOSIGNAL));

	return rc == -EAGAIN && !(s->flags & O_NONBLOCK) && !(p->flags & MSG_DONTWAIT) ? (long)p->n : rc;
}

/* Send a query on a socket that is not connected. The first one turns it into a socket that only we hear. */
static long query(const struct notice *r, const struct guest_socket *s, const struct app *app, struct parcel *p,
		  const struct addr *server, const struct verdict *v)
{
	struct guest_socket ours = *s;

	if (nameserver_has(s))
		return post(s, p);
	if (socket_is_elsewhere(s))
		return guest_refuse(r, server, -ENETUNREACH);
	ours.fd = nameserver_replace(r, (int)r->arg[0], s, app, server, v);
	if (ours.fd < 0)
		return guest_refuse(r, server, ours.fd == -EPERM ? -ENETUNREACH : ours.fd);
	const long rc = post(&ours, p);
	socket_drop(&ours);
	return rc;
}

static long post_to(const struct notice *r, const struct guest_socket *s, struct parcel *p)
{
	const struct app *const app = guest_app(r);
	struct addr target;
	struct verdict v;

	if (!addr_from_sockaddr(&target, (struct sockaddr *)&p->to, p->len) || target.kind == ADDR_UNIX)
		return p->len < sizeof(struct sockaddr_in) ? -EINVAL : -EAFNOSUPPORT;
	if (!app)
		return -EACCES;
	const int rc = decide(app, &target, true, &v);
	if (rc)
		return guest_refuse(r, &target, rc);
	if (v.route->kind == ROUTE_DIRECT && target.kind != ADDR_NAME && !nameserver_has(s))
		return post(s, p);
	if (!socket_is_udp(s))
		return guest_refuse(r, &target, ERR_RAW);
	if (v.route->kind == ROUTE_HERE)
		return query(r, s, app, p, &target, &v);
	return guest_refuse(r, &target, v.route->kind == ROUTE_DIRECT ? -EHOSTUNREACH : ERR_UDP_UNSUPPORTED);
}

/* True if the address of a message leads nowhere on this socket: local ones are no business of ours, and a stream has its peer. */
static bool is_harmless(const struct guest_socket *s, int flags)
{
	return !socket_is_inet(s) || (socket_is_tcp(s) && !(flags & MSG_FASTOPEN));
}

long send_serve_to(const struct notice *r)
{
	struct parcel *const p = &parcel;
	struct guest_socket s;
	int rc = socket_take(&s, r, (int)r->arg[0]);

	if (rc)
		return rc;
	p->flags = (int)r->arg[3];
	p->n = p->control_n = 0;
	long answer = NOTICE_PASS;
	if (!is_harmless(&s, p->flags)) {
		rc = socket_is_tcp(&s) ? -EOPNOTSUPP : read_address(r, p, r->arg[4], (int)r->arg[5]);
		if (rc == 0)
			rc = read_bytes(r, p, r->arg[1], r->arg[2]);
		answer = rc ? rc : p->len ? post_to(r, &s, p) : post(&s, p);
	}
	socket_drop(&s);
	return answer;
}

/* Returns 1 if the message whose header is at `at` has an address, 0 if not, or -errno. */
static int is_addressed(const struct notice *r, uint64_t at)
{
	struct header h;
	const int rc = read_header(r, &h, at);

	return rc ? rc : h.name && h.name_len;
}

/* Send that message. */
static long message(const struct notice *r, const struct guest_socket *s, uint64_t at, int flags)
{
	struct parcel *const p = &parcel;
	struct header h;
	int rc = read_header(r, &h, at);

	p->flags = flags;
	p->n = 0;
	if (rc == 0)
		rc = read_address(r, p, h.name, (int)h.name_len);
	if (rc == 0)
		rc = read_control(r, p, &h);
	if (rc == 0)
		rc = read_parts(r, p, &h);
	return rc ? rc : p->len ? post_to(r, s, p) : post(s, p);
}

static long one_message(const struct notice *r, const struct guest_socket *s)
{
	const int rc = is_addressed(r, r->arg[1]);

	return rc < 0 ? rc : rc ? message(r, s, r->arg[1], (int)r->arg[2]) : NOTICE_PASS;
}

long send_serve_message(const struct notice *r)
{
	const int flags = (int)r->arg[2];
	struct guest_socket s;
	const int rc = socket_take(&s, r, (int)r->arg[0]);

	if (rc)
		return rc;
	long answer = NOTICE_PASS;
	if (!is_harmless(&s, flags))
		answer = socket_is_tcp(&s) ? -EOPNOTSUPP : one_message(r, &s);
	socket_drop(&s);
	return answer;
}

/* An array of struct mmsghdr. */
struct batch {
	uint64_t at, size, length; /* each; where in it its length is told */
	unsigned n;
};

static struct batch batch_of(const struct notice *r)
{
	const bool narrow = call_is_narrow(r);
	const unsigned n = (unsigned)r->arg[2];

	return (struct batch){
		.at = r->arg[1],
		.size = narrow ? 32 : sizeof(struct mmsghdr),
		.length = narrow ? 28 : offsetof(struct mmsghdr, msg_len),
		.n = n < PARTS_MAX ? n : PARTS_MAX,
	};
}

/* Returns 1 if one of them has an address, 0 if none, or -errno. */
static int any_is_addressed(const struct notice *r, const struct batch *b)
{
	int rc = 0;

	for (unsigned i = 0; rc == 0 && i < b->n; i++)
		rc = is_addressed(r, b->at + i * b->size);
	return rc;
}

static long send_batch(const struct notice *r, const struct guest_socket *s, const struct batch *b)
{
	for (unsigned i = 0; i < b->n; i++) {
		const uint64_t at = b->at + i * b->size;
		const long rc = message(r, s, at, (int)r->arg[3]);
		const uint32_t sent = (uint32_t)rc;
		if (rc < 0 || guest_write(r, at + b->length, &sent, sizeof(sent)))
			return i ? (long)i : rc;
	}
	return b->n;
}

static long messages(const struct notice *r, const struct guest_socket *s)
{
	const struct batch b = batch_of(r);
	const int rc = any_is_addressed(r, &b);

	return rc < 0 ? rc : rc ? send_batch(r, s, &b) : NOTICE_PASS;
}

long send_serve_messages(const struct notice *r)
{
	struct guest_socket s;
	const int rc = socket_take(&s, r, (int)r->arg[0]);

	if (rc)
		return rc;
	long answer = NOTICE_PASS;
	if (!is_harmless(&s, (int)r->arg[3]))
		answer = socket_is_tcp(&s) ? -EOPNOTSUPP : messages(r, &s);
	socket_drop(&s);
	return answer;
}
