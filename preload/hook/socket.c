/* SPDX-License-Identifier: MIT */
/* socket: refuse packet sockets, which could send without ever naming a destination to us. */
#include <linux/if_packet.h>

#include "core/base/err.h"
#include "core/base/log.h"
#include "hook/hook.h"

int socket(int family, int type, int protocol)
{
	const int saved = errno;

	if ((family == AF_PACKET || family == AF_XDP || (family == AF_INET && (type & 0xf) == SOCK_PACKET)) && !hook_goes_unseen()) {
		log_line(LOG_INFO, "%s: packet socket", err_text(ERR_RAW));
		return (int)hook_result(ERR_RAW, saved);
	}
	return sys.socket(family, type, protocol);
}
