/* SPDX-License-Identifier: MIT */
/* carried: what was sent again counts once, and what waits to be sent has been given. */
#include "core/journal/carried.h"

#include <linux/tcp.h>

/* The kernel counts the other end's FIN as a byte. Of a socket that it has destroyed it does not tell whether there was one, but mostly there was. */
static bool has_fin(const struct tcp_info *info)
{
	enum { TIME_WAIT = 6, CLOSE, CLOSE_WAIT, LAST_ACK, CLOSING = 11 }; /* of netinet/tcp.h */
	const unsigned with = 1 << TIME_WAIT | 1 << CLOSE | 1 << CLOSE_WAIT | 1 << LAST_ACK | 1 << CLOSING;

	return info->tcpi_bytes_received && with >> info->tcpi_state & 1;
}

struct carried carried_of(const struct tcp_info *info)
{
	return (struct carried){
		.sent = info->tcpi_bytes_sent - info->tcpi_bytes_retrans + info->tcpi_notsent_bytes,
		.received = info->tcpi_bytes_received - has_fin(info),
		.stood = info->tcpi_bytes_acked, /* the SYN counts */
	};
}
