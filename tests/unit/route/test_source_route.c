/* SPDX-License-Identifier: MIT */
/* source_route: which options and control messages are taken for one. */
#include "core/route/source_route.h"

#include <linux/in6.h>
#include <netinet/in.h>

#include "tests/unit/tap.h"

TEST("an option that may give a socket a source route is known by its kind, and taking it away is none")
{
	EXPECT(source_route_by_option(IPPROTO_IP, IP_OPTIONS, 8));
	EXPECT(!source_route_by_option(IPPROTO_IP, IP_OPTIONS, 0));
	EXPECT(source_route_by_option(IPPROTO_IPV6, IPV6_RTHDR, 40));
	EXPECT(!source_route_by_option(IPPROTO_IPV6, IPV6_RTHDR, 0));
	EXPECT(source_route_by_option(IPPROTO_IPV6, IPV6_2292PKTOPTIONS, 56));
	EXPECT(source_route_by_option(IPPROTO_IPV6, IPV6_FLOWLABEL_MGR, 72));
	EXPECT(!source_route_by_option(IPPROTO_IPV6, IPV6_FLOWLABEL_MGR, sizeof(struct in6_flowlabel_req)));
}

TEST("what has the same number elsewhere is no source route")
{
	EXPECT(!source_route_by_option(SOL_SOCKET, IP_OPTIONS, 8));
	EXPECT(!source_route_by_option(IPPROTO_IPV6, IP_OPTIONS, 8));
	EXPECT(!source_route_by_option(IPPROTO_IP, IPV6_RTHDR, 40));
	EXPECT(!source_route_by_control(SOL_SOCKET, IP_RETOPTS));
	EXPECT(!source_route_by_control(IPPROTO_IP, IP_PKTINFO));
	EXPECT(!source_route_by_control(IPPROTO_IPV6, IPV6_PKTINFO));
}

TEST("a control message that may give its message a source route is known by its kind")
{
	EXPECT(source_route_by_control(IPPROTO_IP, IP_RETOPTS));
	EXPECT(source_route_by_control(IPPROTO_IPV6, IPV6_RTHDR));
	EXPECT(source_route_by_control(IPPROTO_IPV6, IPV6_2292RTHDR));
}
