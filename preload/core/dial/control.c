/* control: the connection to one hop of a chain that keeps its UDP relay open. */
#include "core/dial/control.h"

#include <string.h>

#include "core/base/sys.h"
#include "core/base/err.h"
#include "core/base/clock.h"
#include "core/base/own.h"

int control_init(struct control *c, const struct config *config, const struct route *route, size_t hops)
{
	c->part = (struct route){.kind = ROUTE_CHAIN, .name = route->name, .hops = route->hops, .n = hops};
	c->job.fd = -1;
	return c->want = dial_begin_ask(&c->dial, config, &c->part, COMMAND_ASSOCIATE, &(struct addr){.kind = ADDR_IPV4});
}

void control_resolve(struct control *c)
{
	if (c->want == 0 && dial_needs_resolving(&c->dial))
		c->want = dial_resolve(&c->dial, AF_UNSPEC);
}

void control_connect(struct control *c)
{
	const int family = dial_family(&c->dial, AF_UNSPEC);

	if (c->want < 0)
		return;
	c->job.fd = own_socket(family, SOCK_STREAM | SOCK_NONBLOCK);
	if (c->job.fd < 0) {
		c->want = c->job.fd;
		return;
	}
	/* It may stand for days without a byte: a middlebox that forgets it must be noticed. */
	sys.setsockopt(c->job.fd, SOL_SOCKET, SO_KEEPALIVE, &(int){1}, sizeof(int));
	c->want = dial_connect(&c->dial, c->job.fd, family, O_NONBLOCK);
}

/* A proxy that takes us in, hears the request and hangs up (ssh -D) knows no such command. */
static int meaning(const struct control *c, int rc)
{
	const bool asked = tunnel_requested(&c->dial.tunnel);

	return rc == ERR_PROXY_COMMAND || (rc == ERR_PROXY_CLOSED && asked) ? ERR_UDP_UNSUPPORTED : rc;
}

void control_step(struct control *c)
{
	if (c->want > DIAL_DONE)
		c->want = dial_step(&c->dial, c->job.fd);
	if (c->want > DIAL_DONE && clock_now() >= dial_limit(&c->dial))
		c->want = dial_overdue(&c->dial);
	if (c->want < 0)
		c->want = meaning(c, c->want);
}

static bool is_unspecified(const struct addr *a)
{
	static const uint8_t zero[16];

	return (a->kind == ADDR_IPV4 && memcmp(a->ip, zero, 4) == 0) ||
	       (a->kind == ADDR_IPV6 && memcmp(a->ip, zero, 16) == 0);
}

struct addr control_relay(const struct control *c)
{
	const bool first = c->part.n == 1;
	struct addr bound, own = first ? c->dial.first : c->part.hops[c->part.n - 1]->addr;

	if (own.kind == ADDR_UNIX)
		own = (struct addr){.kind = ADDR_IPV4, .ip = {127, 0, 0, 1}};
	if (!tunnel_bound(&c->dial.tunnel, &bound))
		return own;
	own.port = bound.port;
	/* A name would have to be looked up, and loopback is the proxy's, not ours. */
	const bool elsewhere = (first && bound.kind == ADDR_NAME) || (addr_is_loopback(&bound) && !addr_is_loopback(&own));
	return is_unspecified(&bound) || elsewhere ? own : bound;
}

int control_try(const struct config *config, const struct route *route, struct addr *relay)
{
	struct control c;
	int rc = control_init(&c, config, route, route->n);

	if (rc)
		return rc;
	control_resolve(&c);
	control_connect(&c);
	rc = c.want > DIAL_DONE ? meaning(&c, dial_wait(&c.dial, c.job.fd, c.want, INT64_MAX)) : c.want;
	if (rc == 0)
		*relay = control_relay(&c);
	own_close(c.job.fd);
	return rc;
}
