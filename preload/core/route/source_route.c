/* SPDX-License-Identifier: MIT */
/* source_route: by the kind of the option alone: the value is the program's memory, which may change. */
#include "core/route/source_route.h"

#include <linux/in6.h> /* what <netinet/in.h> leaves out */
#include <netinet/in.h>

bool source_route_by_option(int level, int name, socklen_t len)
{
	if (level == IPPROTO_IP)
		return name == IP_OPTIONS && len;
	if (level != IPPROTO_IPV6)
		return false;
	/* A flow label may come with headers, behind the request for it. */
	return ((name == IPV6_RTHDR || name == IPV6_2292PKTOPTIONS) && len) ||
	       (name == IPV6_FLOWLABEL_MGR && len > sizeof(struct in6_flowlabel_req));
}

bool source_route_by_control(int level, int type)
{
	return (level == IPPROTO_IP && type == IP_RETOPTS) || (level == IPPROTO_IPV6 && (type == IPV6_RTHDR || type == IPV6_2292RTHDR));
}
