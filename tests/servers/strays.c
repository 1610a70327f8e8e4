/* SPDX-License-Identifier: MIT */
/* strays: what arrives for many hosts at once: strays DEVICE QUESTIONS ANSWERS
 * For each line that comes from QUESTIONS it writes the number of such packets to ANSWERS. Those that every device sends of its own accord
 * do not count: ARP, neighbour discovery, and membership of the groups that this goes to. */
#include "tests/lib/common.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip6.h>
#include <poll.h>

enum { MLD2 = 143 };

/* What MLDv2 puts after eight octets of hop-by-hop options (RFC 3810, 5.2). */
struct report {
	struct icmp6_hdr head;
	uint8_t type, auxiliary;
	uint16_t sources;
	struct in6_addr group;
};

static bool is_solicited_node(const struct in6_addr *group)
{
	static const uint8_t prefix[] = {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff};

	return !memcmp(group, prefix, sizeof(prefix));
}

static bool is_everyday_ipv6(const uint8_t *packet, size_t n)
{
	const uint8_t next = ((const struct ip6_hdr *)packet)->ip6_nxt;
	const size_t at = sizeof(struct ip6_hdr) + (next == IPPROTO_HOPOPTS ? 8 : 0);
	struct report r = {0};

	memcpy(&r, packet + at, n - at < sizeof(r) ? n - at : sizeof(r));
	if (next == IPPROTO_HOPOPTS)
		return r.head.icmp6_type == MLD2 && is_solicited_node(&r.group);
	return next == IPPROTO_ICMPV6 && r.head.icmp6_type >= ND_ROUTER_SOLICIT && r.head.icmp6_type <= ND_REDIRECT;
}

/* Returns how many strays wait in the socket. */
static unsigned take(int fd)
{
	uint8_t packet[2048];
	struct sockaddr_ll from;
	unsigned strays = 0;
	ssize_t n;

	for (;;) {
		socklen_t len = sizeof(from);
		n = recvfrom(fd, packet, sizeof(packet), MSG_DONTWAIT, (struct sockaddr *)&from, &len);
		if (n < 0)
			return strays;
		if ((from.sll_pkttype != PACKET_MULTICAST && from.sll_pkttype != PACKET_BROADCAST) ||
		    from.sll_protocol == htons(ETH_P_ARP))
			continue;
		strays += from.sll_protocol != htons(ETH_P_IPV6) || (size_t)n < sizeof(struct ip6_hdr) + 16 ||
			  !is_everyday_ipv6(packet, (size_t)n);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
	unsigned strays = 0;
	char line;

	if (argc != 4)
		die("strays DEVICE QUESTIONS ANSWERS");
	const int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const int questions = open(argv[2], O_RDWR), answers = open(argv[3], O_RDWR);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	at.sll_ifindex = (int)if_nametoindex(argv[1]);
	if (!at.sll_ifindex || questions < 0 || answers < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)))
		die(argv[1]);
	puts("ready");
	fflush(stdout);
	for (struct pollfd p[] = {{.fd = fd, .events = POLLIN}, {.fd = questions, .events = POLLIN}}; poll(p, 2, -1) > 0;) {
		strays += take(fd);
		if (p[1].revents && read(questions, &line, 1) == 1)
			dprintf(answers, "%u\n", strays);
	}
	return 1;
}
