/* SPDX-License-Identifier: MIT */
/* forwarder: a job of the engine that carries datagrams between a socket of the program's and its relay. */
#include "udp/forwarder.h"

#include <limits.h>

#include "core/base/clock.h"
#include "core/base/futex.h"
#include "core/base/own.h"
#include "core/base/pages.h"
#include "core/base/scratch.h"
#include "core/base/sys.h"
#include "udp/name.h"

enum { DATAGRAM = 65536 };

struct udp_forwarder {
	struct job job; /* job.fd: the socket */
	struct udp *udp;
	const struct app *app;
	void (*done)(struct udp *);
	int family;
	struct endpoint own; /* the program's socket */
	struct association association;
	uint16_t port; /* of the peer */
	bool named;
	uint16_t header_len;
	uint8_t header[UDP_HEADER_MAX];
	bool broken;
	atomic_bool served; /* and counted among: */
	atomic_bool carries, released;
};

/* One datagram that came in. */
struct came {
	struct endpoint from;
	uint8_t *at;
	size_t n;
};

static atomic_uint live; /* forwarders that this process serves; a futex */

static struct udp_forwarder *of_job(struct job *j)
{
	return JOB_OF(struct udp_forwarder, job, j);
}

/* Have the engine step the job: whoever polls a socket is told of a shutdown. */
static void nudge(const struct udp_forwarder *f)
{
	sys.shutdown(f->job.fd, SHUT_RD);
}

/* What was written is lost, and the program hears why. */
static void fail(struct udp_forwarder *f, int rc)
{
	f->broken = true;
	if (!f->released)
		f->udp->error = rc;
}

static int send_on(struct udp_forwarder *f, const void *header, size_t header_len, const void *at, size_t n)
{
	const struct udp_relay *r = &f->association.relay;
	struct iovec v[] = {{(void *)r->front, r->front_len}, {(void *)header, header_len}, {(void *)at, n}};
	const struct msghdr m = {.msg_name = (void *)&r->at, .msg_namelen = endpoint_len(&r->at), .msg_iov = v, .msg_iovlen = 3};

	return (int)sys_rc(sys_sendmsg(f->job.fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL));
}

static void send_queue(struct udp_forwarder *f)
{
	struct iovec v;

	while (udp_queue_next(f->association.queue, &v))
		send_on(f, NULL, 0, v.iov_base, v.iov_len);
	udp_queue_free(f->association.queue);
	f->association.queue = NULL;
}

/* Called on the engine's thread when the relays are ready or have failed. */
static void made(struct relays *m, void *arg)
{
	struct udp_forwarder *f = arg;

	f->association.relays = NULL;
	const int rc = association_ended(&f->association, m, m->rc, f->family);
	relays_free(m);
	if (rc)
		fail(f, rc);
	else
		send_queue(f);
	engine_hurry(&f->job);
}

static int associate(struct udp_forwarder *f)
{
	struct association *a = &f->association;
	int rc = association_barred(a);

	if (rc)
		return rc;
	struct relays *m = relays_new(f->app, a->route, &rc);
	if (!m)
		return association_ended(a, NULL, rc, f->family);
	association_begun(a);
	a->relays = m;
	relays_start(m, made, f);
	return 0;
}

/* The program has written a datagram. */
static void outward(struct udp_forwarder *f, const struct came *c)
{
	struct association *a = &f->association;
	const struct iovec v = {c->at, c->n};
	int rc = 0;

	f->carries = true;
	if (a->state == ASSOCIATION_READY)
		association_check(a, false);
	if (a->state == ASSOCIATION_NONE)
		rc = associate(f);
	if (rc == 0 && a->state == ASSOCIATION_READY)
		rc = send_on(f, f->header, f->header_len, c->at, c->n);
	else if (rc == 0)
		rc = udp_queue_add(&a->queue, f->header, f->header_len, &v, 1);
	if (rc < 0 && rc != -EAGAIN)
		fail(f, rc);
}

/* A name answers from an address that only the proxy knows. */
static bool is_peer(const struct udp_forwarder *f, const struct addr *from)
{
	struct addr peer;

	if (f->named && from->kind != ADDR_NAME)
		return from->port == f->port;
	return udp_header_get(&peer, f->header, f->header_len) > 0 && addr_equal(&peer, from);
}

/* The relay has sent a datagram. */
static void inward(const struct udp_forwarder *f, const struct came *c)
{
	struct addr from;
	const int headers = udp_relay_open(&f->association.relay, c->at, c->n, &from);

	if (headers >= 0 && is_peer(f, &from))
		sys_sendto(f->job.fd, c->at + headers, c->n - (size_t)headers, MSG_DONTWAIT | MSG_NOSIGNAL, &f->own.sa,
			   endpoint_len(&f->own));
}

/* Take in one datagram; false if there is none. */
static bool carry(struct udp_forwarder *f, uint8_t *room)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	const ssize_t n = __extension__ sys.recvfrom(f->job.fd, room, DATAGRAM, MSG_DONTWAIT, (struct sockaddr *)&from, &len);

	if (n < 0)
		return errno == ECONNREFUSED || errno == EINTR;
	const struct came c = {endpoint_from((struct sockaddr *)&from, len), room, (size_t)n};
	if (endpoint_equal(&c.from, &f->own))
		outward(f, &c);
	else if (f->association.state == ASSOCIATION_READY && endpoint_equal(&c.from, &f->association.relay.at))
		inward(f, &c);
	return true;
}

