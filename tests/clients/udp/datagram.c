/* SPDX-License-Identifier: MIT */
/* datagram: try to get something out that is no TCP connection: datagram HOW ADDR:PORT
 * HOW: sendto, sendmsg, sendmmsg, syscall (sendto and connect by number), connect (then send and write), fastopen (TCP sendto with MSG_FASTOPEN), raw, icmp, ping,
 * unspec (raw, the destination's family AF_UNSPEC), packet, rxrpc, sctp,
 * connectx (sctp_connectx).
 * Prints "CALL: ERRNO" or "CALL: ok". */
#include "tests/lib/common.h"

#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sys/syscall.h>

enum { ICMP = -1 }; /* ICMP or ICMPv6, as the family has it */

static const struct kind {
	const char *how;
	int type, protocol;
} kinds[] = {
	{"raw", SOCK_RAW, IPPROTO_RAW}, {"unspec", SOCK_RAW, 253}, /* RFC 3692: for experiments */
	{"icmp", SOCK_RAW, ICMP},       {"ping", SOCK_DGRAM, ICMP}, {"sctp", SOCK_STREAM, IPPROTO_SCTP},
	{"fastopen", SOCK_STREAM, 0},   {NULL, SOCK_DGRAM, 0},
};

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	char bytes[] = "\x08\x00\x00\x00\x00\x00\x00\x00";

	if (argc < 3)
		die("datagram HOW ADDR:PORT");
	const char *how = argv[1];
	const socklen_t len = address_parse(argv[2], &to);
	struct sockaddr *a = (struct sockaddr *)&to;
	struct iovec v = {bytes, 8};
	struct mmsghdr m = {.msg_hdr = {.msg_name = &to, .msg_namelen = len, .msg_iov = &v, .msg_iovlen = 1}};
	const int family = to.ss_family, icmp = family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	const struct kind *k = kinds;

	while (k->how && strcmp(k->how, how) != 0)
		k++;
	const int type = k->type, protocol = k->protocol == ICMP ? icmp : k->protocol;

	if (!strcmp(how, "packet")) {
		struct sockaddr_ll link = {.sll_family = AF_PACKET,
					   .sll_protocol = htons(ETH_P_IP),
					   .sll_halen = 6,
					   .sll_ifindex = (int)if_nametoindex("void")};
		const int fd = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP));
		if (fd < 0)
			return say("socket", -1), 1;
		return say("sendto", (int)sendto(fd, bytes, 8, 0, (struct sockaddr *)&link, sizeof(link))) < 0;
	}
	if (!strcmp(how, "rxrpc"))
		return say("socket", socket(AF_RXRPC, SOCK_DGRAM, family)) < 0;
	const int fd = socket(family, type, protocol);
	if (fd < 0)
		return say("socket", -1), 1;
	if (!strcmp(how, "sendmsg"))
		return say("sendmsg", (int)sendmsg(fd, &m.msg_hdr, 0)) < 0;
	if (!strcmp(how, "sendmmsg"))
		return say("sendmmsg", sendmmsg(fd, &m, 1, 0)) < 0;
	if (!strcmp(how, "syscall")) {
		const int sent = say("sendto", (int)syscall(SYS_sendto, fd, bytes, 8, 0, a, len));
		return say("connect", (int)syscall(SYS_connect, fd, a, len)) < 0 && sent < 0;
	}
	if (!strcmp(how, "fastopen"))
		return say("sendto", (int)sendto(fd, bytes, 8, MSG_FASTOPEN, a, len)) < 0;
	if (!strcmp(how, "connect") || !strcmp(how, "sctp")) {
		const int rc = say("connect", connect(fd, a, len));
		say("send", (int)send(fd, bytes, 8, MSG_NOSIGNAL));
		say("write", (int)write(fd, bytes, 8));
		return rc < 0;
	}
	if (!strcmp(how, "connectx")) {
		socklen_t size = sizeof(to);
		const int rc = say("getsockopt", getsockopt(fd, IPPROTO_SCTP, 111, &to, &size)); /* SCTP_SOCKOPT_CONNECTX3, CONNECTX */
		return say("setsockopt", setsockopt(fd, IPPROTO_SCTP, 110, &to, len)) < 0 && rc < 0;
	}
	if (!strcmp(how, "unspec"))
		to.ss_family = AF_UNSPEC;
	return say("sendto", (int)sendto(fd, bytes, 8, 0, a, len)) < 0;
}
