/* SPDX-License-Identifier: MIT */
/* socket: getsockopt(2), on a duplicate. */
#include "cli/guard/guest/socket.h"

#include <netinet/tcp.h>
#include <sys/time.h>

#include "cli/guard/guest/guest.h"
#include "core/base/clock.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/dial.h"
#include "core/dial/loopback.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif
#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

static uint64_t number_of(int fd, int name)
{
	uint64_t value = 0;
	socklen_t len = sizeof(value);

	return sys.getsockopt(fd, SOL_SOCKET, name, &value, &len) == 0 ? value : 0;
}

uint64_t socket_cookie(int fd)
{
	return sys_cookie(fd);
}

uint64_t socket_network(int fd)
{
	return number_of(fd, SO_NETNS_COOKIE);
}

static uint64_t our_network(void)
{
	static uint64_t cookie;
	const int fd = cookie ? -1 : own_socket(AF_INET, SOCK_DGRAM);

	if (fd >= 0)
		cookie = socket_network(fd);
	own_close(fd);
	return cookie;
}

int socket_address(int fd, struct endpoint *own)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);

	if (__extension__ sys.getsockname(fd, (struct sockaddr *)&at, &len))
		return -errno;
	*own = endpoint_from((struct sockaddr *)&at, len);
	return 0;
}

struct endpoint socket_source(const struct endpoint *to)
{
	struct endpoint from = {0};
	const int fd = own_socket(to->sa.sa_family, SOCK_DGRAM);

	if (fd >= 0 && sys_connect(fd, &to->sa, endpoint_len(to)) == 0)
		socket_address(fd, &from);
	own_close(fd);
	return from;
}

static int look(struct guest_socket *s)
{
	s->family = sys_option(s->fd, SO_DOMAIN);
	if (s->family < 0)
		return s->family;
	s->type = sys_option(s->fd, SO_TYPE);
	s->protocol = sys_option(s->fd, SO_PROTOCOL);
	s->flags = sys.fcntl(s->fd, F_GETFL);
	if (!socket_is_inet(s))
		return 0;
	s->cookie = socket_cookie(s->fd);
	s->network = socket_network(s->fd);
	return 0;
}

int socket_take(struct guest_socket *s, const struct notice *r, int number)
{
	*s = (struct guest_socket){.fd = guest_fd(r, number)};
	const int rc = s->fd < 0 ? s->fd : look(s);

	if (rc)
		socket_drop(s);
	return rc;
}

void socket_drop(struct guest_socket *s)
{
	own_close(s->fd);
	s->fd = -1;
}

bool socket_is_elsewhere(const struct guest_socket *s)
{
	return s->network != our_network();
}

bool socket_is_local(const struct guest_socket *s)
{
	return s->family == AF_UNIX || s->family == AF_NETLINK || s->family == AF_ALG;
}

bool socket_is_inet(const struct guest_socket *s)
{
	return s->family == AF_INET || s->family == AF_INET6;
}

bool socket_is_tcp(const struct guest_socket *s)
{
	return s->type == SOCK_STREAM && (s->protocol == IPPROTO_TCP || s->protocol == IPPROTO_MPTCP);
}

bool socket_is_udp(const struct guest_socket *s)
{
	return s->type == SOCK_DGRAM && (s->protocol == IPPROTO_UDP || s->protocol == IPPROTO_UDPLITE);
}

int64_t socket_patience(const struct guest_socket *s)
{
	struct timeval time = {0};
	socklen_t len = sizeof(time);

	sys.getsockopt(s->fd, SOL_SOCKET, SO_SNDTIMEO, &time, &len);
	return time.tv_sec * (int64_t)NS_PER_S + time.tv_usec * 1000;
}

int socket_lower_lowat(const struct guest_socket *s)
{
	const int lowat = sys_option(s->fd, SO_RCVLOWAT);

	if (lowat <= 1)
		return 0;
	sys.setsockopt(s->fd, SOL_SOCKET, SO_RCVLOWAT, &(int){1}, sizeof(int));
	return lowat;
}

int socket_state(const struct guest_socket *s)
{
	uint8_t state = TCP_CLOSE; /* tcpi_state, the first octet of struct tcp_info */
	socklen_t len = sizeof(state);

	sys.getsockopt(s->fd, IPPROTO_TCP, TCP_INFO, &state, &len);
	if (state == TCP_CLOSE)
		return 0;
	return state == TCP_SYN_SENT || state == TCP_SYN_RECV ? -EALREADY : -EISCONN;
}

bool socket_is_unused(const struct guest_socket *s)
{
	struct socket_tally {
		uint8_t state, others[135];
		uint32_t segments_out, segments_in; /* tcpi_segs_out, which libc's struct tcp_info ends before */
	} t = {.segments_out = 1};
	socklen_t len = sizeof(t);

	return socket_is_tcp(s) && sys.getsockopt(s->fd, IPPROTO_TCP, TCP_INFO, &t, &len) == 0 && len == sizeof(t) &&
	       t.state == TCP_CLOSE && !t.segments_out && !t.segments_in;
}

/* connect(2) knows no MSG_DONTWAIT. */
static void block(const struct guest_socket *s, bool on)
{
	if (!(s->flags & O_NONBLOCK))
		sys.fcntl(s->fd, F_SETFL, on ? s->flags : s->flags | O_NONBLOCK);
}

int socket_bind(int fd, const struct endpoint *at)
{
	return (int)sys_rc(sys_bind(fd, &at->sa, endpoint_len(at)));
}

int socket_connect(const struct guest_socket *s, const struct sockaddr *to, socklen_t len)
{
	block(s, false);
	const int rc = (int)sys_rc(sys_connect(s->fd, to, len));
	block(s, true);
	return rc;
}

int socket_join(const struct guest_socket *s, int room, int *end)
{
	block(s, false);
	const int rc = loopback_connect(s->fd, s->family, room, end);
	block(s, true);
	if (*end >= 0)
		return 0;
	dial_clear(s->fd);
	return rc && rc != -EINPROGRESS ? rc : *end;
}
