/* SPDX-License-Identifier: MIT */
/* send: copy the message out of the command's memory, decide about its address, and send it from here on the command's own socket. */
#include "cli/guard/send.h"

#include <errno.h>

#include "cli/guard/datagram/forward.h"
#include "cli/guard/datagram/nameserver.h"
#include "cli/guard/datagram/parcel.h"
#include "cli/guard/datagram/reflect.h"
#include "cli/guard/guest/calls.h"
#include "cli/guard/guest/guest.h"
#include "cli/guard/guest/mirror.h"
#include "cli/guard/guest/take.h"
#include "cli/guard/guest/trusted.h"
#include "core/base/err.h"
#include "core/base/sys.h"

static struct parcel parcel;

/* Returns the length, or -errno. A full socket does not make the supervisor wait: datagrams may be lost. */
static long post(const struct guest_socket *s, struct parcel *p)
{
	const long rc = parcel_send(p, s->fd);

	return rc == -EAGAIN && !(s->flags & O_NONBLOCK) && !(p->flags & MSG_DONTWAIT) ? (long)p->n : rc;
}

static long query(const struct guest_socket *s, const struct app *app, struct parcel *p, const struct addr *server,
		  const struct verdict *v)
{
	const int rc = nameserver_hear(s, app, server, v);

	return rc ? rc : post(s, p);
}

static forward_sent go_on;

/* Send through a chain, once the relays stand. */
static long datagram(const struct notice *r, struct guest_socket *s, const struct app *app, struct parcel *p, const struct addr *target,
		     const struct verdict *v)
{
	const struct forward_call call = {
		.notice = r,
		.socket = s,
		.app = app,
		.route = v->route,
		.target = target,
		.to = endpoint_from((const struct sockaddr *)&p->to, p->len),
		.nth = p->nth,
		.sent = p->nth < 0 ? NULL : go_on,
	};
	const long rc = forward_send(&call, p);

	return rc == NOTICE_PASS ? post(s, p) : rc < 0 ? guest_refuse(r, target, (int)rc) : rc;
}

/* Send what goes directly by the socket that one in the mirror has replaced. */
static long post_original(const struct notice *r, const struct guest_socket *s, struct parcel *p, const struct addr *target)
{
	struct guest_socket original = *s;

	original.fd = target->kind == ADDR_NAME ? -EHOSTUNREACH : reflect_original(s);
	return original.fd < 0 ? guest_refuse(r, target, original.fd) : post(&original, p);
}

/* Send what must not go out by itself, from a socket in the mirror: the first time that takes the place of the command's. */
static long post_mirrored(const struct notice *r, struct guest_socket *s, const struct app *app, struct parcel *p,
			  const struct addr *target, const struct verdict *v)
{
	if (v->route->kind == ROUTE_DIRECT)
		return post_original(r, s, p, target);
	if (socket_is_elsewhere(s) && !mirror_has(s))
		return guest_refuse(r, target, -ENETUNREACH);
	const int rc = mirror_has(s) ? 0 : reflect(r, s, &(struct endpoint){0}, v->route->kind == ROUTE_CHAIN);
	if (rc)
		return guest_refuse(r, target, rc == -EPERM || rc == -EOPNOTSUPP ? -ENETUNREACH : rc);
	parcel_forget_source(p);
	return v->route->kind == ROUTE_HERE ? query(s, app, p, target, v) : datagram(r, s, app, p, target, v);
}

static long post_to(const struct notice *r, struct guest_socket *s, struct parcel *p)
{
	const struct app *const app = guest_app(r);
	struct addr target;
	struct verdict v;

	if (!addr_from_sockaddr(&target, (struct sockaddr *)&p->to, p->len) || target.kind == ADDR_UNIX)
		return p->len < sizeof(struct sockaddr_in) ? -EINVAL : -EAFNOSUPPORT;
	if (!app)
		return -EACCES;
	if (s->fd < 0)
		return guest_refuse(r, &target, socket_is_udp(s) ? -ENETUNREACH : ERR_RAW);
	const int rc = trusted_decide(r, s, app, &target, true, &v);
	if (rc)
		return guest_refuse(r, &target, rc);
	if (v.route->kind == ROUTE_DIRECT && target.kind != ADDR_NAME && !mirror_has(s))
		return post(s, p);
	return socket_is_udp(s) ? post_mirrored(r, s, app, p, &target, &v) : guest_refuse(r, &target, ERR_RAW);
}

