/* SPDX-License-Identifier: MIT */
/* filter: what the kernel would do with every call of every ABI, found by running the filter here. */
#include "cli/guard/filter/filter.c"
#include "cli/guard/filter/judge.c"

#include <linux/if_packet.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/route/source_route.h"
#include "tests/unit/tap.h"

enum { MARKER = 0x5a17c0de, FD = 5, LAST_CALL = 600, PASSES = 0, ASKS = -1, LOST = -2 };

static struct sock_filter code[GUARD_FILTER_MAX];
static size_t length;

static bool compare(const struct sock_filter *i, uint32_t a)
{
	switch (BPF_OP(i->code)) {
	case BPF_JEQ:
		return a == i->k;
	case BPF_JGE:
		return a >= i->k;
	default:
		return a & i->k;
	}
}

static int meaning(uint32_t action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
		return PASSES;
	case SECCOMP_RET_USER_NOTIF:
		return ASKS;
	case SECCOMP_RET_ERRNO:
		return (int)(action & SECCOMP_RET_DATA);
	default:
		return LOST;
	}
}

/* Run the filter as seccomp does. Returns PASSES, ASKS, the errno, or LOST if it runs out of its code. */
static int run(const struct seccomp_data *d)
{
	uint32_t a = 0;

	for (size_t at = 0; at < length; at++) {
		const struct sock_filter *i = &code[at];
		if (i->code == (BPF_LD | BPF_W | BPF_ABS) && i->k <= sizeof(*d) - sizeof(a))
			memcpy(&a, (const char *)d + i->k, sizeof(a));
		else if (i->code == (BPF_ALU | BPF_AND | BPF_K))
			a &= i->k;
		else if (BPF_CLASS(i->code) == BPF_JMP)
			at += compare(i, a) ? i->jt : i->jf;
		else
			return i->code == (BPF_RET | BPF_K) ? meaning(i->k) : LOST;
	}
	return LOST;
}

static void assemble(void)
{
	length = guard_filter(code, MARKER, GUARD_LISTEN | GUARD_NAME);
	EXPECT(length > 0);
}

/* The number of the call in that row of filter.def; in the order of the rows. */
enum {
#define STOP(name, x86_64, i386, aarch64, arm, socketcall, what) ROW_##name,
#include "cli/guard/filter/filter.def"
};

static const uint64_t marked = (uint64_t)MARKER << 32 | FD;

/* Returns what becomes of a call, if it is the same in each ABI that has it; else LOST. */
static int call(int row, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	int one = LOST;

	for (unsigned abi = 0; abi < ABIS; abi++) {
		if (rows[row].number[abi] == NONE)
			continue;
		const int rc = run(&(struct seccomp_data){
			.nr = rows[row].number[abi], .arch = audit_arch[abi], .instruction_pointer = ~0ull, .args = {a, b, c, d, e, f}});
		if (one != LOST && rc != one)
			return LOST;
		one = rc;
	}
	return one;
}

TEST("no call but those of the table is stopped, whatever the ABI and the arguments")
{
	assemble();
	for (unsigned abi = 0; abi < ABIS; abi++)
		for (int number = 0; number < LAST_CALL; number++) {
			bool stops = false;
			for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
				stops = stops || rows[i].number[abi] == number;
			for (int ones = 0; ones < 64 && !stops; ones++) {
				struct seccomp_data d = {.nr = number, .arch = audit_arch[abi]};
				for (int i = 0; i < 6; i++)
					d.args[i] = ones >> i & 1 ? ~0ull : 0;
				EXPECT_INT(run(&d), PASSES);
			}
		}
}

