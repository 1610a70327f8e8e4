/* SPDX-License-Identifier: MIT */
/* Who answers a query, and when the reply comes: at once, or from the engine. */
#include "core/dns/service.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/socket.h>

#include "core/names/placeholder.h"
#include "core/proto/dns_message.h"
#include "fd/table.h"
#include "tests/unit/names/test_placeholder.h"

static const struct route chain = {.kind = ROUTE_CHAIN, .name = "chain"}; /* but every server here is on loopback */
static struct config config;
static const struct app app = {.config = &config};

static uint8_t query_bytes[DNS_UDP_LEAST], answer_bytes[DNS_MESSAGE_MAX];
static size_t answer_len;
static int replies;
static sem_t replied;

static void take_reply(struct dns_transaction *t, struct slice answer)
{
	(void)t;
	memcpy(answer_bytes, answer.at, answer.len);
	answer_len = answer.len;
	replies++;
	sem_post(&replied);
}

static struct slice query(const char *name, uint16_t type)
{
	struct buf out = {.at = query_bytes, .size = sizeof(query_bytes)};

	EXPECT(dns_write_query(&out, 77, name, type));
	return (struct slice){out.at, out.len};
}

static struct dns_transaction transaction(struct slice bytes)
{
	return (struct dns_transaction){.app = &app, .query = bytes, .reply = take_reply};
}

static bool await_reply(void)
{
	struct timespec limit;

	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += 10;
	return sem_timedwait(&replied, &limit) == 0;
}

static unsigned rcode(void)
{
	return answer_len > 3 ? answer_bytes[3] & 15 : 99;
}

/* A socket on loopback, and its address. */
static int listen_on(int type, struct addr *at)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(in);
	const int fd = socket(AF_INET, type, 0);

	EXPECT(bind(fd, (struct sockaddr *)&in, len) == 0 && (type == SOCK_DGRAM || listen(fd, 5) == 0));
	EXPECT_INT(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	addr_from_sockaddr(at, (struct sockaddr *)&in, len);
	return fd;
}

static void close_server(struct addr *at)
{
	close(listen_on(SOCK_STREAM, at));
}

static void begin(void)
{
	config = ranges;
	config.chain = &chain;
	config.timeout_ms = config.hop_timeout_ms = 5000;
	placeholder_use(&config);
	close_server(&config.dns_server);
	sem_init(&replied, 0, 0);
}

static void ask_for_address(void)
{
	struct dns_answer a;
	struct addr name;

	begin();
	struct dns_transaction t = transaction(query("example.com", DNS_A));
	EXPECT_INT(dns_serve(&t), 0);
	EXPECT_INT(replies, 1);
	EXPECT(dns_read_answer(&a, answer_bytes, answer_len) && a.n == 1 && a.id == 77);
	EXPECT(placeholder_get(&a.addresses[0], &name));
	EXPECT_STR(name.name, "example.com");
}

TEST("what is known here is replied before dns_serve() returns")
{
	enter_runtime();
	in_child(ask_for_address);
	leave_runtime();
}

static void ask_nothing(void)
{
	begin();
	struct dns_transaction empty = transaction((struct slice){query_bytes, 0}), answer = transaction(query("example.com", DNS_A));
	EXPECT_INT(dns_serve(&empty), -EINVAL);
	query_bytes[2] |= 0x80;
	EXPECT_INT(dns_serve(&answer), -EINVAL);
	EXPECT_INT(replies, 0);
}

TEST("what is no query has no reply")
{
	in_child(ask_nothing);
}

static void ask_a_dead_server(void)
{
	begin();
	struct dns_transaction t = transaction(query("example.com", 16));
	EXPECT_INT(dns_serve(&t), DNS_LATER);
	EXPECT(await_reply());
	EXPECT_INT(rcode(), DNS_SERVFAIL);
	EXPECT_INT(answer_bytes[1], 77);
}

TEST("a server that cannot be reached is a SERVFAIL from the engine")
{
	in_child(ask_a_dead_server);
}

/* Answer one query over TCP, or one datagram, with the query and then `extra` bytes. */
struct server {
	int fd, type;
	size_t extra;
};

