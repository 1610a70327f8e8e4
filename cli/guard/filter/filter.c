/* SPDX-License-Identifier: MIT */
/* filter: assemble the seccomp filter from filter.def, and from what happens to each row's arguments. */
#include "cli/guard/filter/filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/in6.h> /* what <netinet/in.h> leaves out */
#include <linux/net.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "core/base/sys.h"

enum { X86_64, I386, AARCH64, ARM, ABIS, NONE = -1 };

static const uint32_t audit_arch[ABIS] = {AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64, AUDIT_ARCH_ARM};

/* Where a jump leads: on to the next instruction, to the calls of an ABI, or to one of the places of `what_happens`. */
enum label {
	NEXT,
	CALLS_OF,
	SENDTO = CALLS_OF + ABIS,
	SENDMSG,
	SENDMMSG,
	GETPEERNAME,
	GETSOCKOPT,
	SETSOCKOPT,
	SETSOCKOPT_IPV6,
	SETSOCKOPT_EITHER,
	SOURCE_ROUTE,
	FLOW_LABEL,
	SOCKET,
	SOCKET_INET,
	SOCKET_STREAM,
	SOCKET_DATAGRAM,
	LISTEN,
	SOCKETCALL,
	NAME,
	ASK,
	TELL,
	ALLOW,
	NO_CALL,
	NO_FAMILY,
	NO_PROTOCOL,
	NO_PERMISSION,
	GROUP,
	NO_FAST_OPEN,
	LABELS,
};

static const struct {
	int number[ABIS];
	enum label what;
} rows[] = {
#define STOP(name, x86_64, i386, aarch64, arm, socketcall, what) {{x86_64, i386, aarch64, arm}, what},
#include "cli/guard/filter/filter.def"
};

/* An instruction, its jumps by labels; or the place to which a label leads. */
struct line {
	unsigned code;
	uint32_t k;
	enum label yes, no;
};

enum { PLACE = 0xffff };

#define LINE(code, k, yes, no) ((struct line){code, (uint32_t)(k), yes, no})
#define AT(label) LINE(PLACE, 0, label, NEXT)
#define LOAD(offset) LINE(BPF_LD | BPF_W | BPF_ABS, offset, NEXT, NEXT)
#define AND(bits) LINE(BPF_ALU | BPF_AND | BPF_K, bits, NEXT, NEXT)
#define IF_EQUAL(k, yes, no) LINE(BPF_JMP | BPF_JEQ | BPF_K, k, yes, no)
#define IF_AT_LEAST(k, yes, no) LINE(BPF_JMP | BPF_JGE | BPF_K, k, yes, no)
#define IF_ANY(bits, yes, no) LINE(BPF_JMP | BPF_JSET | BPF_K, bits, yes, no)
#define RETURN(action) LINE(BPF_RET | BPF_K, action, NEXT, NEXT)
#define FAIL(error) RETURN(SECCOMP_RET_ERRNO | (error))

/* The halves of an argument's register; all machines here are little-endian. */
#define LOWER(argument) (offsetof(struct seccomp_data, args) + 8 * (argument))
#define UPPER(argument) (LOWER(argument) + 4)

enum {
	X32 = 0x40000000,  /* in the numbers of an ABI that looks like x86-64 and has 32-bit pointers */
	SOCKET_TYPE = 0xf, /* the bits of socket()'s type that are no flags */
};

/* What becomes of a filter while it is assembled: jumps hold labels in place of distances. */
struct assembly {
	struct sock_filter *code;
	size_t n, place[LABELS];
	unsigned wanted;
};

static void add(struct assembly *a, struct line l)
{
	if (l.code == PLACE)
		a->place[l.yes] = a->n;
	else if (a->n < GUARD_FILTER_MAX)
		a->code[a->n++] = (struct sock_filter){(uint16_t)l.code, (uint8_t)l.yes, (uint8_t)l.no, l.k};
}

static void add_all(struct assembly *a, const struct line *lines, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add(a, lines[i]);
}

/* What the number of a call means depends on the ABI. */
static void dispatch(struct assembly *a)
{
	add(a, LOAD(offsetof(struct seccomp_data, arch)));
	for (unsigned i = 0; i < ABIS; i++)
		add(a, IF_EQUAL(audit_arch[i], CALLS_OF + i, NEXT));
	add(a, FAIL(ENOSYS));
}

/* Returns false for a row that nobody needs. */
static bool is_wanted(const struct assembly *a, enum label what)
{
	return what == LISTEN ? a->wanted & GUARD_LISTEN : what == NAME ? a->wanted & GUARD_NAME : true;
}

