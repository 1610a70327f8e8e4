/* SPDX-License-Identifier: MIT */
/* join_group: join_group GROUP DEVICE [PORT]: join a group in each way there is, each time on a socket of its own (bound to PORT), and print
 * what becomes of it. */
#include "tests/lib/common.h"

#include <net/if.h>

static struct sockaddr_storage group, source;
static uint32_t device;

static void join(const char *way, int level, int name, const void *value, socklen_t len)
{
	const int fd = socket(group.ss_family, SOCK_DGRAM, 0);
	struct sockaddr_in6 at = {.sin6_family = group.ss_family, .sin6_port = ((struct sockaddr_in *)&group)->sin_port};

	if (at.sin6_port)
		bind(fd, (struct sockaddr *)&at, sizeof(at));
	say(way, setsockopt(fd, level, name, value, len));
	close(fd);
}

static void join_ipv4(void)
{
	const struct in_addr to = ((struct sockaddr_in *)&group)->sin_addr, from = ((struct sockaddr_in *)&source)->sin_addr;
	const struct ip_mreqn r = {.imr_multiaddr = to, .imr_ifindex = (int)device};
	const struct ip_mreq_source s = {.imr_multiaddr = to, .imr_sourceaddr = from};

	join("IP_ADD_MEMBERSHIP", IPPROTO_IP, IP_ADD_MEMBERSHIP, &r, sizeof(r));
	join("IP_ADD_SOURCE_MEMBERSHIP", IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, &s, sizeof(s));
	say("setipv4sourcefilter", setipv4sourcefilter(socket(AF_INET, SOCK_DGRAM, 0), (struct in_addr){0}, to, MCAST_INCLUDE, 1, &from));
}

static void join_ipv6(void)
{
	const struct ipv6_mreq r = {.ipv6mr_multiaddr = ((struct sockaddr_in6 *)&group)->sin6_addr, .ipv6mr_interface = device};

	join("IPV6_ADD_MEMBERSHIP", IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &r, sizeof(r));
	join("IPV6_JOIN_ANYCAST", IPPROTO_IPV6, IPV6_JOIN_ANYCAST, &r, sizeof(r));
}

int main(int argc, char **argv)
{
	char text[64];

	if (argc < 3)
		die("join_group GROUP DEVICE [PORT]");
	const bool six = strchr(argv[1], ':');
	snprintf(text, sizeof(text), six ? "[%s]:%s" : "%s:%s", argv[1], argc > 3 ? argv[3] : "0");
	const socklen_t len = address_parse(text, &group);
	address_parse(six ? "[fd99::1]:0" : "10.99.0.1:0", &source);
	device = if_nametoindex(argv[2]);

	const struct group_req r = {.gr_interface = device, .gr_group = group};
	const struct group_source_req s = {.gsr_interface = device, .gsr_group = group, .gsr_source = source};
	const int level = six ? IPPROTO_IPV6 : IPPROTO_IP;
	six ? join_ipv6() : join_ipv4();
	join("MCAST_JOIN_GROUP", level, MCAST_JOIN_GROUP, &r, sizeof(r));
	join("MCAST_JOIN_SOURCE_GROUP", level, MCAST_JOIN_SOURCE_GROUP, &s, sizeof(s));
	say("setsourcefilter",
	    setsourcefilter(socket(group.ss_family, SOCK_DGRAM, 0), device, (struct sockaddr *)&group, len, MCAST_INCLUDE, 1, &source));
	join("nowhere", level, MCAST_JOIN_GROUP, (void *)16, sizeof(r));
	return 0;
}