TEST("the numbers are this machine's")
{
#if defined(__x86_64__)
	const int ours = X86_64;
#else
	const int ours = AARCH64;
#endif
	const struct {
		int row, number;
	} known[] = {
		{ROW_listen, SYS_listen},           {ROW_connect, SYS_connect},         {ROW_bind, SYS_bind},
		{ROW_getsockname, SYS_getsockname}, {ROW_sendto, SYS_sendto},           {ROW_sendmsg, SYS_sendmsg},
		{ROW_sendmmsg, SYS_sendmmsg},       {ROW_getpeername, SYS_getpeername}, {ROW_getsockopt, SYS_getsockopt},
		{ROW_setsockopt, SYS_setsockopt},   {ROW_socket, SYS_socket},           {ROW_io_uring_setup, SYS_io_uring_setup},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		EXPECT_INT(rows[known[i].row].number[ours], known[i].number);
}

TEST("connect, listen, bind, getsockname, sendmsg, sendmmsg and getpeername ask, whatever their arguments")
{
	const int asking[] = {ROW_connect, ROW_listen, ROW_bind, ROW_getsockname, ROW_sendmsg, ROW_sendmmsg, ROW_getpeername};

	assemble();
	for (size_t i = 0; i < sizeof(asking) / sizeof(*asking); i++) {
		EXPECT_INT(call(asking[i], FD, 1, 2, 3, 4, 5), ASKS);
		EXPECT_INT(call(asking[i], 0, 0, 0, 0, 0, 0), ASKS);
		EXPECT_INT(call(asking[i], ~0ull, ~0ull, ~0ull, ~0ull, ~0ull, ~0ull), ASKS);
		EXPECT_INT(call(asking[i], (uint64_t)(MARKER ^ 1) << 32 | FD, 1, 2, 3, 4, 5), ASKS);
		EXPECT_INT(call(asking[i], MARKER, marked, marked, marked, marked, marked), ASKS);
	}
}

TEST("of the marked numbers that no descriptor has one is answered, and one reaches the guard, and that only with the mark")
{
	assemble();
	EXPECT_INT(call(ROW_getpeername, (uint64_t)MARKER << 32 | (uint32_t)SYS_PROBE, 0, 0, 0, 0, 0), SYS_PROBE_ERRNO);
	EXPECT_INT(call(ROW_getpeername, (uint64_t)MARKER << 32 | (uint32_t)SYS_SIGN, 1, 2, 0, 0, 0), ASKS);
	EXPECT_INT(call(ROW_getpeername, marked, 1, 2, 0, 0, 0), PASSES);
}

/* Returns true if the calls pass, or ask, in each ABI; and connect(2) asks. */
static bool become(int listens, int named)
{
	return call(ROW_listen, FD, 1, 2, 3, 4, 5) == listens && call(ROW_bind, FD, 1, 2, 3, 4, 5) == named &&
	       call(ROW_getsockname, FD, 1, 2, 3, 4, 5) == named && call(ROW_connect, FD, 1, 2, 3, 4, 5) == ASKS;
}

TEST("nobody who listens, binds or wants to know its address asks where the configuration has no word on it, nor costs it an instruction")
{
	const size_t most = guard_filter(code, MARKER, GUARD_LISTEN | GUARD_NAME);

	length = guard_filter(code, MARKER, GUARD_LISTEN);
	EXPECT(become(ASKS, PASSES));
	EXPECT_INT(length, most - 2 * ABIS);
	length = guard_filter(code, MARKER, 0);
	EXPECT(become(PASSES, PASSES));
	EXPECT_INT(length, most - 3 * ABIS);
}

TEST("sendto asks if it names a destination, in either half of the pointer, or opens a connection")
{
	assemble();
	for (unsigned bits = 0; bits < 8; bits++) {
		const uint64_t to = (bits & 1 ? 0x1000u : 0) | (bits & 2 ? 1ull << 32 : 0);
		const unsigned flags = MSG_NOSIGNAL | MSG_DONTWAIT | (bits & 4 ? MSG_FASTOPEN : 0);
		EXPECT_INT(call(ROW_sendto, FD, 0x1000, 7, flags, to, 16), bits ? ASKS : PASSES);
		EXPECT_INT(call(ROW_sendto, marked, 0x1000, 7, flags, to, 16), PASSES);
	}
}

TEST("where Landlock is to see every connection there is no TCP Fast Open and no MPTCP, nor for the library")
{
	const uint64_t flags = MSG_FASTOPEN | MSG_NOSIGNAL;

	length = guard_filter(code, MARKER, GUARD_LISTEN | GUARD_STRICT);
	for (int mark = 0; mark < 2; mark++) {
		const uint64_t fd = mark ? marked : FD;
		EXPECT_INT(call(ROW_sendto, fd, 0x1000, 7, flags, 0x1000, 16), EOPNOTSUPP);
		EXPECT_INT(call(ROW_sendto, fd, 0x1000, 7, flags, 0, 0), EOPNOTSUPP);
		EXPECT_INT(call(ROW_sendmsg, fd, 0x1000, flags, 0, 0, 0), EOPNOTSUPP);
		EXPECT_INT(call(ROW_sendmmsg, fd, 0x1000, 7, flags, 0, 0), EOPNOTSUPP);
		EXPECT_INT(call(ROW_sendmsg, fd, 0x1000, MSG_NOSIGNAL, 0, 0, 0), mark ? PASSES : ASKS);
		EXPECT_INT(call(ROW_sendmmsg, fd, 0x1000, 7, MSG_NOSIGNAL, 0, 0), mark ? PASSES : ASKS);
	}
	EXPECT_INT(call(ROW_socket, AF_INET, SOCK_STREAM, IPPROTO_MPTCP, 0, 0, 0), EPROTONOSUPPORT);
	EXPECT_INT(call(ROW_socket, AF_INET6, SOCK_STREAM, IPPROTO_TCP, 0, 0, 0), PASSES);
}

TEST("getsockopt asks for SO_ERROR alone")
{
	assemble();
	for (unsigned name = 0; name < 100; name++) {
		EXPECT_INT(call(ROW_getsockopt, FD, SOL_SOCKET, name, 1, 1, 0), name == SO_ERROR ? ASKS : PASSES);
		EXPECT_INT(call(ROW_getsockopt, FD, IPPROTO_TCP, name, 1, 1, 0), PASSES);
		EXPECT_INT(call(ROW_getsockopt, marked, SOL_SOCKET, name, 1, 1, 0), PASSES);
	}
}

static bool tells_the_network(int level, int name)
{
	const int ipv4[] = {IP_ADD_MEMBERSHIP, IP_ADD_SOURCE_MEMBERSHIP, IP_BLOCK_SOURCE, IP_UNBLOCK_SOURCE, IP_MSFILTER};
	const int ipv6[] = {IPV6_ADD_MEMBERSHIP, IPV6_JOIN_ANYCAST};
	const int both[] = {MCAST_JOIN_GROUP, MCAST_JOIN_SOURCE_GROUP, MCAST_BLOCK_SOURCE, MCAST_UNBLOCK_SOURCE, MCAST_MSFILTER};
	bool tells = false;

	for (size_t i = 0; i < sizeof(ipv4) / sizeof(*ipv4); i++)
		tells = tells || (level == IPPROTO_IP && name == ipv4[i]);
	for (size_t i = 0; i < sizeof(ipv6) / sizeof(*ipv6); i++)
		tells = tells || (level == IPPROTO_IPV6 && name == ipv6[i]);
	for (size_t i = 0; i < sizeof(both) / sizeof(*both); i++)
		tells = tells || ((level == IPPROTO_IP || level == IPPROTO_IPV6) && name == both[i]);
	return tells;
}

TEST("a setsockopt that joins a group asks if it is unmarked, one that gives a route of its own is refused, and every other option is set")
{
	const socklen_t lengths[] = {0, 4, sizeof(struct in6_flowlabel_req), sizeof(struct in6_flowlabel_req) + 1};

	assemble();
	for (int level = 0; level < 300; level++)
		for (int name = 0; name < 300; name++)
			for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
				const int set = source_route_by_option(level, name, lengths[i]) ? EPERM : PASSES;
				EXPECT_INT(call(ROW_setsockopt, FD, (uint64_t)level, (uint64_t)name, 1, lengths[i], 0),
					   tells_the_network(level, name) ? ASKS : set);
				EXPECT_INT(call(ROW_setsockopt, marked, (uint64_t)level, (uint64_t)name, 1, lengths[i], 0), set);
			}
}

