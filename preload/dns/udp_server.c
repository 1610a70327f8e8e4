/* udp_server: a SOCKS5 UDP relay inside this process that answers DNS queries. */
#include "dns/udp_server.h"

#include <stdatomic.h>
#include <string.h>

#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/base/clock.h"
#include "core/dns/answer.h"
#include "core/dns/service.h"
#include "core/dial/engine.h"
#include "core/base/own.h"
#include "dns/socket_owner.h"
#include "fd/table.h"
#include "core/proto/dns_message.h"
#include "core/proto/socks5_addr.h"

enum {
	PATIENCE_MS = 2000, /* from dns_udp_server() to the datagram */
	LINGER_MS = 50,     /* after a datagram */
};

struct dns_server {
	struct job job; /* while `working` */
	atomic_bool working;
	_Atomic int64_t until; /* monotonic ns: a datagram is expected up to then */
	pid_t pid;
	struct addr at;
};

static const struct app *app;
static _Atomic(struct dns_server *) servers[2]; /* by family */

void dns_udp_server_use(const struct app *its)
{
	app = its;
}

/* The length of a datagram's header; 0 if it is none that we take. */
static size_t header_length(const uint8_t *at, size_t n)
{
	if (n < 5 || at[2] != 0)
		return 0;
	const size_t address = at[3] == ATYP_IPV4 ? 4 : at[3] == ATYP_IPV6 ? 16 : at[3] == ATYP_NAME ? 1u + at[4] : SIZE_MAX / 2;
	return 4 + address + 2 <= n ? 4 + address + 2 : 0;
}

/* The server that the program means, if that goes directly. */
static bool is_direct(struct addr *server, const uint8_t *header)
{
	struct verdict v;

	return socks5_addr_get(server, header + 3, DNS_ASKER_HEADER - 3) > 0 && server->kind != ADDR_NAME &&
	       decide(app, server, true, &v) == 0 && v.chosen->kind == ROUTE_DIRECT;
}

static void serve(struct dns_asker *o, const uint8_t *datagram, size_t n)
{
	uint8_t bytes[DNS_UDP_LEAST];
	struct buf answer = {.at = bytes, .size = sizeof(bytes)};
	struct addr server;

	o->header_len = header_length(datagram, n);
	if (!o->header_len)
		return;
	memcpy(o->header, datagram, o->header_len);
	const struct slice query = {(uint8_t *)datagram + o->header_len, n - o->header_len};
	if (is_direct(&server, o->header) && dns_is_direct(app, query.at, query.len)) {
		dns_service_forward(o, &server, query);
		return;
	}
	const int rc = dns_answer(app, query.at, query.len, &answer);
	if (rc == 0 && !answer.overflow)
		dns_asker_reply(o, &answer);
	if (rc == DNS_ASK_SERVER)
		dns_service_ask(o, app, query);
}

static uint16_t port_of(const struct sockaddr_storage *a)
{
	return ntohs(a->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)a)->sin6_port : ((const struct sockaddr_in *)a)->sin_port);
}

static bool server_step(struct job *j)
{
	static uint8_t datagram[4096]; /* only the engine comes here */
	struct dns_server *r = JOB_OF(struct dns_server, job, j);
	ssize_t n;

	for (;;) {
		struct dns_asker o = {.relay = j->fd, .from_len = sizeof(o.from)};
		n = __extension__ sys.recvfrom(j->fd, datagram, sizeof(datagram), MSG_DONTWAIT, (struct sockaddr *)&o.from, &o.from_len);
		if (n < 0)
			break;
		if (socket_owner_is_us(port_of(&o.from)))
			serve(&o, datagram, (size_t)n);
		r->until = clock_in_ms(LINGER_MS);
	}
	if (errno != EAGAIN && errno != EINTR && errno != ECONNREFUSED) { /* somebody closed it */
		atomic_compare_exchange_strong(&servers[r->at.kind == ADDR_IPV6], &r, NULL);
		return false;
	}
	j->limit = r->until;
	return clock_now() < r->until;
}

static void work(struct dns_server *r)
{
	if (!atomic_exchange(&r->working, true))
		engine_submit(&r->job);
}

static void server_end(struct job *j)
{
	struct dns_server *r = JOB_OF(struct dns_server, job, j);

	r->working = false;
	if (clock_now() < r->until) /* in the last moment another datagram was announced */
		work(r);
}

static int bind_loopback(int fd, int family, struct addr *at)
{
	const struct addr any = {.kind = family == AF_INET6 ? ADDR_IPV6 : ADDR_IPV4,
				 .ip = {[0] = family == AF_INET6 ? 0 : 127, [3] = family == AF_INET6 ? 0 : 1, [15] = family == AF_INET6}};
	struct sockaddr_storage a;
	socklen_t len = addr_to_sockaddr(&any, &a, family);

	if (__extension__ sys.bind(fd, (struct sockaddr *)&a, len) || __extension__ sys.getsockname(fd, (struct sockaddr *)&a, &len))
		return -errno;
	return addr_from_sockaddr(at, (struct sockaddr *)&a, len) ? 0 : -EINVAL;
}

static struct dns_server *make(int family, int *rc)
{
	struct dns_server *r = pages_take_small(sizeof(*r));
	const int fd = own_socket(family, SOCK_DGRAM | SOCK_NONBLOCK);

	*rc = !r ? -ENOMEM : fd < 0 ? fd : fd_table_foreign() ? -ENETUNREACH : bind_loopback(fd, family, &r->at);
	if (*rc) {
		own_close(fd);
		return NULL;
	}
	r->pid = getpid();
	r->job = (struct job){.step = server_step, .end = server_end, .fd = fd};
	return r;
}

int dns_udp_server(int family, struct addr *relay)
{
	_Atomic(struct dns_server *) *const place = &servers[family == AF_INET6];
	struct dns_server *r = *place;
	int rc = 0;

	while (!r || r->pid != getpid()) {
		struct dns_server *fresh = make(family, &rc);
		if (!fresh)
			return rc;
		if (atomic_compare_exchange_strong(place, &r, fresh))
			r = fresh;
		else
			own_close(fresh->job.fd);
	}
	r->until = clock_in_ms(PATIENCE_MS);
	work(r);
	*relay = r->at;
	return 0;
}