static void *answer_one(void *arg)
{
	static uint8_t bytes[DNS_MESSAGE_MAX + 2];
	const struct server *s = arg;
	struct sockaddr_in from;
	socklen_t len = sizeof(from);

	if (s->type == SOCK_DGRAM) {
		const ssize_t n = recvfrom(s->fd, bytes, DNS_UDP_LEAST, 0, (struct sockaddr *)&from, &len);
		bytes[2] |= 0x80;
		sendto(s->fd, bytes, (size_t)n + s->extra, 0, (struct sockaddr *)&from, len);
		return NULL;
	}
	const int end = accept(s->fd, NULL, NULL);
	recv(end, bytes, 2, MSG_WAITALL);
	const size_t n = (size_t)bytes[0] << 8 | bytes[1];
	recv(end, bytes + 2, n, MSG_WAITALL);
	bytes[0] = (uint8_t)((n + s->extra) >> 8);
	bytes[1] = (uint8_t)(n + s->extra);
	bytes[4] |= 0x80;
	send(end, bytes, 2 + n + s->extra, MSG_NOSIGNAL);
	close(end);
	return NULL;
}

/* Start a server of that type; its address. */
static struct addr start(struct server *s, pthread_t *thread)
{
	struct addr at;

	s->fd = listen_on(s->type, &at);
	EXPECT_INT(pthread_create(thread, NULL, answer_one, s), 0);
	return at;
}

static void ask_by(bool udp, size_t extra)
{
	struct server s = {.type = SOCK_STREAM, .extra = extra};
	pthread_t thread;

	begin();
	config.dns_server = start(&s, &thread);
	struct dns_transaction t = transaction(query("example.com", 16));
	t.udp = udp;
	EXPECT_INT(dns_serve(&t), DNS_LATER);
	EXPECT(await_reply());
	pthread_join(thread, NULL);
}

static void ask_by_tcp(void)
{
	ask_by(false, 5000);
	EXPECT_INT(answer_len, query("example.com", 16).len + 5000);
	EXPECT_INT(answer_bytes[2] & 2, 0);
}

TEST("the configured server's answer is replied whole")
{
	in_child(ask_by_tcp);
}

static void ask_by_udp(void)
{
	ask_by(true, 5000);
	EXPECT(answer_len < 5000);
	EXPECT_INT(answer_bytes[2] & 2, 2);
}

TEST("the configured server's answer to a query that came by UDP is cut to what the asker takes")
{
	in_child(ask_by_udp);
}

static void ask_direct_server(int type, size_t extra)
{
	struct server s = {.type = type, .extra = extra};
	pthread_t thread;

	begin();
	config.chain = &route_direct;
	struct dns_transaction t = transaction(query("example.com", DNS_A));
	t.route = &route_direct;
	t.server = start(&s, &thread);
	t.udp = type == SOCK_DGRAM;
	EXPECT_INT(dns_serve(&t), DNS_LATER);
	EXPECT(await_reply());
	pthread_join(thread, NULL);
	EXPECT_INT(answer_len, t.query.len + extra);
	EXPECT_INT(answer_bytes[1], 77);
	EXPECT_INT(answer_bytes[2] & 2, 0);
}

static void ask_direct_tcp(void)
{
	ask_direct_server(SOCK_STREAM, 3000);
}

static void ask_direct_udp(void)
{
	ask_direct_server(SOCK_DGRAM, 3000);
}

TEST("a name that goes directly is asked of the server that the program means, by TCP as by UDP, and its answer is replied as it is")
{
	in_child(ask_direct_tcp);
	in_child(ask_direct_udp);
}

static void ask_proxied_name(void)
{
	begin();
	struct dns_transaction t = transaction(query("example.com", DNS_A));
	t.route = &route_direct;
	close_server(&t.server);
	EXPECT_INT(dns_serve(&t), 0);
	EXPECT_INT(rcode(), DNS_NOERROR);
}

TEST("a name that does not go directly is not asked of the server that the program means")
{
	enter_runtime();
	in_child(ask_proxied_name);
	leave_runtime();
}

