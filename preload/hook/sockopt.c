/* SPDX-License-Identifier: MIT */
/* sockopt: apply options to the real socket, and let SO_ERROR tell how its dial ended. */
#include <netinet/in.h>
#include <netinet/udp.h>

#include "core/base/caller.h"
#include "core/base/err.h"
#include "core/route/source_route.h"
#include "fd/entered.h"
#include "fd/pending.h"
#include "fd/ready.h"
#include "fd/table.h"
#include "hook/hook.h"
#include "hook/membership.h"
#include "udp/udp.h"

static int give_int(int value, void *to, socklen_t *len)
{
	int room;

	if (!caller_read(&room, len, sizeof(room)))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	const socklen_t n = (size_t)room < sizeof(value) ? (socklen_t)room : sizeof(value);
	return caller_write(to, &value, n) && caller_write(len, &n, sizeof(n)) ? 0 : -EFAULT;
}

static int datagram_failure(int fd)
{
	struct udp *u = udp_enter(fd);
	const int rc = u ? udp_error(u) : 0;

	if (u)
		udp_leave(u);
	return rc ? err_errno(rc) : 0;
}

/* Returns the errno of a failed dial or association, once. */
static int failure(struct fd_entry *entry, int fd)
{
	return fd_entry_is(entry, FD_UDP) ? datagram_failure(fd) : fd_failure(entry, fd);
}

static bool is_mtu(int level, int name)
{
	return (level == IPPROTO_IP && name == IP_MTU) || (level == IPPROTO_IPV6 && name == IPV6_MTU);
}

/* True if the library has dialled on the socket. */
static bool is_ours(struct fd_entry *entry, int fd)
{
	return entry && (fd_entry_is(entry, FD_PENDING | FD_FAILED | FD_PEER | FD_UDP) ||
			 (fd_entry_is(entry, FD_UNHEARD) && fd_entry_verify(entry, fd)));
}

/* Of a socket that the library did not connect the guard above may know more, unless that is a unix socket. If the guard has gone, the kernel says what it
 * knows. */
static int kernel_option(struct fd_entry *entry, int fd, int level, int name, void *restrict value, socklen_t *restrict len)
{
	int rc = -ENOSYS;

	if (sys_is_marking() && level == SOL_SOCKET && name == SO_ERROR && !is_ours(entry, fd) && sys_option(fd, SO_DOMAIN) != AF_UNIX)
		rc = (int)sys_rc(sys_ask_error(fd, value, len));
	return rc == -ENOSYS ? (int)sys_rc(sys_getsockopt(fd, level, name, value, len)) : rc;
}

static int get(struct fd_entry *entry, int fd, int level, int name, void *restrict value, socklen_t *restrict len)
{
	const struct entered in = fd_enter(fd);
	const bool pending = in.fd != fd;
	int rc, error, mtu;
	if (level == SOL_SOCKET && name == SO_ERROR && pending)
		rc = give_int(0, value, len); /* only the engine reads the real socket's errors */
	else if (level == SOL_SOCKET && name == SO_ERROR && (error = failure(entry, fd)) != 0)
		rc = give_int(error, value, len);
	else if (level == SOL_SOCKET && name == SO_DOMAIN && fd_entry_is(entry, FD_PEER) && fd_entry_verify(entry, fd))
		rc = give_int(entry->stream.peer.sa.sa_family, value, len);
	else if (is_mtu(level, name) && fd_entry_is(entry, FD_UDP) && (mtu = udp_mtu(fd)) != -ENOTCONN)
		rc = mtu < 0 ? mtu : give_int(mtu, value, len);
	else
		rc = kernel_option(entry, in.fd, level, name, value, len);
	if (level == SOL_SOCKET && name == SO_ERROR && fd_entry_is(entry, FD_UDP))
		udp_error_told(fd);
	fd_leave(in);
	return rc;
}

/* True for the options by which SCTP connects (sctp_connectx(3)), as the kernel numbers them. */
static bool connects(int level, int name)
{
	return level == IPPROTO_SCTP && (name == 107 || name == 110 || name == 111) && !hook_goes_unseen();
}