/* True if the address of a message leads nowhere on this socket: local ones are no business of ours, and a stream has its peer. */
static bool is_harmless(const struct guest_socket *s, int flags)
{
	return socket_is_local(s) || (socket_is_tcp(s) && !(flags & MSG_FASTOPEN));
}

static long datagram_to(const struct notice *r, struct guest_socket *s)
{
	const int rc = parcel_take(&parcel, r);

	parcel.nth = -1;
	return rc ? rc : parcel.len ? post_to(r, s, &parcel) : post(s, &parcel);
}

/* Serve a call by `how`, unless nothing need be decided. */
static long serve(const struct notice *r, int flags, long (*how)(const struct notice *, struct guest_socket *))
{
	struct guest_socket s;
	const int rc = take_socket(&s, r, (int)r->arg[0]);

	if (rc)
		return rc;
	const bool possible = socket_is_inet(&s) && !socket_is_tcp(&s);
	const long answer = is_harmless(&s, flags) ? NOTICE_PASS : possible ? how(r, &s) : -EOPNOTSUPP;
	socket_drop(&s);
	return answer;
}

long send_serve_to(const struct notice *r)
{
	return serve(r, (int)r->arg[3], datagram_to);
}

/* Send the message whose header is at `at`. */
static long message(const struct notice *r, struct guest_socket *s, uint64_t at, int flags)
{
	const int rc = parcel_take_message(&parcel, r, at, flags);

	return rc ? rc : parcel.len ? post_to(r, s, &parcel) : post(s, &parcel);
}

static long one_message(const struct notice *r, struct guest_socket *s)
{
	const int rc = parcel_is_addressed(r, r->arg[1]);

	parcel.nth = -1;
	return rc < 0 ? rc : rc ? message(r, s, r->arg[1], (int)r->arg[2]) : NOTICE_PASS;
}

long send_serve_message(const struct notice *r)
{
	return serve(r, (int)r->arg[2], one_message);
}

/* An array of struct mmsghdr. */
struct batch {
	uint64_t at, size, length; /* each; where in it its length is told */
	int n;
};

static struct batch batch_of(const struct notice *r)
{
	const bool narrow = call_is_narrow(r);
	const unsigned n = (unsigned)r->arg[2];

	return (struct batch){
		.at = r->arg[1],
		.size = narrow ? 32 : sizeof(struct mmsghdr),
		.length = narrow ? 28 : offsetof(struct mmsghdr, msg_len),
		.n = n < PARCEL_PARTS ? (int)n : PARCEL_PARTS,
	};
}

/* Returns 1 if one of them has an address, 0 if none, or -errno. */
static int any_is_addressed(const struct notice *r, const struct batch *b)
{
	int rc = 0;

	for (int i = 0; rc == 0 && i < b->n; i++)
		rc = parcel_is_addressed(r, b->at + (uint64_t)i * b->size);
	return rc;
}

/* Tell of one that has been sent. Returns 0, or what the call returns because it has not. */
static long tell_length(const struct notice *r, const struct batch *b, int i, long rc)
{
	const uint32_t length = (uint32_t)rc;

	if (rc >= 0 && guest_write(r, b->at + (uint64_t)i * b->size + b->length, &length, sizeof(length)) == 0)
		return 0;
	return i ? (long)i : rc < 0 ? rc : -EFAULT;
}

/* Send those from the number `i` on. Returns what the call returns, or NOTICE_LATER. */
static long send_from(const struct notice *r, struct guest_socket *s, const struct batch *b, int i)
{
	long rc = 0;

	for (; rc == 0 && i < b->n; i++) {
		parcel.nth = i;
		rc = message(r, s, b->at + (uint64_t)i * b->size, (int)r->arg[3]);
		if (rc == NOTICE_LATER)
			return rc;
		rc = tell_length(r, b, i, rc);
	}
	return rc ? rc : b->n;
}

static void go_on(const struct notice *r, struct guest_socket *s, int i, long rc)
{
	const struct batch b = batch_of(r);
	const long told = tell_length(r, &b, i, rc), result = told ? told : send_from(r, s, &b, i + 1);

	if (result != NOTICE_LATER)
		notice_answer(r, result);
}

static long messages(const struct notice *r, struct guest_socket *s)
{
	const struct batch b = batch_of(r);
	const int rc = any_is_addressed(r, &b);

	return rc < 0 ? rc : rc ? send_from(r, s, &b, 0) : NOTICE_PASS;
}

long send_serve_messages(const struct notice *r)
{
	return serve(r, (int)r->arg[3], messages);
}
