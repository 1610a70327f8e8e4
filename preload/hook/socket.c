/* SPDX-License-Identifier: MIT */
/* socket: refuse packet sockets, and RPC over UDP, which could send without ever naming a destination to us; note datagram sockets. */
#include <linux/if_packet.h>

#include "core/base/err.h"
#include "core/base/log.h"
#include "hook/hook.h"
#include "udp/kin.h"

static bool is_unnamed(int family, int type)
{
	return family == AF_PACKET || family == AF_XDP || family == AF_RXRPC || (family == AF_INET && (type & 0xf) == SOCK_PACKET);
}

int socket(int family, int type, int protocol)
{
	const int saved = errno;

	if (is_unnamed(family, type) && !hook_goes_unseen()) {
		log_line(log_refusal_level(ERR_RAW), "%s: socket of family %d", err_text(ERR_RAW), family);
		return (int)hook_result(ERR_RAW, saved);
	}
	const int fd = sys.socket(family, type, protocol);
	if ((type & 0xf) == SOCK_DGRAM && (family == AF_INET || family == AF_INET6))
		kin_expect(fd);
	return fd;
}
