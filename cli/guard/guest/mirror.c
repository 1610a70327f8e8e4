/* SPDX-License-Identifier: MIT */
/* mirror: a process in a network namespace of its own, which shares our descriptors and makes sockets for us. */
#include "cli/guard/guest/mirror.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "core/base/own.h"
#include "core/base/sys.h"

enum { LOOPBACK = 1 }; /* the interface's number in every network */

/* What is asked of the process, and its answer. */
struct order {
	int family, type, rc;
};

static struct {
	bool tried;
	int hand; /* to the process; negative: there is none */
	uint64_t network;
} mirror = {.hand = -1};

/* What the relays' headers may add to a datagram: those of several hops, or one with a name. */
enum { HEADERS_MAX = 288, MTU = 65535 - HEADERS_MAX };

static int raise_loopback(void)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP}, size = {.ifr_name = "lo", .ifr_mtu = MTU};
	const int fd = own_socket(AF_INET, SOCK_DGRAM);
	int rc = fd < 0 ? fd : (int)sys_rc(sys.ioctl(fd, SIOCSIFMTU, &size));

	if (rc == 0)
		rc = (int)sys_rc(sys.ioctl(fd, SIOCSIFFLAGS, &lo));

	own_close(fd);
	return rc;
}

/* Where a datagram for elsewhere comes from: the address by which this machine reaches most others. */
static struct endpoint own_address(int family)
{
	struct endpoint elsewhere = {.in6.sin6_family = (sa_family_t)family, .in6.sin6_port = htons(9)};

	if (family == AF_INET)
		inet_pton(AF_INET, "192.0.2.1", &elsewhere.in4.sin_addr);
	else
		inet_pton(AF_INET6, "2001:db8::1", &elsewhere.in6.sin6_addr);
	return socket_source(&elsewhere);
}

/* Returns 0 or -errno; of what the kernel answers nobody hears. */
static int tell_kernel(const struct nlmsghdr *m)
{
	const int fd = own_socket(AF_NETLINK, SOCK_RAW);
	const long rc = fd < 0 ? fd : sys_rc(sys_send(fd, m, m->nlmsg_len, 0));

	own_close(fd);
	return rc < 0 ? (int)rc : 0;
}

/* A route by which every address of the family is local. `own`: whence IPv4 comes, if that is known. */
static int make_all_local(int family, const struct endpoint *own)
{
	struct {
		struct nlmsghdr head;
		struct rtmsg route;
		struct rtattr out;
		int interface;
		struct rtattr from;
		struct in_addr own;
	} m = {
		.head = {.nlmsg_len = sizeof(m), .nlmsg_type = RTM_NEWROUTE, .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE},
		.route = {.rtm_family = (unsigned char)family,
			  .rtm_table = RT_TABLE_LOCAL,
			  .rtm_protocol = RTPROT_BOOT,
			  .rtm_scope = family == AF_INET ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE,
			  .rtm_type = RTN_LOCAL},
		.out = {.rta_len = RTA_LENGTH(sizeof(int)), .rta_type = RTA_OIF},
		.interface = LOOPBACK,
		.from = {.rta_len = RTA_LENGTH(sizeof(own->in4.sin_addr)), .rta_type = RTA_PREFSRC},
		.own = own->in4.sin_addr,
	};

	if (own->sa.sa_family != AF_INET)
		m.head.nlmsg_len -= m.from.rta_len;
	return tell_kernel(&m.head);
}

/* IPv6 comes from an address of the interface, which serves at once: nobody else could have it. */
static void add_address(const struct endpoint *own)
{
	const struct {
		struct nlmsghdr head;
		struct ifaddrmsg address;
		struct rtattr local;
		struct in6_addr own;
	} m = {
		.head = {.nlmsg_len = sizeof(m), .nlmsg_type = RTM_NEWADDR, .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE},
		.address = {.ifa_family = AF_INET6, .ifa_prefixlen = 128, .ifa_flags = IFA_F_NODAD, .ifa_index = LOOPBACK},
		.local = {.rta_len = RTA_LENGTH(sizeof(m.own)), .rta_type = IFA_LOCAL},
		.own = own->in6.sin6_addr,
	};

	if (own->sa.sa_family == AF_INET6)
		tell_kernel(&m.head);
}

static int build(void)
{
	const struct endpoint own = own_address(AF_INET), own6 = own_address(AF_INET6), none = {0};
	/* As a user that may not, be root of a namespace of users first. */
	int rc = (int)sys_rc(unshare(CLONE_NEWNET));
	if (rc == -EPERM)
		rc = (int)sys_rc(unshare(CLONE_NEWUSER | CLONE_NEWNET));
	if (rc == 0)
		rc = raise_loopback();
	if (rc == 0)
		rc = make_all_local(AF_INET, &none);
	if (rc)
		return rc;
	make_all_local(AF_INET, &own);   /* which is local by now */
	make_all_local(AF_INET6, &none); /* there may be no IPv6 */
	add_address(&own6);
	return rc;
}

/* Be that process. */
static void work(int hand)
{
	struct order o = {.rc = build()};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "socksify-mirror");
	while (sys_send(hand, &o, sizeof(o), MSG_NOSIGNAL) == sizeof(o) && sys.recv(hand, &o, sizeof(o), 0) == sizeof(o))
		o.rc = (int)sys_rc(sys.socket(o.family, o.type | SOCK_CLOEXEC, 0));
	_exit(0);
}

static int answer(void)
{
	struct order o;

	return sys.recv(mirror.hand, &o, sizeof(o), 0) == sizeof(o) ? o.rc : -EPIPE;
}

static void start(void)
{
	int ends[2];

	mirror.tried = true;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return;
	/* As fork(2), but with one table of descriptors for both. */
	const long process = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
	if (process == 0)
		work(ends[1]);
	mirror.hand = ends[0];
	if (process > 0 && answer() == 0)
		return;
	own_close(ends[0]);
	own_close(ends[1]);
	mirror.hand = -1;
}

int mirror_socket(int family, int type)
{
	const struct order o = {family, type, 0};

	if (!mirror.tried)
		start();
	if (mirror.hand < 0)
		return -EPERM;
	if (sys_send(mirror.hand, &o, sizeof(o), MSG_NOSIGNAL) != sizeof(o))
		return -EPIPE;
	const int fd = answer();
	if (fd < 0)
		return fd;
	if (!mirror.network)
		mirror.network = socket_network(fd);
	/* For IPv6 the route alone does not make every address ours. */
	sys.setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &(int){1}, sizeof(int));
	sys.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){0}, sizeof(int));
	return fd;
}

bool mirror_has(const struct guest_socket *s)
{
	return s->network && s->network == mirror.network;
}