/* The kernel tries this part once for each number, and remembers those that pass whatever their arguments. */
static void calls_of(struct assembly *a, unsigned abi)
{
	add(a, AT(CALLS_OF + abi));
	add(a, LOAD(offsetof(struct seccomp_data, nr)));
	if (abi == X86_64)
		add(a, IF_AT_LEAST(X32, NO_CALL, NEXT));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].number[abi] != NONE && is_wanted(a, rows[i].what))
			add(a, IF_EQUAL(rows[i].number[abi], rows[i].what, NEXT));
	add(a, RETURN(SECCOMP_RET_ALLOW));
}

static void what_happens(struct assembly *a, uint32_t marker)
{
	const bool strict = a->wanted & GUARD_STRICT;
	const enum label fast_open = strict ? NO_FAST_OPEN : ASK, mptcp = strict ? NO_PROTOCOL : ALLOW;
	const struct line lines[] = {
		AT(SENDTO), /* (fd, bytes, n, flags, to, len) */
		LOAD(LOWER(3)),
		IF_ANY(MSG_FASTOPEN, fast_open, NEXT),
		LOAD(LOWER(4)),
		IF_EQUAL(0, NEXT, ASK),
		LOAD(UPPER(4)),
		IF_EQUAL(0, ALLOW, ASK),

		AT(SENDMSG), /* (fd, message, flags) */
		LOAD(LOWER(2)),
		IF_ANY(MSG_FASTOPEN, fast_open, ASK),

		AT(SENDMMSG), /* (fd, messages, n, flags) */
		LOAD(LOWER(3)),
		IF_ANY(MSG_FASTOPEN, fast_open, ASK),

		AT(GETPEERNAME), /* (fd, to, len) */
		LOAD(UPPER(0)),
		IF_EQUAL(marker, NEXT, ASK),
		LOAD(LOWER(0)),
		IF_EQUAL(SYS_SIGN, TELL, NEXT),
		IF_EQUAL(SYS_PROBE, NEXT, ALLOW),
		FAIL(SYS_PROBE_ERRNO),

		AT(GETSOCKOPT), /* (fd, level, name, value, len) */
		LOAD(LOWER(1)),
		IF_EQUAL(SOL_SOCKET, NEXT, ALLOW),
		LOAD(LOWER(2)),
		IF_EQUAL(SO_ERROR, ASK, ALLOW),

		AT(SOCKETCALL), /* (which, arguments): what its arguments cannot make a packet of passes */
		LOAD(LOWER(0)),
		IF_EQUAL(SYS_SEND, ALLOW, NEXT),
		IF_EQUAL(SYS_RECV, ALLOW, NEXT),
		IF_EQUAL(SYS_RECVFROM, ALLOW, NEXT),
		IF_EQUAL(SYS_RECVMSG, ALLOW, NEXT),
		IF_EQUAL(SYS_RECVMMSG, ALLOW, NEXT),
		IF_EQUAL(SYS_SHUTDOWN, ALLOW, TELL),

		AT(LISTEN), /* (fd, backlog) */
		AT(NAME),   /* (fd, address, len) */
		AT(ASK),
		LOAD(UPPER(0)),
		IF_EQUAL(marker, ALLOW, NEXT),
		AT(TELL),
		RETURN(SECCOMP_RET_USER_NOTIF),

		AT(SETSOCKOPT), /* (fd, level, name, value, len) */
		LOAD(LOWER(1)),
		IF_EQUAL(IPPROTO_IPV6, SETSOCKOPT_IPV6, NEXT),
		IF_EQUAL(IPPROTO_IP, NEXT, ALLOW),
		LOAD(LOWER(2)),
		IF_EQUAL(IP_OPTIONS, SOURCE_ROUTE, NEXT),
		IF_EQUAL(IP_ADD_MEMBERSHIP, GROUP, NEXT),
		IF_EQUAL(IP_ADD_SOURCE_MEMBERSHIP, GROUP, NEXT),
		IF_EQUAL(IP_BLOCK_SOURCE, GROUP, NEXT),
		IF_EQUAL(IP_UNBLOCK_SOURCE, GROUP, NEXT),
		IF_EQUAL(IP_MSFILTER, GROUP, SETSOCKOPT_EITHER),
		AT(SETSOCKOPT_IPV6),
		LOAD(LOWER(2)),
		IF_EQUAL(IPV6_RTHDR, SOURCE_ROUTE, NEXT),
		IF_EQUAL(IPV6_2292PKTOPTIONS, SOURCE_ROUTE, NEXT),
		IF_EQUAL(IPV6_FLOWLABEL_MGR, FLOW_LABEL, NEXT),
		IF_EQUAL(IPV6_ADD_MEMBERSHIP, GROUP, NEXT),
		IF_EQUAL(IPV6_JOIN_ANYCAST, GROUP, NEXT),
		AT(SETSOCKOPT_EITHER),
		IF_EQUAL(MCAST_JOIN_GROUP, GROUP, NEXT),
		IF_EQUAL(MCAST_JOIN_SOURCE_GROUP, GROUP, NEXT),
		IF_EQUAL(MCAST_BLOCK_SOURCE, GROUP, NEXT),
		IF_EQUAL(MCAST_UNBLOCK_SOURCE, GROUP, NEXT),
		IF_EQUAL(MCAST_MSFILTER, GROUP, ALLOW),
		AT(SOURCE_ROUTE), /* source_route.h; to take it away is harmless */
		LOAD(LOWER(4)),
		IF_EQUAL(0, ALLOW, NO_PERMISSION),
		AT(FLOW_LABEL),
		LOAD(LOWER(4)),
		IF_AT_LEAST(sizeof(struct in6_flowlabel_req) + 1, NO_PERMISSION, ALLOW),
		AT(GROUP),
		LOAD(UPPER(0)),
		IF_EQUAL(marker, ALLOW, NEXT),
		RETURN(SECCOMP_RET_USER_NOTIF),

		AT(SOCKET), /* (family, type, protocol) */
		LOAD(LOWER(0)),
		IF_EQUAL(AF_INET, SOCKET_INET, NEXT),
		IF_EQUAL(AF_INET6, SOCKET_INET, NEXT),
		IF_EQUAL(AF_UNIX, ALLOW, NEXT),
		IF_EQUAL(AF_NETLINK, ALLOW, NEXT),
		IF_EQUAL(AF_ALG, ALLOW, NO_FAMILY), /* the kernel's ciphers */
		AT(SOCKET_INET),
		LOAD(LOWER(1)),
		AND(SOCKET_TYPE),
		IF_EQUAL(SOCK_STREAM, SOCKET_STREAM, NEXT),
		IF_EQUAL(SOCK_DGRAM, SOCKET_DATAGRAM, NEXT),
		IF_EQUAL(SOCK_RAW, ALLOW, NO_PROTOCOL), /* its connect and sendto ask */
		AT(SOCKET_STREAM),
		LOAD(LOWER(2)),
		IF_EQUAL(0, ALLOW, NEXT),
		IF_EQUAL(IPPROTO_TCP, ALLOW, NEXT),
		IF_EQUAL(IPPROTO_MPTCP, mptcp, NO_PROTOCOL),
		AT(SOCKET_DATAGRAM),
		LOAD(LOWER(2)),
		IF_EQUAL(0, ALLOW, NEXT),
		IF_EQUAL(IPPROTO_UDP, ALLOW, NEXT),
		IF_EQUAL(IPPROTO_UDPLITE, ALLOW, NEXT),
		IF_EQUAL(IPPROTO_ICMP, ALLOW, NEXT),
		IF_EQUAL(IPPROTO_ICMPV6, ALLOW, NO_PROTOCOL),

		AT(NO_FAST_OPEN),
		FAIL(EOPNOTSUPP),
		AT(NO_CALL),
		FAIL(ENOSYS),
		AT(NO_FAMILY),
		FAIL(EAFNOSUPPORT),
		AT(NO_PROTOCOL),
		FAIL(EPROTONOSUPPORT),
		AT(NO_PERMISSION),
		FAIL(EPERM),
		AT(ALLOW),
		RETURN(SECCOMP_RET_ALLOW),
	};

	add_all(a, lines, sizeof(lines) / sizeof(*lines));
}

/* Put the distance to a label in its place. Returns false if the label lies behind, or out of reach. */
static bool resolve(const struct assembly *a, size_t from, uint8_t *jump)
{
	if (*jump == NEXT) {
		*jump = 0;
		return true;
	}
	const size_t to = a->place[*jump];
	*jump = (uint8_t)(to - from - 1);
	return to > from && to - from - 1 <= UINT8_MAX;
}

static bool finish(const struct assembly *a)
{
	bool good = a->n < GUARD_FILTER_MAX;

	for (size_t i = 0; i < a->n && good; i++)
		if (BPF_CLASS(a->code[i].code) == BPF_JMP)
			good = resolve(a, i, &a->code[i].jt) && resolve(a, i, &a->code[i].jf);
	return good;
}

size_t guard_filter(struct sock_filter code[static GUARD_FILTER_MAX], uint32_t marker, unsigned wanted)
{
	struct assembly a = {.code = code, .wanted = wanted};

	if (!sys_is_marker(marker))
		return 0;
	dispatch(&a);
	for (unsigned i = 0; i < ABIS; i++)
		calls_of(&a, i);
	what_happens(&a, marker);
	return finish(&a) ? a.n : 0;
}