static bool is_carried(int type, int protocol)
{
	switch (type) {
	case SOCK_STREAM:
		return protocol == 0 || protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP;
	case SOCK_DGRAM:
		return protocol == 0 || protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE || protocol == IPPROTO_ICMP ||
		       protocol == IPPROTO_ICMPV6;
	default:
		return type == SOCK_RAW;
	}
}

TEST("an inet socket is TCP, UDP or raw")
{
	const int families[] = {AF_INET, AF_INET6};

	assemble();
	for (int family = 0; family < 2; family++)
		for (int type = 0; type < 16; type++)
			for (int protocol = 0; protocol < 300; protocol++)
				for (unsigned flags = 0; flags < 4; flags++)
					EXPECT_INT(call(ROW_socket, (uint64_t)families[family],
							(uint64_t)type | (flags & 1 ? SOCK_CLOEXEC : 0) | (flags & 2 ? SOCK_NONBLOCK : 0),
							(uint64_t)protocol, 0, 0, 0),
						   is_carried(type, protocol) ? PASSES : EPROTONOSUPPORT);
}

TEST("any other socket is local")
{
	assemble();
	for (unsigned family = 0; family < 64; family++) {
		const bool local = family == AF_UNIX || family == AF_NETLINK || family == AF_ALG;
		if (family != AF_INET && family != AF_INET6)
			EXPECT_INT(call(ROW_socket, family, SOCK_DGRAM, 0, 0, 0, 0), local ? PASSES : EAFNOSUPPORT);
	}
}

