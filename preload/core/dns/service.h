/* service: a query that came to the DNS relay, on its way to a server and back. */
#ifndef CORE_DNS_SERVICE_H
#define CORE_DNS_SERVICE_H

#include <sys/socket.h>

#include "core/base/buf.h"
#include "core/route/decide.h"
#include "core/proto/udp_header.h"

enum { DNS_ASKER_HEADER = UDP_HEADER_MAX };

/* Where it came from: the relay's socket, who sent it, and the header in front of it, which goes in front of the answer, too. */
struct dns_asker {
	int relay;
	struct sockaddr_storage from;
	socklen_t from_len;
	size_t header_len;
	uint8_t header[DNS_ASKER_HEADER];
};

void dns_asker_reply(const struct dns_asker *, const struct buf *answer);

/* Let the engine ask the configured server, and reply. */
void dns_service_ask(const struct dns_asker *, const struct app *, struct slice query);

/* Let the engine pass it on, as it is, to the server that the program means, and what that says back. */
void dns_service_forward(const struct dns_asker *, const struct addr *server, struct slice query);

#endif