static bool step(struct job *j)
{
	struct udp_forwarder *f = of_job(j);
	const bool released = f->released;
	SCRATCH(room);
	uint8_t *const bytes = scratch_take(&room, DATAGRAM);

	j->limit = INT64_MAX;
	while (bytes && !f->broken && carry(f, bytes))
		;
	/* What was written before the release has been read by now. */
	return f->association.state == ASSOCIATION_MAKING || !(f->broken || released);
}

struct search {
	const struct udp *udp;
	int fd;
};

static void compare(int fd, struct fd_entry *entry, void *arg)
{
	struct search *s = arg;

	if (entry->datagram.udp == s->udp)
		s->fd = fd;
}

/* The kernel tells a program that its peer is gone when a datagram finds nobody there: so send one. */
static void tell(const struct udp *u)
{
	struct search s = {u, -1};

	fd_table_each(0, INT_MAX, FD_UDP, compare, &s);
	if (s.fd >= 0 && fd_entry_cookie(s.fd) == u->cookie)
		sys_send(s.fd, "", 0, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void end(struct job *j)
{
	struct udp_forwarder *f = of_job(j);
	struct udp *const u = f->udp;
	const bool served = f->served;

	lock_take(&u->lock);
	own_close(j->fd);
	if (u->forwarder == f)
		u->forwarder = NULL;
	if (u->forwarded && !f->released)
		tell(u);
	lock_give(&u->lock);
	association_retire(&f->association);
	association_drop(&f->association);
	f->done(u);
	pages_free(f, sizeof(*f));
	if (served)
		live--;
	futex_wake(&live, INT_MAX);
}

/* Where the program's socket will find it: at the socket's own address, from which no datagram can come but this machine's. */
static int address_of(int fd, int own_fd, struct endpoint *at)
{
	struct endpoint any;

	if (!udp_name(own_fd, at))
		return -errno;
	any = (struct endpoint){.sa.sa_family = at->sa.sa_family};
	if (any.sa.sa_family == AF_INET6)
		sys.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){0}, sizeof(int));
	if (sys_bind(fd, &any.sa, endpoint_len(&any)) || !udp_name(fd, &any))
		return -errno;
	at->in4.sin_port = any.in4.sin_port;
	return 0;
}

/* Connect both ways. */
static int meet(struct udp_forwarder *f, int fd)
{
	struct endpoint at;
	const int rc = address_of(f->job.fd, fd, &at);

	if (rc || sys_connect(fd, &at.sa, endpoint_len(&at)))
		return rc ? rc : -errno;
	/* Of "any" the kernel has made an address. */
	return udp_name(fd, &f->own) && udp_peer_name(fd, &f->udp->at) ? 0 : -errno;
}

static void set_peer(struct udp_forwarder *f, const struct peer *p)
{
	f->association.route = p->route;
	f->port = p->port;
	f->named = p->named;
	f->header_len = p->header_len;
	memcpy(f->header, p->header, p->header_len);
}

int udp_forwarder_make(struct udp *u, int fd, const struct peer *p, const struct app *app, void (*done)(struct udp *))
{
	struct udp_forwarder *f = pages_take(sizeof(*f));

	if (!f)
		return -ENOBUFS;
	f->job = (struct job){.step = step, .end = end, .fd = own_socket(u->family, SOCK_DGRAM | SOCK_NONBLOCK)};
	f->udp = u;
	f->app = app;
	f->done = done;
	f->family = u->family;
	set_peer(f, p);
	const int rc = f->job.fd < 0 ? f->job.fd : meet(f, fd);
	if (rc) {
		own_close(f->job.fd);
		pages_free(f, sizeof(*f));
		return rc;
	}
	u->forwarder = f;
	u->forwarded = true;
	return 0;
}

bool udp_forwarder_start(struct udp_forwarder *f)
{
	live++;
	f->served = true;
	if (engine_serve(&f->job))
		return true;
	f->served = false;
	live--;
	return false;
}

bool udp_forwarder_carries(const struct udp_forwarder *f)
{
	uint8_t byte;

	return f->carries || sys.recv(f->job.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
}

void udp_forwarder_release(struct udp_forwarder *f)
{
	f->udp->forwarder = NULL;
	f->released = true;
	nudge(f);
}

void udp_forwarders_await(int64_t until)
{
	for (unsigned n = live; n && clock_now() < until; n = live) {
		const int64_t left = until - clock_now();
		futex_wait(&live, n, &(struct timespec){left / NS_PER_S, left % NS_PER_S});
	}
}

void udp_forwarder_forked(struct udp_forwarder *f)
{
	live = 0;
	f->udp->forwarder = NULL;
	f->udp->server = f->carries ? getppid() : 0;
	association_forked(&f->association);
	pages_free(f, sizeof(*f));
}
