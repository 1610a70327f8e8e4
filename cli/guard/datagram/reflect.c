/* SPDX-License-Identifier: MIT */
/* reflect: make one like the old, and a job that waits for what comes to that. */
#include "cli/guard/datagram/reflect.h"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <utlist.h>

#include "cli/guard/datagram/near.h"
#include "cli/guard/datagram/sharers.h"
#include "cli/guard/guest/mirror.h"
#include "cli/guard/guest/swap.h"
#include "cli/guard/stream/stay.h"
#include "core/base/clock.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/clone.h"
#include "core/dial/engine.h"

enum { TICK_MS = 1000, DATAGRAM_MAX = 65536 };

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

/* An original, and the socket that has replaced it. */
struct pair {
	struct job job;        /* job.fd: the original */
	uint64_t cookie;       /* of the other, */
	struct endpoint own;   /* and its address */
	struct near_face from; /* who sent to the original last */
	int64_t tick;
	bool over;
	struct pair *next, *prev;
};

static struct pair *pairs;

/* Pass on what has come. */
static bool receive(struct pair *p)
{
	static uint8_t bytes[DATAGRAM_MAX];
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	const long n = sys_rc(__extension__ sys.recvfrom(p->job.fd, bytes, sizeof(bytes), MSG_DONTWAIT, (struct sockaddr *)&from, &len));
	const struct endpoint sender = n < 0 ? (struct endpoint){0} : endpoint_from((struct sockaddr *)&from, len);

	if (n >= 0 && near_be(&p->from, &p->own, &sender) >= 0)
		sys_send(p->from.fd, bytes, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL);
	return n >= 0;
}

static bool step(struct job *j)
{
	struct pair *const p = JOB_OF(struct pair, job, j);

	while (!p->over && receive(p))
		;
	if (clock_now() >= p->tick) {
		p->tick = clock_in_ms(TICK_MS);
		p->over |= near_is_left(&p->own, true);
	}
	j->limit = p->tick;
	return !p->over && !stay_is_alone();
}

static void end(struct job *j)
{
	struct pair *const p = JOB_OF(struct pair, job, j);

	DL_DELETE(pairs, p);
	own_close(p->from.fd);
	own_close(j->fd);
	free(p);
}

/* What beside a datagram a program asked to be told, and how one becomes several, or several one. */
static void copy_requests(int to, int from)
{
	static const struct {
		int level, name;
	} options[] = {
		{SOL_SOCKET, SO_BROADCAST},      {SOL_SOCKET, SO_TIMESTAMP},        {SOL_SOCKET, SO_TIMESTAMPNS},
		{SOL_SOCKET, SO_RXQ_OVFL},       {IPPROTO_IP, IP_PKTINFO},          {IPPROTO_IP, IP_RECVTOS},
		{IPPROTO_IP, IP_RECVTTL},        {IPPROTO_IP, IP_RECVERR},          {IPPROTO_IPV6, IPV6_RECVPKTINFO},
		{IPPROTO_IPV6, IPV6_RECVTCLASS}, {IPPROTO_IPV6, IPV6_RECVHOPLIMIT}, {IPPROTO_IPV6, IPV6_RECVERR},
		{IPPROTO_UDP, UDP_GRO},          {IPPROTO_UDP, UDP_SEGMENT},        {IPPROTO_UDP, UDP_CORK},
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		int value = 0;
		if (sys.getsockopt(from, options[i].level, options[i].name, &value, &(socklen_t){sizeof(value)}) == 0 && value)
			sys.setsockopt(to, options[i].level, options[i].name, &value, sizeof(value));
	}
}

/* Bind it to the address that the old one has, or else to `from`; by the old one's port if it has one. */
static int bind_as(int fd, const struct guest_socket *s, const struct endpoint *from)
{
	struct endpoint own, at = {.in6.sin6_family = (sa_family_t)s->family};
	int rc = socket_address(s->fd, &own);

	if (rc)
		return rc;
	if (endpoint_len(from))
		at = *from;
	if (!endpoint_is_unspecified(&own))
		at = own;
	at.in4.sin_port = own.in4.sin_port;
	/* A peer's port may be the same. */
	sys.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	rc = socket_bind(fd, &at);
	at.in4.sin_port = 0;
	return rc == -EADDRINUSE ? socket_bind(fd, &at) : rc;
}

/* Let what leaves no room for the relays' headers be EMSGSIZE: it may not be cut into pieces here, and is too large for one. */
static void bound_size(int fd)
{
	sys.setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &(int){IP_PMTUDISC_PROBE}, sizeof(int));
	sys.setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &(int){IPV6_PMTUDISC_PROBE}, sizeof(int));
}

static int make_like(const struct guest_socket *s, const struct endpoint *from)
{
	const int fd = mirror_socket(s->family, SOCK_DGRAM), rc = fd < 0 ? fd : bind_as(fd, s, from);

	if (rc) {
		own_close(fd);
		return rc;
	}
	clone_copy_options(fd, s->fd);
	sys.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	copy_requests(fd, s->fd);
	bound_size(fd);
	return fd;
}

/* Keep what has been replaced. Without memory it is closed, and whatever goes directly is refused. */
static void keep(const struct guest_socket *s, int original)
{
	struct pair *const p = calloc(1, sizeof(*p));

	if (!p) {
		own_close(original);
		return;
	}
	*p = (struct pair){
		.job = {.step = step, .end = end, .fd = original, .limit = INT64_MAX},
		.tick = clock_in_ms(TICK_MS),
		.cookie = s->cookie,
		.from.fd = -1,
	};
	socket_address(s->fd, &p->own);
	DL_APPEND(pairs, p);
	engine_submit(&p->job);
}

int reflect(const struct notice *r, struct guest_socket *s, const struct endpoint *from, bool everywhere)
{
	const int fd = make_like(s, from), original = fd < 0 ? fd : swap_sockets(r, s, fd);

	if (original >= 0) {
		if (everywhere)
			sharers_look(r, original, fd);
		keep(s, original);
		return 0;
	}
	own_close(fd);
	return original;
}

static struct pair *find(const struct guest_socket *s)
{
	struct pair *p;

	DL_FOREACH(pairs, p)
		if (p->cookie == s->cookie && !p->over)
			break;
	return p;
}

int reflect_original(const struct guest_socket *s)
{
	const struct pair *const p = find(s);

	return p ? p->job.fd : -EHOSTUNREACH;
}

int reflect_undo(const struct notice *r, struct guest_socket *s)
{
	struct pair *const p = find(s);
	const int original = p ? (int)sys_rc(sys.fcntl(p->job.fd, F_DUPFD_CLOEXEC, 3)) : -EHOSTUNREACH,
		  mirrored = original < 0 ? original : swap_sockets(r, s, original);

	if (mirrored < 0) {
		own_close(original);
		return mirrored;
	}
	own_close(mirrored);
	p->over = true;
	engine_hurry(&p->job);
	return 0;
}
