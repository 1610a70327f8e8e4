/* SPDX-License-Identifier: MIT */
/* stand_in: /proc says what a socket is; ours are known by their inodes, which the kernel counts upwards, so that the new overwrite the oldest. */
#include "cli/guard/guest/stand_in.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cli/guard/guest/guest.h"
#include "cli/guard/guest/inode.h"
#include "core/base/own.h"
#include "core/base/sys.h"

/* A socket of ours that the command has. */
struct stand_in {
	uint64_t inode, cookie;
	int kept; /* our descriptor of it; -1: none */
};

enum { STAND_INS = 8192 };

static struct stand_in stand_ins[STAND_INS];

static struct stand_in *find(uint64_t inode)
{
	struct stand_in *const s = &stand_ins[inode % STAND_INS];

	return inode && s->inode == inode ? s : NULL;
}

/* To take a descriptor of one's own is forbidden by nothing else. */
static bool is_forbidden(void)
{
	const int process = (int)syscall(SYS_pidfd_open, getpid(), 0);
	const int fd = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, process, 0);
	const bool forbidden = fd < 0 && (errno == EPERM || errno == ENOSYS);

	if (fd >= 0)
		close(fd);
	if (process >= 0)
		close(process);
	return forbidden;
}

bool stand_in_needed(void)
{
	static enum { UNKNOWN, NO, YES } needed;

	if (needed == UNKNOWN)
		needed = is_forbidden() ? YES : NO;
	return needed == YES;
}

/* As the kernel calls them. Families that no row tells are refused when such a socket is made. */
static const struct kind {
	const char *name;
	int family, type, protocol;
} kinds[] = {
	{"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP},
	{"TCPv6", AF_INET6, SOCK_STREAM, IPPROTO_TCP},
	{"MPTCP", AF_INET, SOCK_STREAM, IPPROTO_TCP},
	{"MPTCPv6", AF_INET6, SOCK_STREAM, IPPROTO_TCP},
	{"UDP", AF_INET, SOCK_DGRAM, IPPROTO_UDP},
	{"UDPv6", AF_INET6, SOCK_DGRAM, IPPROTO_UDP},
	{"UDP-Lite", AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE},
	{"UDPLITEv6", AF_INET6, SOCK_DGRAM, IPPROTO_UDPLITE},
	{"RAW", AF_INET, SOCK_RAW, IPPROTO_RAW},
	{"RAWv6", AF_INET6, SOCK_RAW, IPPROTO_RAW},
	{"PING", AF_INET, SOCK_DGRAM, IPPROTO_ICMP},
	{"PINGv6", AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6},
	{"UNIX", AF_UNIX, SOCK_DGRAM, 0},
	{"UNIX-STREAM", AF_UNIX, SOCK_STREAM, 0},
	{"NETLINK", AF_NETLINK, SOCK_RAW, 0},
	{"ALG", AF_ALG, SOCK_SEQPACKET, 0},
};

static const struct kind *kind_of(const char *path)
{
	char name[32];
	const ssize_t n = getxattr(path, "system.sockprotoname", name, sizeof(name));

	for (size_t i = 0; n > 0 && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strncmp(kinds[i].name, name, (size_t)n) == 0)
			return &kinds[i];
	return NULL;
}

static uint64_t network_of(const char *process)
{
	char path[64];
	struct stat file;

	snprintf(path, sizeof(path), "/proc/%s/ns/net", process);
	return stat(path, &file) == 0 ? file.st_ino : 0;
}

static bool is_elsewhere(const struct notice *r)
{
	char thread[16];

	snprintf(thread, sizeof(thread), "%d", (int)r->tid);
	return network_of(thread) != network_of("self");
}

static void describe(struct guest_socket *s, const struct kind *k, const struct stand_in *known)
{
	s->family = k->family;
	s->type = k->type;
	s->protocol = k->protocol;
	s->cookie = known ? known->cookie : 0;
	if (known && known->kept >= 0)
		s->fd = (int)sys_rc(sys.fcntl(known->kept, F_DUPFD_CLOEXEC, 0));
	if (s->fd >= 0)
		s->network = socket_network(s->fd);
}

int stand_in_look(struct guest_socket *s, const struct notice *r, int number)
{
	char path[64];

	*s = (struct guest_socket){.fd = -1, .flags = guest_flags(r, number)};
	s->inode = inode_at(r->tid, number);
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)r->tid, number);
	const struct kind *const k = s->inode ? kind_of(path) : NULL;
	if (!notice_waits(r))
		return -ESRCH;
	if (s->flags < 0)
		return -EBADF;
	if (!s->inode)
		return -ENOTSOCK;
	if (!k)
		return -EOPNOTSUPP;
	describe(s, k, find(s->inode));
	return 0;
}

/* True if the kernel lists a TCP socket, as it does those that are more than made. */
static bool is_listed(const struct guest_socket *s)
{
	char line[512];
	uint64_t inode = 0;
	FILE *const all = fopen(s->family == AF_INET ? "/proc/self/net/tcp" : "/proc/self/net/tcp6", "re");

	while (all && inode != s->inode && fgets(line, sizeof(line), all))
		if (sscanf(line, " %*s %*s %*s %*s %*s %*s %*s %*s %*s %" SCNu64, &inode) != 1)
			inode = 0;
	if (all)
		fclose(all);
	return inode == s->inode;
}

static int place(struct guest_socket *s, const struct notice *r, int number)
{
	const int fd = own_socket(s->family, s->type);

	if (fd < 0)
		return fd;
	sys.fcntl(fd, F_SETFL, s->flags & (O_NONBLOCK | O_ASYNC));
	const int rc = notice_place(r, fd, number, s->flags & O_CLOEXEC);
	if (rc) {
		own_close(fd);
		return rc;
	}
	s->fd = fd;
	s->cookie = socket_cookie(fd);
	s->network = socket_network(fd);
	stand_in_know(fd);
	return 0;
}

int stand_in_place(struct guest_socket *s, const struct notice *r, int number)
{
	if (!socket_is_tcp(s) && !socket_is_udp(s))
		return -EPROTONOSUPPORT;
	if (is_elsewhere(r))
		return -ENETUNREACH;
	return s->cookie && socket_is_tcp(s) && is_listed(s) ? -EISCONN : place(s, r, number);
}

void stand_in_know(int fd)
{
	const uint64_t inode = stand_in_needed() ? inode_of(fd) : 0;

	if (inode)
		stand_ins[inode % STAND_INS] = (struct stand_in){inode, socket_cookie(fd), -1};
}

void stand_in_keep(const struct guest_socket *s)
{
	struct stand_in *const known = stand_in_needed() ? find(inode_of(s->fd)) : NULL;

	if (known)
		known->kept = s->fd;
}

void stand_in_let_go(const struct guest_socket *s)
{
	struct stand_in *const known = stand_in_needed() ? find(inode_of(s->fd)) : NULL;

	if (known && known->kept == s->fd)
		known->kept = -1;
}
