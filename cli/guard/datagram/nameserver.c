/* SPDX-License-Identifier: MIT */
/* nameserver: sockets on loopback and in the mirror, and the DNS service behind them. */
#include "cli/guard/datagram/nameserver.h"

#include <stdlib.h>
#include <string.h>

#include "cli/guard/guest/mirror.h"
#include "core/base/endpoint.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/engine.h"
#include "core/dial/loopback.h"
#include "core/dns/service.h"

enum { QUERY_MAX = 4096, PORTS = 65536, DNS_PORT = 53 };

/* What a program means by its queries. There are no more than programs and servers they ask. */
struct meaning {
	const struct app *app;
	const struct route *route; /* as in struct dns_transaction */
	struct addr server;
	struct meaning *next;
};

/* A socket that queries come to. */
struct door {
	struct job job;
	struct addr at;
};

struct query {
	struct dns_transaction transaction; /* its query is in `bytes` */
	int fd;
	struct sockaddr_storage from;
	socklen_t from_len;
	_Alignas(struct cmsghdr) uint8_t control[128]; /* where it came to, and so where the answer comes from */
	size_t control_n;
	uint8_t bytes[QUERY_MAX];
};

static struct meaning *meanings;
static const struct meaning *meant_by[PORTS]; /* by the port of the command's socket */
static struct door loopback[2], mirrored;     /* by family */

static const struct meaning *meaning_of(const struct app *app, const struct addr *server, const struct verdict *v)
{
	const struct meaning new = {
		.app = app,
		.route = v->chosen->kind == ROUTE_DIRECT ? (server->kind == ADDR_NAME ? NULL : v->chosen)
			 : v->resolver                   ? NULL
							 : v->chosen,
		.server = *server,
		.next = meanings,
	};
	struct meaning *m = meanings;

	while (m && !(m->app == new.app && m->route == new.route &&addr_equal(&m->server, server)))
		m = m->next;
	if (m || !(m = malloc(sizeof(*m))))
		return m;
	*m = new;
	return meanings = m;
}

static void replied(struct dns_transaction *t, struct slice answer)
{
	struct query *const q = t->owner;
	struct iovec part = {answer.at, answer.len};
	const struct msghdr m = {
		.msg_name = &q->from,
		.msg_namelen = q->from_len,
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = q->control_n ? q->control : NULL,
		.msg_controllen = q->control_n,
	};

	if (answer.len)
		sys_sendmsg(q->fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	free(q);
}

/* The answer goes out by whatever interface leads there. */
static void forget_interface(struct msghdr *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
			((struct in_pktinfo *)CMSG_DATA(c))->ipi_ifindex = 0;
		else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO)
			((struct in6_pktinfo *)CMSG_DATA(c))->ipi6_ifindex = 0;
	}
}

/* Receive a query. Returns its length, or -errno. */
static long receive(struct query *q, int fd)
{
	struct iovec part = {q->bytes, sizeof(q->bytes)};
	struct msghdr m = {
		.msg_name = &q->from,
		.msg_namelen = sizeof(q->from),
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = q->control,
		.msg_controllen = sizeof(q->control),
	};
	const long n = sys_rc(sys.recvmsg(fd, &m, MSG_DONTWAIT));

	q->fd = fd;
	q->from_len = m.msg_namelen;
	q->control_n = n < 0 ? 0 : m.msg_controllen;
	if (n >= 0)
		forget_interface(&m);
	return n;
}

/* Serve it; false if nobody of the command's asks, or it is no query. */
static bool serve(struct query *q, size_t n)
{
	const struct endpoint from = endpoint_from((struct sockaddr *)&q->from, q->from_len);
	const struct meaning *const m = meant_by[ntohs(from.in4.sin_port)];

	if (!m)
		return false;
	q->transaction = (struct dns_transaction){
		.app = m->app,
		.query = {q->bytes, n},
		.route = m->route,
		.server = m->server,
		.udp = true,
		.reply = replied,
		.owner = q,
	};
	return dns_serve(&q->transaction) >= 0;
}

static bool step(struct job *j)
{
	for (struct query *q; (q = malloc(sizeof(*q)));) {
		const long n = receive(q, j->fd);
		if (n < 0 || !serve(q, (size_t)n))
			free(q);
		if (n == -EAGAIN)
			break;
	}
	return true;
}

static void end(struct job *j)
{
	(void)j;
}

static void open_door(struct door *d, int fd)
{
	sys.setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &(int){1}, sizeof(int));
	sys.setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &(int){1}, sizeof(int));
	d->job = (struct job){.step = step, .end = end, .fd = fd, .limit = INT64_MAX};
	engine_submit(&d->job);
}

/* Returns the door on loopback for sockets of `family`; NULL, with -errno in *rc. */
static const struct door *loopback_door(int family, int *rc)
{
	struct door *const d = &loopback[family == AF_INET6];

	if (d->at.kind)
		return d;
	*rc = loopback_socket(family, SOCK_DGRAM, &d->at);
	if (*rc < 0)
		return NULL;
	open_door(d, *rc);
	return d;
}

/* From now on queries from the socket's port have that meaning. */
static int note_port(int fd, const struct meaning *m)
{
	struct sockaddr_storage own;
	socklen_t len = sizeof(own);

	if (__extension__ sys.getsockname(fd, (struct sockaddr *)&own, &len))
		return -errno;
	meant_by[ntohs(endpoint_from((struct sockaddr *)&own, len).in4.sin_port)] = m;
	return 0;
}

int nameserver_connect(const struct guest_socket *s, const struct app *app, const struct addr *server, const struct verdict *v)
{
	const struct meaning *const m = meaning_of(app, server, v);
	struct sockaddr_storage to;
	int rc = -ENOBUFS;
	const struct door *const d = m ? loopback_door(s->family, &rc) : NULL;

	if (!d)
		return rc;
	rc = socket_connect(s, (struct sockaddr *)&to, addr_to_sockaddr(&d->at, &to, s->family));
	return rc ? rc : note_port(s->fd, m);
}

/* Open the door in the mirror: port 53 of every address. */
static int open_mirror(void)
{
	const struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_port = htons(DNS_PORT)};
	const int fd = mirror_socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK);

	if (fd < 0)
		return fd;
	if (__extension__ sys.bind(fd, (const struct sockaddr *)&any, sizeof(any))) {
		const int rc = -errno;
		own_close(fd);
		return rc;
	}
	mirrored.at.kind = ADDR_IPV6;
	open_door(&mirrored, fd);
	return 0;
}

int nameserver_hear(const struct guest_socket *s, const struct app *app, const struct addr *server, const struct verdict *v)
{
	const struct meaning *const m = meaning_of(app, server, v);
	const int rc = !m ? -ENOBUFS : mirrored.at.kind ? 0 : open_mirror();

	return rc ? rc : note_port(s->fd, m);
}
