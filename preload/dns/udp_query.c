/* SPDX-License-Identifier: MIT */
/* udp_query: receive a datagram, have its query served, and send the answer back. */
#include "dns/udp_query.h"

#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/dns/service.h"
#include "core/proto/udp_header.h"
#include "dns/socket_owner.h"

struct query {
	struct dns_transaction transaction; /* its query is in `datagram` */
	int fd;
	struct sockaddr_storage from;
	socklen_t from_len;
	size_t n, header_len; /* lengths of the datagram and of its header */
	uint8_t datagram[4096];
};

static void query_free(struct query *q)
{
	pages_free(q, sizeof(*q));
}

static uint16_t port_of(const struct sockaddr_storage *a)
{
	return ntohs(a->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)a)->sin6_port : ((const struct sockaddr_in *)a)->sin_port);
}

/* Receive the datagram. Returns 0 or -errno. */
static int receive(struct query *q)
{
	struct sockaddr *const from = (struct sockaddr *)&q->from;

	q->from_len = sizeof(q->from);
	const ssize_t rc = __extension__ sys.recvfrom(q->fd, q->datagram, sizeof(q->datagram), MSG_DONTWAIT, from, &q->from_len);
	if (rc < 0)
		return -errno;
	q->n = (size_t)rc;
	return 0;
}

static void replied(struct dns_transaction *t, struct slice answer)
{
	struct query *q = t->owner;
	struct iovec parts[] = {{q->datagram, q->header_len}, {answer.at, answer.len}};
	const struct msghdr message = {.msg_name = &q->from, .msg_namelen = q->from_len, .msg_iov = parts, .msg_iovlen = 2};

	if (answer.len)
		sys_sendmsg(q->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
	query_free(q);
}

/* Returns the route to the server that the program means, by this verdict; NULL if the system told it to ask that one. A direct server with a
 * name is asked nothing: programs get the addresses of such names. */
static const struct route *route_to(const struct addr *server, const struct verdict *v)
{
	if (v->chosen->kind == ROUTE_DIRECT)
		return server->kind == ADDR_NAME ? NULL : v->chosen;
	return v->resolver ? NULL : v->chosen;
}

/* Serve the query; false if the datagram holds none, or its server can no longer be reached. */
static bool serve(struct query *q, const struct app *app)
{
	struct addr meant;
	struct verdict v;
	const int header_len = udp_header_get(&meant, q->datagram, q->n);

	if (header_len < 0)
		return false;
	if (meant.kind == ADDR_IPV6)
		meant.scope = udp_header_scope(q->datagram);
	if (decide(app, &meant, true, &v))
		return false;
	q->header_len = (size_t)header_len;
	q->transaction = (struct dns_transaction){
		.app = app,
		.query = {q->datagram + q->header_len, q->n - q->header_len},
		.route = route_to(&meant, &v),
		.server = meant,
		.udp = true,
		.reply = replied,
		.owner = q,
	};
	return dns_serve(&q->transaction) >= 0;
}

int udp_query_take(int fd, const struct app *app)
{
	struct query *const q = pages_take(sizeof(*q));

	if (!q)
		return -ENOMEM;
	q->fd = fd;
	const int rc = receive(q);
	if (rc || !socket_owner_is_us(port_of(&q->from)) || !serve(q, app))
		query_free(q);
	return rc;
}