static void ask_mute_server(void)
{
	begin();
	config.chain = &route_direct;
	struct dns_transaction t = transaction(query("example.com", DNS_A));
	t.udp = true;
	t.route = &route_direct;
	close_server(&t.server); /* which the kernel tells at once */
	answer_len = 99;
	EXPECT_INT(dns_serve(&t), DNS_LATER);
	EXPECT(await_reply());
	EXPECT_INT(answer_len, 0);
}

TEST("a server of the program's that says nothing by UDP is an empty reply")
{
	in_child(ask_mute_server);
}

static void ask_chosen_server(bool udp)
{
	struct server s = {.type = SOCK_STREAM, .extra = 5000};
	pthread_t thread;

	begin();
	struct dns_transaction t = transaction(query("example.com", DNS_A));
	t.route = &chain;
	t.server = start(&s, &thread);
	t.udp = udp;
	EXPECT_INT(dns_serve(&t), DNS_LATER);
	EXPECT(await_reply());
	pthread_join(thread, NULL);
	EXPECT_INT(answer_bytes[1], 77);
	EXPECT(udp == (answer_len < 5000));
	EXPECT_INT(answer_bytes[2] & 2, udp ? 2 : 0);
	t.query = query("x.onion", 16);
	EXPECT_INT(dns_serve(&t), 0);
	EXPECT_INT(rcode(), DNS_NOERROR);
}

static void ask_chosen_server_for_tcp(void)
{
	ask_chosen_server(false);
}

static void ask_chosen_server_for_udp(void)
{
	ask_chosen_server(true);
}

TEST("a server behind a chain that the program chose is asked by TCP for everything but .onion, and its answer is cut for UDP")
{
	in_child(ask_chosen_server_for_tcp);
	in_child(ask_chosen_server_for_udp);
}

static void ask_dead_chosen_server(void)
{
	begin();
	struct dns_transaction t = transaction(query("example.com", DNS_A));
	t.route = &chain;
	close_server(&t.server);
	EXPECT_INT(dns_serve(&t), DNS_LATER);
	EXPECT(await_reply());
	EXPECT_INT(rcode(), DNS_SERVFAIL);
	t.udp = true;
	EXPECT_INT(dns_serve(&t), DNS_LATER);
	EXPECT(await_reply());
	EXPECT_INT(answer_len, 0);
}

TEST("a chosen server that cannot be reached is a SERVFAIL by TCP, and an empty reply by UDP")
{
	in_child(ask_dead_chosen_server);
}

static void ask_again(struct dns_transaction *t, struct slice answer)
{
	t->reply = take_reply;
	EXPECT(answer.len > 0);
	EXPECT_INT(dns_serve(t), DNS_LATER);
}

static void ask_twice(void)
{
	begin();
	struct dns_transaction t = transaction(query("example.com", 16));
	t.reply = ask_again;
	EXPECT_INT(dns_serve(&t), DNS_LATER);
	EXPECT(await_reply());
	EXPECT_INT(replies, 1);
	EXPECT_INT(rcode(), DNS_SERVFAIL);
}

TEST("a reply may begin another transaction in the same place")
{
	in_child(ask_twice);
}

static void ask_in_this_thread(void)
{
	struct server s = {.type = SOCK_STREAM, .extra = 700};
	struct buf out = {.at = answer_bytes, .size = sizeof(answer_bytes)};
	pthread_t thread;

	begin();
	config.dns_server = start(&s, &thread);
	const struct slice q = query("example.com", 16);
	EXPECT_INT(dns_ask(&app, NULL, NULL, q.at, q.len, &out), 0);
	EXPECT_INT(out.len, q.len + 700);
	pthread_join(thread, NULL);
	close(s.fd);
	out.len = 0;
	EXPECT_INT(dns_ask(&app, NULL, NULL, q.at, q.len, &out), 0);
	EXPECT_INT(answer_bytes[3] & 15, DNS_SERVFAIL);
	EXPECT_INT(dns_ask(&app, NULL, NULL, q.at, 5, &out), -EINVAL);
}

TEST("dns_ask() waits for the server's answer, SERVFAIL without one")
{
	in_child(ask_in_this_thread);
}
