/* dns_relay: a SOCKS5 UDP relay inside this process that answers DNS queries. */
#include "net/dns_relay.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "base/pool.h"
#include "base/sys.h"
#include "net/clock.h"
#include "net/dns.h"
#include "net/dns_question.h"
#include "net/engine.h"
#include "net/private.h"
#include "net/sender.h"
#include "net/slot.h"
#include "proto/dns_message.h"
#include "proto/socks5_addr.h"

enum {
	PATIENCE_MS = 2000, /* from dns_relay() to the datagram */
	LINGER_MS = 50,     /* after a datagram */
};

struct relay {
	struct job job; /* while `working` */
	atomic_bool working;
	_Atomic int64_t until; /* monotonic ns: a datagram is expected up to then */
	pid_t pid;
	struct addr at;
};

const struct via dns_relay_via = {.kind = VIA_CHAIN, .name = "dns"};

static const struct config *config;
static const char *program;
static _Atomic(struct relay *) relays[2]; /* by family */

void dns_relay_use(const struct config *c, const char *name)
{
	config = c;
	program = name;
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
	const struct destination to = {.addr = server, .udp = true, .program = program};

	return socks5_addr_get(server, header + 3, DNS_ORIGIN_HEADER - 3) > 0 && server->kind != ADDR_NAME &&
	       config_decide(config, &to).via->kind == VIA_DIRECT;
}

static void serve(struct dns_origin *o, const uint8_t *datagram, size_t n)
{
	uint8_t bytes[DNS_UDP_LEAST];
	struct buf answer = {.at = bytes, .size = sizeof(bytes)};
	struct addr server;

	o->header_len = header_length(datagram, n);
	if (!o->header_len)
		return;
	memcpy(o->header, datagram, o->header_len);
	const struct slice query = {(uint8_t *)datagram + o->header_len, n - o->header_len};
	if (is_direct(&server, o->header) && dns_is_direct(config, program, query.at, query.len)) {
		dns_question_forward(o, &server, query);
		return;
	}
	const int rc = dns_answer(config, query.at, query.len, &answer);
	if (rc == 0 && !answer.overflow)
		dns_origin_reply(o, &answer);
	if (rc == DNS_ASK_SERVER)
		dns_question_ask(o, config, query);
}

static uint16_t port_of(const struct sockaddr_storage *a)
{
	return ntohs(a->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)a)->sin6_port : ((const struct sockaddr_in *)a)->sin_port);
}

static struct relay *relay_of(struct job *j)
{
	return (struct relay *)((char *)j - offsetof(struct relay, job));
}

static void relay_begin(struct job *j)
{
	(void)j; /* its descriptor is there already */
}

static bool relay_step(struct job *j)
{
	static uint8_t datagram[4096]; /* only the engine's thread comes here */
	struct relay *r = relay_of(j);
	ssize_t n;

	for (;;) {
		struct dns_origin o = {.relay = j->fd, .from_len = sizeof(o.from)};
		n = recvfrom(j->fd, datagram, sizeof(datagram), MSG_DONTWAIT, (struct sockaddr *)&o.from, &o.from_len);
		if (n < 0)
			break;
		if (sender_is_ours(port_of(&o.from)))
			serve(&o, datagram, (size_t)n);
		r->until = clock_in_ms(LINGER_MS);
	}
	if (errno != EAGAIN && errno != EINTR && errno != ECONNREFUSED) { /* somebody closed it */
		atomic_compare_exchange_strong(&relays[r->at.kind == ADDR_IPV6], &r, NULL);
		return false;
	}
	j->limit = r->until;
	return clock_now() < r->until;
}

static void work(struct relay *r)
{
	if (!atomic_exchange(&r->working, true))
		engine_submit(&r->job);
}

static void relay_end(struct job *j)
{
	struct relay *r = relay_of(j);

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

	if (bind(fd, (struct sockaddr *)&a, len) || __extension__ sys.getsockname(fd, (struct sockaddr *)&a, &len))
		return -errno;
	return addr_from_sockaddr(at, (struct sockaddr *)&a, len) ? 0 : -EINVAL;
}

static struct relay *make(int family, int *rc)
{
	struct relay *r = pool_take(sizeof(*r));
	const int made = sys.socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	const int fd = made < 0 ? -errno : private_move(made);

	*rc = !r ? -ENOMEM : fd < 0 ? fd : slots_foreign() ? -ENETUNREACH : bind_loopback(fd, family, &r->at);
	if (*rc) {
		if (fd >= 0)
			private_close(fd);
		return NULL;
	}
	r->pid = getpid();
	r->job = (struct job){.begin = relay_begin, .step = relay_step, .end = relay_end, .fd = fd};
	return r;
}

int dns_relay(int family, struct addr *relay)
{
	_Atomic(struct relay *) *const place = &relays[family == AF_INET6];
	struct relay *r = *place;
	int rc = 0;

	while (!r || r->pid != getpid()) {
		struct relay *fresh = make(family, &rc);
		if (!fresh)
			return rc;
		if (atomic_compare_exchange_strong(place, &r, fresh))
			r = fresh;
		else
			private_close(fresh->job.fd);
	}
	r->until = clock_in_ms(PATIENCE_MS);
	work(r);
	*relay = r->at;
	return 0;
}