int getsockopt(int fd, int level, int name, void *restrict value, socklen_t *restrict len)
{
	const int saved = errno;
	struct fd_entry *entry = fd_entry_find(fd);

	if (connects(level, name))
		return (int)hook_result(ERR_RAW, saved);
	if (!entry)
		return (int)hook_result(kernel_option(NULL, fd, level, name, value, len), saved);
	return (int)hook_result(get(entry, fd, level, name, value, len), saved);
}

/* Returns the flag for an option that dials ask about, so that they need not ask the kernel each time; 0 for others. */
static unsigned noted_as(int level, int name)
{
	if (level != SOL_SOCKET)
		return 0;
	switch (name) {
	case SO_RCVLOWAT:
		return FD_LOWAT;
	case SO_SNDTIMEO_OLD:
	case SO_SNDTIMEO_NEW:
		return FD_TIMED;
	case SO_BINDTODEVICE:
	case SO_BINDTOIFINDEX:
		return FD_DEVICE;
	default:
		return 0;
	}
}

/* True for options that make the kernel split or join datagrams, our headers included. A directly connected socket may have them; others
 * must do without, as on an older kernel. */
static bool would_break_headers(int fd, int level, int name)
{
	struct sockaddr_storage peer;
	socklen_t size = sizeof(peer);

	if (level != IPPROTO_UDP || (name != UDP_SEGMENT && name != UDP_GRO && name != UDP_CORK))
		return false;
	const struct app *a = app_enter();
	if (!a || app_is_direct(a))
		return false;
	const struct fd_entry *entry = fd_entry_find(fd);
	return (entry && fd_entry_is(entry, FD_UDP)) || sys_getpeername(fd, (struct sockaddr *)&peer, &size) != 0;
}

static bool asks_for_errors(int level, int name)
{
	return (level == IPPROTO_IP && name == IP_RECVERR) || (level == IPPROTO_IPV6 && name == IPV6_RECVERR);
}

static void note(int fd, unsigned flag)
{
	struct fd_entry *entry = fd_entry_make(fd);

	if (entry)
		fd_entry_set(entry, flag);
}

/* True if a unix socket stands for this TCP socket: a unix socket neither has nor needs TCP options. */
static bool needless(int fd, int level)
{
	struct fd_entry *entry = fd_entry_find(fd);

	if (level == SOL_SOCKET || !entry || !fd_entry_is(entry, FD_PEER) || !fd_entry_verify(entry, fd))
		return false;
	return sys_option(fd, SO_DOMAIN) == AF_UNIX;
}

/* Returns 0 if the option may be set, or a negative err. */
static int check(int fd, int level, int name, const void *value, socklen_t len)
{
	if (connects(level, name))
		return ERR_RAW;
	if (source_route_by_option(level, name, len) && !hook_goes_unseen())
		return -EPERM;
	return membership_check(fd, level, name, value, len);
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	const int saved = errno;
	const unsigned flag = noted_as(level, name);

	if (would_break_headers(fd, level, name))
		return (int)hook_result(-ENOPROTOOPT, saved);
	const int refused = check(fd, level, name, value, len);
	if (refused)
		return (int)hook_result(refused, saved);
	if (!flag && !fd_entry_find(fd))
		return sys_setsockopt(fd, level, name, value, len);
	const struct entered in = fd_enter(fd);
	int rc = (int)sys_rc(sys_setsockopt(in.fd, level, name, value, len));

	fd_leave(in);
	if (rc == -EOPNOTSUPP && needless(fd, level))
		rc = 0;
	if (rc == 0 && asks_for_errors(level, name))
		udp_errors_asked(fd);
	if (rc == 0 && flag)
		note(fd, flag);
	return (int)hook_result(rc, saved);
}

int shutdown(int fd, int how)
{
	const int saved = errno;
	struct fd_entry *entry = fd_entry_find(fd);
	struct endpoint peer;

	if (entry && pending_abandon(entry, fd, true))
		return (int)hook_result(0, saved);
	const int rc = (int)sys_rc(sys.shutdown(fd, how));
	/* The kernel does it also where it has no peer. */
	return (int)hook_result(rc == -ENOTCONN && entry && udp_peer(fd, &peer) ? 0 : rc, saved);
}