TEST("rings, x32 and unknown ABIs do not exist")
{
	assemble();
	EXPECT_INT(call(ROW_io_uring_setup, 8, 0x1000, 0, 0, 0, 0), ENOSYS);
	for (int number = 0; number < LAST_CALL; number++) {
		EXPECT_INT(run(&(struct seccomp_data){.nr = number | X32, .arch = AUDIT_ARCH_X86_64, .args = {marked}}), ENOSYS);
		EXPECT_INT(run(&(struct seccomp_data){.nr = number, .arch = AUDIT_ARCH_RISCV64, .args = {marked}}), ENOSYS);
	}
}

TEST("of socketcall, whose arguments lie in memory, those that can make no packet for somebody else pass, and all others ask")
{
	assemble();
	for (unsigned which = 0; which < 100; which++) {
		const bool passes = which == SYS_SEND || which == SYS_RECV || which == SYS_RECVFROM || which == SYS_RECVMSG ||
				    which == SYS_RECVMMSG || which == SYS_SHUTDOWN;
		EXPECT_INT(call(ROW_socketcall, which, 0x1000, 0, 0, 0, 0), passes ? PASSES : ASKS);
	}
}

TEST("the supervisor judges a call as the filter does")
{
	static struct sock_fprog program = {.filter = code};

	assemble();
	program.len = (unsigned short)length;
	judge_use(&program);
	for (unsigned abi = 0; abi < ABIS; abi++)
		for (int number = 0; number < LAST_CALL; number++)
			for (int ones = 0; ones < 64; ones++) {
				struct seccomp_data d = {.nr = number, .arch = audit_arch[abi]};
				for (int i = 0; i < 6; i++)
					d.args[i] = ones >> i & 1 ? ~0ull : (uint64_t)i;
				EXPECT_INT(meaning(judge(&d)), run(&d));
			}
}

/* In a child: under the filter, where without a listener a call that asks is ENOSYS. Returns what failed. */
static int under_filter(void)
{
	const struct sock_fprog program = {(unsigned short)length, code};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program))
		return 1;
	if (syscall(SYS_connect, -1, NULL, 0) != -1 || errno != ENOSYS)
		return 2;
	if (syscall(SYS_connect, (uint64_t)MARKER << 32 | UINT32_MAX, NULL, 0) != -1 || errno != EBADF)
		return 3;
	if (syscall(SYS_sendto, -1, "", 1, 0, NULL, 0) != -1 || errno != EBADF)
		return 4;
	return socket(AF_PACKET, SOCK_RAW, 0) != -1 || errno != EAFNOSUPPORT ? 5 : 0;
}

TEST("the kernel takes the filter, and the mark of a descriptor that it takes for -1")
{
	int status = -1;

	SKIP_EMULATED("qemu-user has no seccomp");
	assemble();
	const pid_t child = fork();
	if (child == 0)
		_exit(under_filter());
	EXPECT_INT(waitpid(child, &status, 0), child);
	EXPECT_INT(status, 0);
}

TEST("there is no filter for a marker that every descriptor has")
{
	EXPECT_INT(guard_filter(code, 0, 0), 0);
	EXPECT_INT(guard_filter(code, UINT32_MAX, 0), 0);
}
