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

static void take(struct sockets *s, const struct nlmsghdr *h)
{
	const struct inet_diag_msg *const m = NLMSG_DATA(h);
	struct socket_state *const to = h->nlmsg_type == SOCK_DIAG_BY_FAMILY ? add(s) : NULL;

	if (!to)
		return;
	const struct tcp_info info = info_in(m, NLMSG_PAYLOAD(h, 0));
	to->cookie = m->id.idiag_cookie[0] | (uint64_t)m->id.idiag_cookie[1] << 32;
	to->state = m->idiag_state;
	to->sent = info.tcpi_bytes_sent - info.tcpi_bytes_retrans + info.tcpi_notsent_bytes;
	to->received = info.tcpi_bytes_received;
}

/* Returns false at the end of the dump. */
static bool take_all(struct sockets *s, int fd)
{
	static _Alignas(struct nlmsghdr) char bytes[64 * 1024];
	const ssize_t n = recv(fd, bytes, sizeof(bytes), 0);
	unsigned left = n > 0 ? (unsigned)n : 0;

	for (const struct nlmsghdr *h = (const struct nlmsghdr *)bytes; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
		if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR)
			return false;
		take(s, h);
	}
	return n > 0;
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
	while (take_all(s, fd))
		;
}

static int by_cookie(const void *a, const void *b)
{
	const struct socket_state *const x = a, *const y = b;

	return (x->cookie > y->cookie) - (x->cookie < y->cookie);
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
