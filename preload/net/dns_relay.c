/* dns_relay: a SOCKS5 UDP relay inside this process that answers DNS queries. */
#include "net/dns_relay.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "base/pool.h"
#include "base/sys.h"
#include "net/clock.h"
#include "net/dns.h"
#include "net/dns_exchange.h"
#include "net/engine.h"
#include "net/private.h"
#include "net/sender.h"
#include "net/slot.h"

enum {
	PATIENCE_MS = 2000, /* from dns_relay() to the datagram */
	LINGER_MS = 50,     /* after a datagram */
	HEADER_MAX = 4 + 1 + 255 + 2,
	ATYP_IPV4 = 1, ATYP_NAME = 3, ATYP_IPV6 = 4,
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
static _Atomic(struct relay *) relays[2]; /* by family */

void dns_relay_use(const struct config *c)
{
	config = c;
}

/* One query that the server has to be asked. */
struct question {
	struct job job;
	struct dns_exchange *exchange;
	int rc, relay;
	size_t query_len, header_len;
	struct sockaddr_storage from;
	socklen_t from_len;
	uint8_t header[HEADER_MAX];
};

static struct question *question_of(struct job *j)
{
	return (struct question *)((char *)j - offsetof(struct question, job));
}

static void reply(int fd, const struct question *q, struct buf *answer)
{
	struct iovec parts[] = {{(void *)q->header, q->header_len}, {answer->at, answer->len}};
	const struct msghdr message = {
		.msg_name = (void *)&q->from, .msg_namelen = q->from_len, .msg_iov = parts, .msg_iovlen = 2};

	sys_sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void question_prepare(struct job *j)
{
	struct question *q = question_of(j);

	q->rc = dns_exchange_begin(q->exchange, config);
	if (q->rc == 0)
		q->rc = dns_exchange_resolve(q->exchange);
}

static void question_begin(struct job *j)
{
	struct question *q = question_of(j);

	if (q->rc == 0)
		j->fd = dns_exchange_connect(q->exchange);
	if (q->rc == 0 && j->fd < 0)
		q->rc = j->fd;
}

static bool question_step(struct job *j)
{
	struct question *q = question_of(j);

	if (q->rc < 0) /* it never began */
		return false;
	q->rc = dns_exchange_step(q->exchange, j->fd);
	j->limit = dns_exchange_limit(q->exchange);
	return q->rc > DIAL_DONE;
}

static void question_submit(struct question *q);

static void question_end(struct job *j)
{
	struct question *q = question_of(j);
	uint8_t bytes[DNS_UDP_LEAST];
	struct buf answer = {.at = bytes, .size = sizeof(bytes)};
	const uint8_t *const query = q->exchange->out + DNS_PREFIX;

	private_close(j->fd);
	if (dns_exchange_again(q->exchange, q->rc)) {
		question_submit(q);
		return;
	}
	if (q->rc == DIAL_DONE) {
		const struct slice whole = dns_exchange_answer(q->exchange, 0);
		answer = (struct buf){.at = whole.at, .size = whole.len, .len = whole.len};
		dns_fit_udp(query, q->query_len, &answer);
	} else {
		dns_fail(query, q->query_len, &answer);
	}
	reply(q->relay, q, &answer);
	dns_exchange_free(q->exchange);
	pages_free(q, sizeof(*q));
}

static void question_submit(struct question *q)
{
	q->job = (struct job){
		.prepare = question_prepare, .begin = question_begin, .step = question_step, .end = question_end, .fd = -1};
	engine_submit(&q->job);
}

/* Let the engine ask the server. */
static void ask(const struct question *from, const uint8_t *query)
{
	struct question *q = pages_take(sizeof(*q));

	if (!q)
		return;
	*q = *from;
	q->exchange = dns_exchange_new();
	if (!q->exchange || !dns_exchange_add(q->exchange, query, q->query_len)) {
		if (q->exchange)
			dns_exchange_free(q->exchange);
		pages_free(q, sizeof(*q));
		return;
	}
	question_submit(q);
}

/* The length of a datagram's header; 0 if it is none that we take. */
static size_t header_length(const uint8_t *at, size_t n)
{
	if (n < 5 || at[2] != 0)
		return 0;
	const size_t address = at[3] == ATYP_IPV4 ? 4 : at[3] == ATYP_IPV6 ? 16 : at[3] == ATYP_NAME ? 1u + at[4] : SIZE_MAX / 2;
	return 4 + address + 2 <= n ? 4 + address + 2 : 0;
}

static void serve(struct question *q, const uint8_t *datagram, size_t n)
{
	uint8_t bytes[DNS_UDP_LEAST];
	struct buf answer = {.at = bytes, .size = sizeof(bytes)};

	q->header_len = header_length(datagram, n);
	if (!q->header_len)
		return;
	memcpy(q->header, datagram, q->header_len);
	q->query_len = n - q->header_len;
	const int rc = dns_answer(config, datagram + q->header_len, q->query_len, &answer);
	if (rc == 0 && !answer.overflow)
		reply(q->relay, q, &answer);
	if (rc == DNS_ASK_SERVER)
		ask(q, datagram + q->header_len);
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
		struct question q = {.relay = j->fd, .from_len = sizeof(q.from)};
		n = recvfrom(j->fd, datagram, sizeof(datagram), MSG_DONTWAIT, (struct sockaddr *)&q.from, &q.from_len);
		if (n < 0)
			break;
		if (sender_is_ours(port_of(&q.from)))
			serve(&q, datagram, (size_t)n);
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
