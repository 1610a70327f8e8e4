/* SPDX-License-Identifier: MIT */
/* sockets: a dump for each family, into an array that is sorted by cookie. */
#include "cli/report/sockets.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 256, ALL_STATES = -1 };

struct sockets {
	size_t n, room;
	struct socket_state *of;
};

static struct socket_state *add(struct sockets *s)
{
	if (s->n == s->room) {
		void *const more = realloc(s->of, (s->room + ROOM) * sizeof(*s->of));
		if (!more)
			return NULL;
		s->of = more;
		s->room += ROOM;
	}
	return &s->of[s->n++];
}

/* struct tcp_info grows with the kernel: what it does not fill is zero. */
static struct tcp_info info_in(const struct inet_diag_msg *m, size_t len)
{
	struct tcp_info info;
	int left = (int)(len - sizeof(*m));

	memset(&info, 0, sizeof(info));
	for (const struct rtattr *a = (const struct rtattr *)(m + 1); RTA_OK(a, left); a = RTA_NEXT(a, left))
		if (a->rta_type == INET_DIAG_INFO)
			memcpy(&info, RTA_DATA(a), RTA_PAYLOAD(a) < sizeof(info) ? RTA_PAYLOAD(a) : sizeof(info));
	return info;
}

static struct socket_state state_in(const struct nlmsghdr *h)
{
	const struct inet_diag_msg *const m = NLMSG_DATA(h);
	const struct tcp_info info = info_in(m, NLMSG_PAYLOAD(h, 0));

	return (struct socket_state){.cookie = m->id.idiag_cookie[0] | (uint64_t)m->id.idiag_cookie[1] << 32,
				     .state = m->idiag_state,
				     .carried = carried_of(&info)};
}

bool sockets_take(int fd, void each(const struct socket_state *, void *), void *arg)
{
	static _Alignas(struct nlmsghdr) char bytes[64 * 1024];
	const ssize_t n = recv(fd, bytes, sizeof(bytes), 0);
	unsigned left = n > 0 ? (unsigned)n : 0;

	for (const struct nlmsghdr *h = (const struct nlmsghdr *)bytes; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
		if (h->nlmsg_type != SOCK_DIAG_BY_FAMILY)
			return false;
		const struct socket_state state = state_in(h);
		each(&state, arg);
	}
	return n > 0;
}

static void keep(const struct socket_state *state, void *sockets)
{
	struct socket_state *const to = add(sockets);

	if (to)
		*to = *state;
}

static void dump(struct sockets *s, int fd, int family)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_req_v2 body;
	} ask = {{.nlmsg_len = sizeof(ask), .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		 {.sdiag_family = (uint8_t)family,
		  .sdiag_protocol = IPPROTO_TCP,
		  .idiag_ext = 1 << (INET_DIAG_INFO - 1),
		  .idiag_states = (uint32_t)ALL_STATES}};

	if (send(fd, &ask, sizeof(ask), 0) < 0)
		return;
	while (sockets_take(fd, keep, s))
		;
}

static int by_cookie(const void *a, const void *b)
{
	const struct socket_state *const x = a, *const y = b;

	return (x->cookie > y->cookie) - (x->cookie < y->cookie);
}

int sockets_watch(void)
{
	const int groups[] = {SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET6_TCP_DESTROY}, room = 4 << 20;
	const int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG);
	bool heard =
		fd >= 0 && bind(fd, (struct sockaddr *)&(struct sockaddr_nl){.nl_family = AF_NETLINK}, sizeof(struct sockaddr_nl)) == 0;

	for (int i = 0; i < 2 && heard; i++)
		heard = setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i], sizeof(*groups)) == 0;
	if (heard && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (heard || fd < 0)
		return fd;
	close(fd);
	return -1;
}

struct sockets *sockets_read(void)
{
	const int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	struct sockets *const s = fd < 0 ? NULL : calloc(1, sizeof(*s));

	if (s) {
		dump(s, fd, AF_INET);
		dump(s, fd, AF_INET6);
		if (s->n)
			qsort(s->of, s->n, sizeof(*s->of), by_cookie);
	}
	if (fd >= 0)
		close(fd);
	return s;
}

void sockets_free(struct sockets *s)
{
	if (s)
		free(s->of);
	free(s);
}

const struct socket_state *sockets_find(const struct sockets *s, uint64_t cookie)
{
	const struct socket_state key = {.cookie = cookie};

	return s && s->n ? bsearch(&key, s->of, s->n, sizeof(*s->of), by_cookie) : NULL;
}
