/* SPDX-License-Identifier: MIT */
/* udp: send datagrams for DNS servers to the server in this process: an association without connections, and always ready. */
#include <errno.h>
#include <string.h>

#include "dns/udp_server.h"
#include "udp/socket.h"

/* Make our DNS server the association's relay. A fork changes the server, so compare each time. */
static int face(const struct udp *u, struct association *a, const struct addr *at)
{
	struct udp_relay relay = {0};
	const int rc = udp_relay_through(&relay, at, 1, u->family);

	if (rc || (a->state == ASSOCIATION_READY && endpoint_equal(&a->relay.at, &relay.at)))
		return rc;
	a->relay = relay;
	a->state = ASSOCIATION_READY;
	udp_tell_kin(u, a);
	return 0;
}

int udp_face_dns(struct udp *u, const struct udp_dest *d)
{
	struct addr at;
	int rc = dns_udp_server(u->family, &at);

	if (rc)
		return rc;
	lock_take(&u->lock);
	struct association *a = udp_association(u, d->route, d->group);
	rc = a ? face(u, a, &at) : -ENOBUFS;
	lock_give(&u->lock);
	return rc;
}
